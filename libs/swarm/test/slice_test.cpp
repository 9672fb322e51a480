#include "remora/swarm/slice.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace remora;
using namespace remora::swarm;

namespace {

slice_view known(side direction = side::buy) {
  slice_view s;
  s.direction = direction;
  s.bid = price{1000};
  s.ask = price{1010};
  s.collar_low = {900};
  s.collar_high = {1100};
  s.deviation = 4;
  s.latency = 0.25;
  s.adverse_move = 3;
  s.fill_probability = 0.5;
  return s;
}

}  // namespace

TEST_CASE("a taking child reaches half a spread and twice the latency's deviation, at least a tick") {
  CHECK(reach_of(10, 4, 0.25) == 9);  // 5 + 2 * 4 * 0.5
  CHECK(reach_of(1, 0.5, 0.01) == 1);  // ⌈0.5 + 0.1⌉
  CHECK(reach_of(1, 10, 0.01) == 3);   // ⌈0.5 + 2⌉
  CHECK(reach_of(0, 0, 0) == 1);
  CHECK(reach_of(NAN, 1, 1) == 1);
  CHECK(reach_of(1e300, 1, 1) == 1'000'000);
}

TEST_CASE("a resting child is reached with the probability that a time's exponential volume covers its queue and itself") {
  CHECK(fill_probability_of({{60}, {40}, 10, 10}) == doctest::Approx(std::exp(-1.0)));
  CHECK(fill_probability_of({{0}, {0}, 10, 10}) == 1);
  CHECK(fill_probability_of({{10}, {10}, 0, 10}) == 0);
  CHECK(fill_probability_of({{10}, {10}, 10, 0}) == 0);
  CHECK(fill_probability_of({{10}, {10}, 5, 2}) < fill_probability_of({{10}, {10}, 5, 3}));
}

TEST_CASE("the style is chosen by expected cost: rest where the spread that may be earned exceeds what is lost to takers") {
  CHECK(*style_of(known()) == style{time_in_force::post_only, {1000}});  // 0.5 * 10 > 3
  CHECK(*style_of(known(side::sell)) == style{time_in_force::post_only, {1010}});
  slice_view s = known();
  s.adverse_move = 5;  // equal is not more
  CHECK(*style_of(s) == style{time_in_force::ioc, {1019}});
  s.direction = side::sell;
  CHECK(*style_of(s) == style{time_in_force::ioc, {991}});
  s = known();
  s.fill_probability = 0.2;
  CHECK(style_of(s)->force == time_in_force::ioc);
  s.patient = true;  // costs are known: patience does not decide
  CHECK(style_of(s)->force == time_in_force::ioc);
}

TEST_CASE("the fee that resting saves counts as the spread does") {
  slice_view s = known();
  s.adverse_move = 6;  // 0.5 * 10 is less
  CHECK(style_of(s)->force == time_in_force::ioc);
  s.fee_saved = 2;  // 0.5 * 12 is not more
  CHECK(style_of(s)->force == time_in_force::ioc);
  s.fee_saved = 2.1;
  CHECK(style_of(s)->force == time_in_force::post_only);
  s.adverse_move = 3;
  s.fee_saved = -5;  // where who makes pays more
  CHECK(style_of(s)->force == time_in_force::ioc);
  instrument what;
  what.maker_fee_e6 = -100;
  what.taker_fee_e6 = 500;
  CHECK(fee_saved_at(what, {10'000}) == doctest::Approx(6));
}

TEST_CASE("a parent that lags takes, except a patient one that does not know what that costs") {
  slice_view s = known();
  s.lags = true;
  CHECK(style_of(s)->force == time_in_force::ioc);
  s.patient = true;
  CHECK(style_of(s)->force == time_in_force::ioc);
  s.adverse_move.reset();
  CHECK(style_of(s)->force == time_in_force::post_only);
}

TEST_CASE("what must end is a market order that the collar's edge protects") {
  slice_view s = known();
  s.must_end = true;
  CHECK(*style_of(s) == style{time_in_force::market, {1100}});
  s.direction = side::sell;
  CHECK(*style_of(s) == style{time_in_force::market, {900}});
  s.bid = price{899};
  CHECK(!style_of(s));
}

TEST_CASE("without one of the estimates the patient rest and the others cross by the configured ticks") {
  for (int missing = 0; missing < 3; ++missing) {
    slice_view s = known();
    if (missing == 0) s.deviation.reset();
    if (missing == 1) s.adverse_move.reset();
    if (missing == 2) s.fill_probability.reset();
    s.patient = true;
    CHECK(*style_of(s) == style{time_in_force::post_only, {1000}});
    s.patient = false;
    CHECK(*style_of(s) == style{time_in_force::ioc, {missing == 0 ? 1012 : 1019}});
  }
}

TEST_CASE("limits stay inside the collar, and there is no style where the market is outside") {
  slice_view s = known();
  s.collar_high = {1015};
  s.fill_probability = 0;
  CHECK(style_of(s)->limit == price{1015});
  s.collar_high = {1009};
  CHECK(!style_of(s));
  s.fill_probability = 1;
  CHECK(style_of(s)->limit == price{1000});
  s.collar_high = {990};  // resting deeper is allowed
  CHECK(style_of(s)->limit == price{990});
  s.collar_low = {1001};
  s.collar_high = {1100};
  CHECK(!style_of(s));  // it would have to improve the touch
  s = known();
  s.ask.reset();
  s.bid.reset();
  CHECK(!style_of(s));
  s = known();
  s.collar_low = {1101};
  CHECK(!style_of(s));
}

TEST_CASE("nobody waits where nothing would be filled, nor because the market comes back") {
  using remora::swarm::rests_cheaper;
  CHECK_FALSE(rests_cheaper(0, 2, -3));
  CHECK_FALSE(rests_cheaper(0, 2, 0));
  CHECK(rests_cheaper(0.1, 2, -3));
  CHECK_FALSE(rests_cheaper(0.1, 0, -3));
}
