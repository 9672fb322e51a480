#include "remora/exchange/queue_position.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>
#include <initializer_list>

using namespace remora;
using namespace remora::exchange;

namespace {

struct row {
  queue_rule rule;
  double shrunk;  ///< front of 40 in a level that went from 100 to 80 without a print
  double traded;  ///< front of 40, a print of 5, then the level from 100 to 75
};

constexpr row rows[] = {
    {{queue_model::risk_averse, 1}, 40, 35},
    {{queue_model::power_1, 1}, 32, 28},
    {{queue_model::power_1, 2}, 33.846154, 30.504587},
    {{queue_model::power_1, 3}, 35.428571, 32.299213},
    {{queue_model::log_1, 1}, 30.507770, 25.779779},
    {{queue_model::log_2, 1}, 37.814806, 33.156209},
    {{queue_model::power_2, 2}, 27.2, 23.45},
    {{queue_model::power_3, 3}, 38.72, 34.1425},
};

/// 40 in front of us and 60 behind, as after 60 joined.
queue_position forty_of_a_hundred(const queue_rule& rule) {
  queue_position at(40);
  at.show(100, rule);
  return at;
}

}  // namespace

TEST_CASE("row 83: the queue models on a level that shrinks, with and without a print before") {
  for (const row& each : rows) {
    queue_position still = forty_of_a_hundred(each.rule);
    still.show(80, each.rule);
    CHECK(still.front() == doctest::Approx(each.shrunk).epsilon(1e-7));
    queue_position traded = forty_of_a_hundred(each.rule);
    CHECK(traded.trade(5) == 0);
    traded.show(75, each.rule);
    CHECK(traded.front() == doctest::Approx(each.traded).epsilon(1e-7));
  }
}

TEST_CASE("a queue that shrinks faster than it can leaves nothing negative in front, and a print fills no more than itself") {
  for (const row& each : rows) {
    queue_position at = forty_of_a_hundred(each.rule);
    at.show(30, each.rule);
    CHECK(at.front() >= 0);
    CHECK(at.front() <= 30);
    const auto reached = at.trade(1'000);
    CHECK(reached <= 1'000);
    CHECK(at.front() == 0);
    at.show(0, each.rule);
    CHECK(at.trade(7) == 7);
  }
}

TEST_CASE("whatever a level does, the front stays between nothing and what is shown, and no model is more patient than the risk-averse") {
  philox draws(1);
  for (const row& each : rows) {
    queue_position at(50), averse(50);
    std::int64_t shown = 50;
    for (int step = 0; step < 2'000; ++step) {
      if (draws.below(2) == 0) {
        const auto lots = std::min<std::int64_t>(shown, static_cast<std::int64_t>(draws.below(20)));
        at.trade(lots);
        averse.trade(lots);
        shown -= lots;
      } else {
        shown = static_cast<std::int64_t>(draws.below(200));
      }
      at.show(shown, each.rule);
      averse.show(shown, {});
      REQUIRE(at.front() >= 0);
      REQUIRE(at.front() <= static_cast<double>(shown));
      REQUIRE(at.front() <= averse.front() + 1e-9);
    }
  }
}
