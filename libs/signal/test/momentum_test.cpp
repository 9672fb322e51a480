#include "continued.hpp"
#include "remora/base/random.hpp"
#include "remora/signal/momentum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

std::vector<stats::bar_range> random_bars(std::uint64_t seed, std::size_t count) {
  philox draws(seed);
  std::vector<stats::bar_range> bars;
  double close = 1e6;
  for (std::size_t i = 0; i < count; ++i) {
    close *= std::exp(1e-4 + 1e-3 * draws.normal());
    bars.push_back({close * (1 + 1e-3 * draws.uniform()), close * (1 - 1e-3 * draws.uniform()), close});
  }
  return bars;
}

momentum_settings twelve_and_twenty_six() {
  momentum_settings settings;
  settings.fast_period = 12;
  settings.slow_period = 26;
  settings.period = 60;
  return settings;
}

}  // namespace

TEST_CASE("momentum agrees with its definition on the last sixty returns, the averages with theirs in true ranges") {
  const auto bars = random_bars(4, 150);
  momentum moving(twelve_and_twenty_six());
  stats::ema fast(12), slow(26);
  stats::atr range(14);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    moving.add(bars[i]);
    fast.push(bars[i].close);
    slow.push(bars[i].close);
    range.push(bars[i]);
    if (i < 60) {
      CHECK_FALSE(moving.reading());
      continue;
    }
    const auto log_return = [&](std::size_t j) { return std::log(static_cast<long double>(bars[j].close) / bars[j - 1].close); };
    long double mean = 0, squares = 0;
    for (std::size_t j = i - 59; j <= i; ++j) mean += log_return(j) / 60;
    for (std::size_t j = i - 59; j <= i; ++j) squares += (log_return(j) - mean) * (log_return(j) - mean);
    const double m = static_cast<double>(mean / std::sqrt(squares / 59));
    REQUIRE(moving.reading());
    CHECK(moving.reading()->risk_adjusted == Approx(m).epsilon(1e-9));
    CHECK(moving.reading()->t == Approx(std::sqrt(60) * m).epsilon(1e-9));
    CHECK(moving.reading()->trend == Approx((*fast.value() - *slow.value()) / *range.value()));
  }
  CHECK(moving.count() == 150);
}

TEST_CASE("the deviation of momentum is not below one tick, so a creeping price is no certainty") {
  momentum moving;
  for (int i = 0; i < 60; ++i) moving.add(1e6 * std::exp(1e-8 * i));
  CHECK(moving.reading()->risk_adjusted == Approx(1e-8 * 1e6).epsilon(1e-3));
  CHECK(std::abs(moving.reading()->trend) < 1);
}

TEST_CASE("a price that stands still has no momentum, and a jump of a millionfold gives finite figures") {
  momentum moving;
  for (int i = 0; i < 60; ++i) moving.add(100);
  REQUIRE(moving.reading());
  CHECK(moving.reading()->t == 0);
  CHECK(moving.reading()->trend == 0);
  moving.add(1e8);
  CHECK(std::isfinite(moving.reading()->t));
  CHECK(std::isfinite(moving.reading()->trend));
  CHECK(moving.reading()->strength() <= 1);
}

TEST_CASE("momentum refuses what is no bar") {
  momentum moving;
  moving.add(100);
  const std::string before = state_of(moving);
  for (const double bad : {0.0, -1.0, not_a_number, infinite}) CHECK_FALSE(moving.add(bad));
  CHECK_FALSE(moving.add(stats::bar_range{100, 101, 100}));
  CHECK_FALSE(moving.add(stats::bar_range{101, 100, 99}));
  CHECK_FALSE(moving.add(stats::bar_range{101, 0, 100}));
  CHECK(state_of(moving) == before);
}

TEST_CASE("momentum goes on with the same bits after a restart") {
  CHECK(continues(momentum(twelve_and_twenty_six()), random_bars(5, 200), [](momentum& m, const stats::bar_range& bar) { m.add(bar); }));
}
