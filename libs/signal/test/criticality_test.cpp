#include "remora/signal/criticality.hpp"

#include "continued.hpp"
#include "remora/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// A Poisson count, by exponential gaps.
double poisson(philox& draws, double mean) {
  double n = -1;
  for (double t = 0; t < mean; t += draws.exponential()) ++n;
  return n;
}

activity_bar quiet_bar(philox& draws, double orders_a_bin = 0.5) {
  activity_bar bar;
  bar.log_return = 1e-4 * draws.normal();
  for (auto& n : bar.orders) n = static_cast<std::uint32_t>(poisson(draws, orders_a_bin));
  bar.volume = 10;
  bar.swept = 10 * draws.uniform() * draws.uniform();
  return bar;
}

std::vector<activity_bar> quiet_bars(int n) {
  philox draws(3);
  std::vector<activity_bar> bars;
  for (int i = 0; i < n; ++i) bars.push_back(quiet_bar(draws));
  return bars;
}

/// Mean of the branching ratio over a stream of counts, once it is warm.
template <class Next>
double mean_ratio(branching_ratio scale, Next next) {
  double sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    scale.push(next(i));
    if (i >= 1'000) sum += *scale.value() / 19'000;
  }
  return sum;
}

}  // namespace

TEST_CASE("counts without excitement have a branching ratio near 0, also when their rate swings with the time of day") {
  philox draws(1);
  const branching_ratio scale({.mean = 60, .variance = 600});
  CHECK(mean_ratio(scale, [&](int) { return poisson(draws, 10); }) < 0.03);
  const auto swinging = [&](int i) { return poisson(draws, 10 + 5 * std::sin(i / 1'000.0)); };
  CHECK(mean_ratio(scale, swinging) < 0.03);  // 1 - √(mean / variance) of all its counts would be 0.33
}

TEST_CASE("clusters of k orders at once have variance k times the mean, and the ratio that belongs to it") {
  philox draws(2);
  const auto clusters = [&](int) { return 9 * poisson(draws, 5); };
  CHECK(mean_ratio(branching_ratio({.mean = 600, .variance = 600}), clusters) == Approx(2.0 / 3).epsilon(0.02));
}

TEST_CASE("a branching ratio takes counts only, and none comes before it is warm") {
  branching_ratio scale({.mean = 4, .variance = 3});
  for (const double bad : {-1.0, not_a_number, infinity}) CHECK_FALSE(scale.push(bad));
  CHECK(scale.count() == 0);
  for (const double c : {5.0, 3.0, 4.0}) {
    CHECK_FALSE(scale.value());
    CHECK(scale.push(c));
  }
  CHECK(scale.push(5));
  CHECK(*scale.value() == 0);  // varies less than a Poisson process
  CHECK(*scale.fano() < 1);
}

TEST_CASE("avalanches are runs above a threshold, which is the median of the stretch before") {
  avalanches a({.first_stretch = 5, .stretch = 1'000, .kept = 60, .fit_every = 100});
  for (const double x : {1.0, 5.0, 2.0, 1.0, 9.0}) CHECK(a.push(x));
  REQUIRE(a.threshold());
  CHECK(*a.threshold() == Approx(2).epsilon(0.01));
  CHECK_FALSE(a.push(-1));
  CHECK_FALSE(a.push(not_a_number));
  CHECK(a.count() == 5);
  CHECK_FALSE(a.exponent());
}

TEST_CASE("the exponent of avalanches with a power law of sizes is that law's") {
  avalanches a({.first_stretch = 11, .stretch = 1'000'000, .kept = 2'000, .fit_every = 100});
  for (int i = 0; i < 11; ++i) a.push(1);
  philox draws(6);
  for (int i = 0; i < 2'000; ++i) {
    const double size = std::pow(draws.uniform(), -1 / 0.5);  // p(S) ∝ S^-1.5
    if (size > 1e12) continue;
    a.push(*a.threshold() + size / 2);
    a.push(*a.threshold() + size / 2);
    a.push(0);
  }
  REQUIRE(a.exponent());
  CHECK(*a.exponent() == Approx(1.5).epsilon(4 * 0.5 / std::sqrt(1'000.0)));  // 4 deviations of a tail of half the sizes
}

TEST_CASE("a score of independent measures is uniform, and so is one of measures that are all the same") {
  for (const bool same : {false, true}) {
    CAPTURE(same);
    philox draws(4);
    rank_score score(1'000);
    std::vector<int> tenths(10);
    constexpr int n = 30'000;
    for (int i = 0; i < n; ++i) {
      rank_score::values measured;
      for (auto& m : measured) m = draws.exponential();
      if (same) measured.fill(measured[0]);
      const auto s = score.add(measured);
      if (i >= 2'000) ++tenths[static_cast<std::size_t>(std::min(9.0, *s * 10))];
    }
    for (const int t : tenths) CHECK(std::abs(t - (n - 2'000) / 10) < 300);  // 6 deviations: ranks of one window hang together
  }
}

TEST_CASE("a score rises with each measure, and leaves out what is not there") {
  for (std::size_t which = 0; which < rank_score::measures; ++which) {
    philox draws(5);
    rank_score score(500);
    rank_score::values measured;
    for (int i = 0; i < 2'000; ++i) {
      for (auto& m : measured) m = draws.uniform();
      score.add(measured);
    }
    measured.fill(0.5);
    rank_score raised = score, alone = score;
    const double before = *score.add(measured);
    CHECK(before == Approx(0.5).epsilon(0.15));
    measured[which] = 0.99;
    CHECK(*raised.add(measured) > before + 0.03);
    measured.fill(std::nullopt);
    measured[which] = 0.99;
    CHECK(*alone.add(measured) == Approx(0.99).epsilon(0.02));  // its own rank
  }
  rank_score nothing(500);
  CHECK_FALSE(nothing.add({}));
  CHECK(nothing.count() == 1);
}

TEST_CASE("a bar that holds nonsense changes nothing of criticality") {
  philox draws(8);
  criticality critical;
  for (int i = 0; i < 700; ++i) critical.add(quiet_bar(draws));
  const std::string before = state_of(critical);
  activity_bar bar = quiet_bar(draws);
  for (const double bad : {not_a_number, infinity, -infinity}) {
    bar.log_return = bad;
    CHECK_FALSE(critical.add(bar));
  }
  bar.log_return = 0;
  bar.volume = not_a_number;
  CHECK_FALSE(critical.add(bar));
  bar.volume = 5;
  for (const double bad : {-1.0, 6.0, not_a_number}) {
    bar.swept = bad;
    CHECK_FALSE(critical.add(bar));
  }
  CHECK(state_of(critical) == before);
  CHECK(critical.count() == 700);
}

TEST_CASE("there is no score before the warm-up, then every figure behind it is there") {
  philox draws(9);
  criticality critical({.warm_up = 600});
  for (int i = 0; i < 599; ++i) critical.add(quiet_bar(draws));
  CHECK_FALSE(critical.reading().soc);
  for (int i = 0; i < 200; ++i) critical.add(quiet_bar(draws));
  const criticality_reading found = critical.reading();
  REQUIRE(found.soc);
  CHECK(found.count == 799);
  for (const auto& n : found.branching) CHECK(n.value() < 0.3);
  CHECK(*found.fano == Approx(1).epsilon(0.5));
  CHECK(std::abs(*found.autocorrelation) < 0.5);
  CHECK(*found.variance_ratio == Approx(1).epsilon(0.5));
  CHECK(*found.avalanche_exponent > 1);
  CHECK(*found.sweep_share == Approx(0.25).epsilon(0.5));
  for (const auto& rank : found.ranks) CHECK(rank.has_value());
}

TEST_CASE("a market in which nothing happens has no score and breaks nothing") {
  criticality critical;
  for (int i = 0; i < 2'000; ++i) CHECK(critical.add({}));
  CHECK_FALSE(critical.soc().value_or(0.5) > 0.8);
  CHECK_FALSE(critical.reading().sweep_share);
  CHECK_FALSE(critical.reading().variance_ratio);
}

TEST_CASE("criticality and its parts go on from a checkpoint as if they had never stopped") {
  CHECK(continues(criticality(), quiet_bars(1'500), [](criticality& c, const activity_bar& bar) { c.add(bar); }));
  std::vector<double> counts;
  philox draws(10);
  for (int i = 0; i < 3'000; ++i) counts.push_back(poisson(draws, 3));
  CHECK(continues(branching_ratio(), counts, [](branching_ratio& b, double c) { b.push(c); }));
  CHECK(continues(avalanches(), counts, [](avalanches& a, double c) { a.push(c); }));
}
