#include "remora/signal/criticality.hpp"
#include "remora/sim/regime_market.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <vector>

using namespace remora;

namespace {

signal::activity_bar seen(const sim::regime_bar& bar) { return {bar.log_return, bar.orders, bar.volume, bar.swept}; }

/// NORMAL for ever, until it is told to enter CRISIS, in which only n differs.
sim::regime_market only_branching(std::uint64_t seed) {
  sim::regime_market_settings settings{.seed = seed, .mean_dwell = sim::regime_market_settings::forever};
  settings.phases[3] = {.branching = 0.95};
  return sim::regime_market(settings);
}

/// P(D > distance) of Kolmogorov's statistic for n independent values, by Stephens' approximation.
double kolmogorov_p(double distance, double n) {
  const double x = (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n)) * distance;
  double p = 0;
  for (int k = 1; k < 50; ++k) p += (k % 2 == 1 ? 2 : -2) * std::exp(-2 * x * x * k * k);
  return p;
}

double distance_from_uniform(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    largest = std::max({largest, std::abs(values[i] - static_cast<double>(i) / n), std::abs(values[i] - static_cast<double>(i + 1) / n)});
  return largest;
}

}  // namespace

TEST_CASE("while a market stays what it was, soc is uniform: above 0.8 for a fifth of the time") {
  sim::regime_market market = only_branching(1);
  signal::criticality critical;
  constexpr int warm_up = 7'200, bars = 300'000, apart = 400;  // the slowest of its measures has forgotten after 400 bars
  std::vector<double> thinned;
  int high = 0;
  for (int i = 0; i < warm_up + bars; ++i) {
    critical.add(seen(market.next()));
    if (i < warm_up) continue;
    high += *critical.soc() > 0.8 ? 1 : 0;
    if (i % apart == 0) thinned.push_back(*critical.soc());
  }
  const double share = high / double{bars}, p = kolmogorov_p(distance_from_uniform(thinned), static_cast<double>(thinned.size()));
  fmt::print("stationary, n = 0.5: soc above 0.8 on {:.4f} of {} bars, KS p {:.3f} of {} values\n", share, bars, p, thinned.size());
  CHECK(std::abs(share - 0.20) < 0.02);
  CHECK(p > 0.01);
}

TEST_CASE("when n goes from 0.5 to 0.95 the median soc is above 0.8 within 60 bars, and the branching ratios rise") {
  constexpr int markets = 15;
  std::vector<double> after_60;
  for (std::uint64_t seed = 1; seed <= markets; ++seed) {
    sim::regime_market market = only_branching(seed);
    signal::criticality critical;
    for (int i = 0; i < 7'200; ++i) critical.add(seen(market.next()));
    const auto before = critical.reading();
    market.enter(regime::crisis);
    for (int i = 0; i < 60; ++i) critical.add(seen(market.next()));
    const auto after = critical.reading();
    after_60.push_back(*after.soc);
    for (std::size_t scale = 0; scale < 3; ++scale) CHECK(*after.branching[scale] > *before.branching[scale]);
    CHECK(*after.branching[1] > 0.6);
  }
  std::nth_element(after_60.begin(), after_60.begin() + markets / 2, after_60.end());
  fmt::print("60 bars after n went from 0.5 to 0.95 the median soc of {} markets is {:.4f}\n", markets, after_60[markets / 2]);
  CHECK(after_60[markets / 2] > 0.8);
}
