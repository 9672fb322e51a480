#include "remora/swarm/pause.hpp"

#include <doctest/doctest.h>

using namespace remora::swarm;

TEST_CASE("a spread over five times its median pauses, and its median is a tick at least") {
  CHECK(!pause_of({10, 2, {}, 0, 0, {}}));
  CHECK(*pause_of({11, 2, {}, 0, 0, {}}) == "the spread of 11 ticks is over 5 times its median");
  CHECK(!pause_of({5, 0, {}, 0, 0, {}}));
  CHECK(!pause_of({1000, {}, {}, 0, 0, {}}));
  CHECK(!pause_of({{}, 2, {}, 0, 0, {}}));
}

TEST_CASE("slippage over twice its model pauses as long as the market is still there") {
  CHECK(modelled_slippage(4, 3, 4) == 8);  // 2 + 3 * 2
  CHECK(!pause_of({4, 4, 3, 4, 16, 30}));
  CHECK(*pause_of({4, 4, 3, 4, 16.5, 30}) == "the slippage of 16.5 ticks is over 2 times the model");
  CHECK(!pause_of({4, 4, 3, 4, 16.5, 10}));  // it came back
  CHECK(!pause_of({4, 4, 3, 9, 16.5, 30}));  // with time a market moves
  CHECK(!pause_of({4, 4, {}, 4, 100, 100}));
  CHECK(!pause_of({4, {}, 3, 4, 100, 100}));
}
