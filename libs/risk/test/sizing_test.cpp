#include "remora/risk/sizing.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace remora::risk;

namespace {

amount kelly_at(double score, regime r, amount equity) { return wanted_size({}, {score, r, equity}); }

}  // namespace

TEST_CASE("row 67: one percent of 100,000 at two true ranges of 2.5 is 200 units") {
  instrument what;
  what.tick_size = {1, 2};
  what.lot_size = {1, 0};
  const amount loss = share_of(amount::units(100'000), 0.01);
  CHECK(size_at_stop(what, loss, price{2 * 250}).lots == 200);
  CHECK(size_at_stop(what, loss, price{2 * 250 + 1}).lots == 199);
}

TEST_CASE("no size at a stop that is nowhere, without anything to lose, or of an inverse contract") {
  instrument what;
  CHECK(size_at_stop(what, amount::units(1'000), {}).lots == 0);
  CHECK(size_at_stop(what, amount::units(1'000), price{-5}).lots == 0);
  CHECK(size_at_stop(what, {}, price{5}).lots == 0);
  CHECK(size_at_stop(what, amount::units(-1), price{5}).lots == 0);
  what.inverse = true;
  CHECK(size_at_stop(what, amount::units(1'000), price{5}).lots == 0);
}

TEST_CASE("Kelly sizing follows the blueprint's prior and the regime") {
  const amount equity = amount::units(10'000);
  // Score 0.7: p = 0.71, f* = 0.71 - 0.29 / 1.5, a quarter of it.
  CHECK(to_double(kelly_at(0.7, regime::normal, equity)) == doctest::Approx(1291.666667));
  CHECK(to_double(kelly_at(0.7, regime::high_volatility, equity)) == doctest::Approx(645.833333));
  CHECK(to_double(kelly_at(0.7, regime::trending, equity)) == doctest::Approx(1550.0));
  CHECK(to_double(kelly_at(0.0, regime::normal, equity)) == doctest::Approx(416.666667));
}

TEST_CASE("a wanted size stays between the smallest and the largest") {
  CHECK(kelly_at(1.0, regime::normal, amount::units(100'000)) == amount::units(10'000));
  CHECK(kelly_at(0.0, regime::normal, amount::units(1'000)) == amount::units(100));
  CHECK(kelly_at(7.0, regime::normal, amount::units(1'000)) == kelly_at(1.0, regime::normal, amount::units(1'000)));
}

TEST_CASE("without an edge or without equity nothing is wanted") {
  sizing_settings settings;
  settings.payoff_ratio = 0.5;  // p = 0.5 loses on average
  CHECK(wanted_size(settings, {0.0, regime::normal, amount::units(100'000)}) == amount{});
  CHECK(kelly_at(0.9, regime::normal, amount{}) == amount{});
  CHECK(kelly_at(0.9, regime::normal, amount::units(-5)) == amount{});
}

TEST_CASE("fixed sizing ignores score and regime but not the bounds") {
  sizing_settings settings;
  settings.method = sizing_method::fixed;
  CHECK(wanted_size(settings, {0.1, regime::high_volatility, amount::units(50'000)}) == amount::units(1'000));
  settings.fixed_size = amount::units(50'000);
  CHECK(wanted_size(settings, {0.1, regime::normal, amount::units(50'000)}) == amount::units(10'000));
}

TEST_CASE("a share of money is exact to a millionth of the share") {
  CHECK(share_of(amount::units(100'000), 0.05) == amount::units(5'000));
  CHECK(share_of(amount::units(-3), 0.5).nanos == -1'500'000'000);
  CHECK(share_of(amount{static_cast<int128>(1) << 110}, 3.0).nanos == (static_cast<int128>(3) << 110));
}
