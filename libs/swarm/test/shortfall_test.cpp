#include "remora/swarm/shortfall.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::swarm;

namespace {

/// A tick is a tenth, a lot is one.
instrument plain() {
  instrument what;
  what.tick_size = {1, 1};
  what.lot_size = {1, 0};
  return what;
}

worked_order thousand(side direction = side::buy) {
  return {.direction = direction, .size = {1000}, .decision = {1000}, .arrival = {1002}, .end = {1010}, .fees = amount::units(7)};
}

const std::vector<paid> two_fills{{{1003}, {300}}, {{1006}, {400}}};

}  // namespace

TEST_CASE("row 51: the shortfall of a buy that was filled by seven tenths") {
  const auto cost = shortfall_of(plain(), thousand(), two_fills);
  REQUIRE(cost);
  CHECK(cost->delay == amount::units(140));
  CHECK(cost->trading == amount::units(190));
  CHECK(cost->opportunity == amount::units(300));
  CHECK(cost->fees == amount::units(7));
  CHECK(cost->total() == amount::units(637));
}

TEST_CASE("a sell in the same market gains what the buy loses, but for the fees") {
  const auto gain = shortfall_of(plain(), thousand(side::sell), two_fills);
  CHECK(gain->total() == amount::units(-630 + 7));
}

TEST_CASE("the parts are paper less real for any order, exactly") {
  philox draws(51);
  for (int run = 0; run < 200; ++run) {
    const auto any_price = [&] { return price{900 + static_cast<std::int64_t>(draws.below(200))}; };
    const worked_order order{.direction = draws.below(2) == 0 ? side::buy : side::sell, .size = {1000}, .decision = any_price(),
                             .arrival = any_price(), .end = any_price(), .fees = amount::units(3)};
    std::vector<paid> fills;
    for (int i = 0; i < 5; ++i) fills.push_back({any_price(), {1 + static_cast<std::int64_t>(draws.below(200))}});
    std::int64_t real = 0;  // in tenths
    for (const paid& fill : fills) real += sign_of(order.direction) * fill.size.lots * (order.end.ticks - fill.at.ticks);
    const std::int64_t paper = sign_of(order.direction) * 1000 * (order.end.ticks - order.decision.ticks);
    CHECK(shortfall_of(plain(), order, fills)->total() == amount{int128{paper - real} * amount::one / 10} + amount::units(3));
  }
}

TEST_CASE("an order without fills misses the whole move, and impossible fills are refused") {
  CHECK(shortfall_of(plain(), thousand(), {})->total() == amount::units(1'007));
  CHECK(shortfall_of(plain(), thousand(), std::vector<paid>{{{1000}, {1001}}}).error().code == errc::out_of_range);
  CHECK(shortfall_of(plain(), thousand(), std::vector<paid>{{{1000}, {0}}}).error().code == errc::out_of_range);
}

TEST_CASE("the shortfall of an inverse contract is its coin at the end's price, and its parts are paper less real") {
  instrument what = plain();
  what.inverse = true;
  what.multiplier = {100, 0};
  philox draws(52);
  for (int run = 0; run < 200; ++run) {
    const auto any_price = [&] { return price{900 + static_cast<std::int64_t>(draws.below(200))}; };
    const worked_order order{.direction = draws.below(2) == 0 ? side::buy : side::sell, .size = {1000}, .decision = any_price(),
                             .arrival = any_price(), .end = any_price(), .fees = amount::units(3)};
    std::vector<paid> fills;
    for (int i = 0; i < 5; ++i) fills.push_back({any_price(), {1 + static_cast<std::int64_t>(draws.below(200))}});
    const auto coin = [&](price from, std::int64_t lots) {  // held from there to the end
      return sign_of(order.direction) * 100. * static_cast<double>(lots) * (1. / static_cast<double>(from.ticks) - 1. / static_cast<double>(order.end.ticks));
    };
    double real = 0;
    for (const paid& fill : fills) real += coin(fill.at, fill.size.lots);
    const double lost = (coin(order.decision, 1000) - real) * static_cast<double>(order.end.ticks) + 3;
    CHECK(to_double(shortfall_of(what, order, fills)->total()) == doctest::Approx(lost).epsilon(1e-9));
  }
  const worked_order impossible{.size = {1}, .decision = {0}, .arrival = {1}, .end = {1}, .fees = {}};
  CHECK(shortfall_of(what, impossible, {}).error().code == errc::out_of_range);
}
