#include "remora/sim/regime_market.hpp"

#include <array>
#include <cmath>
#include <doctest/doctest.h>
#include <numeric>

using namespace remora;
using namespace remora::sim;
using doctest::Approx;

namespace {

std::size_t place_of(regime r) { return static_cast<std::size_t>(r) - 1; }

struct seen {
  double bars = 0, returns = 0, squares = 0, orders = 0, volume = 0, swept = 0;
};

/// What bars of each label were.
std::array<seen, 4> watch(regime_market& market, int bars) {
  std::array<seen, 4> by{};
  for (int i = 0; i < bars; ++i) {
    const regime_bar& bar = market.next();
    seen& s = by[place_of(bar.label)];
    ++s.bars;
    s.returns += bar.log_return;
    s.squares += bar.log_return * bar.log_return;
    s.orders += std::accumulate(bar.orders.begin(), bar.orders.end(), 0.0);
    s.volume += bar.volume;
    s.swept += bar.swept;
  }
  return by;
}

/// A market that stays in the state it is put in.
regime_market still(regime label, std::uint64_t seed) {
  regime_market market({.seed = seed, .mean_dwell = regime_market_settings::forever});
  market.enter(label);
  return market;
}

}  // namespace

TEST_CASE("states last 600 bars on average, and each is followed by any other alike") {
  regime_market market({.seed = 5, .orders_per_second = 0.01});
  std::array<std::array<double, 4>, 4> followed{};
  std::size_t before = 0;
  double stays = 0;
  constexpr int bars = 1'500'000;
  for (int i = 0; i < bars; ++i) {
    const regime_bar& bar = market.next();
    if (bar.age == 0 && i > 0) ++followed[before][place_of(bar.label)], ++stays;
    before = place_of(bar.label);
  }
  CHECK(std::abs(bars / stays - 600) < 4 * 600 / std::sqrt(stays));  // geometric: the deviation is the mean
  for (std::size_t from = 0; from < 4; ++from) {
    CHECK(followed[from][from] == 0);
    for (std::size_t to = 0; to < 4; ++to)
      if (to != from) CHECK(std::abs(followed[from][to] - stays / 12) < 4 * std::sqrt(stays / 12));
  }
}

TEST_CASE("returns have the deviation and the drift of their state") {
  const struct { regime label; double deviation, drift; } rows[] = {
      {regime::normal, 1e-4, 0}, {regime::high_volatility, 3e-4, 0}, {regime::crisis, 4e-4, -0.3}};
  for (const auto& row : rows) {
    CAPTURE(name_of(row.label));
    regime_market market = still(row.label, 3);
    constexpr int bars = 20'000;
    const seen s = watch(market, bars)[place_of(row.label)];
    const double mean = s.returns / bars, deviation = std::sqrt(s.squares / bars - mean * mean);
    CHECK(deviation == Approx(row.deviation).epsilon(4 / std::sqrt(2.0 * bars)));
    CHECK(std::abs(mean / row.deviation - row.drift) < 4 / std::sqrt(double{bars}));
  }
}

TEST_CASE("a trend is a drift of 0.15 deviations, up in some stays and down in others") {
  int up = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    regime_market market = still(regime::trending, seed);
    const double drift = watch(market, 4'000)[place_of(regime::trending)].returns / 4'000 / 1e-4;
    CHECK(std::abs(std::abs(drift) - 0.15) < 4 / std::sqrt(4'000.0));
    up += drift > 0 ? 1 : 0;
  }
  CHECK(up > 7);
  CHECK(up < 33);  // 4 deviations of 40 even draws
}

TEST_CASE("only n changes the flow of orders: the rate is 10 a second, and 100 in a crisis, where depth is a fifth") {
  regime_market calm = still(regime::high_volatility, 8), crisis = still(regime::crisis, 8);
  watch(crisis, 600);  // until the excitement is there
  const seen a = watch(calm, 20'000)[place_of(regime::high_volatility)], b = watch(crisis, 40'000)[place_of(regime::crisis)];
  CHECK(a.orders / a.bars == Approx(10).epsilon(0.02));
  CHECK(b.orders / b.bars == Approx(100).epsilon(0.04));  // Fano 400: 4 deviations of 40,000 s
  CHECK(b.swept / b.volume > 1.5 * a.swept / a.volume);
}

TEST_CASE("the same seed gives the same market, and the range of a bar holds its return") {
  regime_market one({.seed = 11}), same({.seed = 11}), other({.seed = 12});
  bool differs = false;
  for (int i = 0; i < 3'000; ++i) {
    const regime_bar &a = one.next(), &b = same.next(), &c = other.next();
    REQUIRE(a.label == b.label);
    REQUIRE(a.log_return == b.log_return);
    REQUIRE(a.orders == b.orders);
    REQUIRE(a.volume == b.volume);
    REQUIRE(a.swept == b.swept);
    REQUIRE(a.range >= std::abs(a.log_return));
    differs = differs || a.log_return != c.log_return;
  }
  CHECK(differs);
}
