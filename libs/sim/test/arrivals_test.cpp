#include "remora/sim/hawkes_arrivals.hpp"
#include "remora/sim/long_memory_signs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <doctest/doctest.h>
#include <vector>

using namespace remora;
using namespace remora::sim;
using doctest::Approx;

namespace {

hawkes_settings one_decay(double mean_rate, double branching) { return {mean_rate, branching, {1, 1, 1}, {1, 0, 0}}; }

struct counted {
  double mean = 0, variance = 0;
};

/// Arrivals in windows of that many seconds.
counted counts_of(const hawkes_settings& settings, double window, int windows) {
  hawkes_arrivals arrivals(settings);
  philox draws(17);
  std::vector<double> counts(static_cast<std::size_t>(windows));
  double now = 0;
  while ((now += arrivals.next(draws)) < window * windows) ++counts[static_cast<std::size_t>(now / window)];
  counted result;
  for (const double n : counts) result.mean += n / windows;
  for (const double n : counts) result.variance += (n - result.mean) * (n - result.mean) / (windows - 1);
  return result;
}

/// Arrivals in clusters, each the progeny of one spontaneous arrival: these come so seldom that a minute without any ends a cluster.
std::vector<int> cluster_sizes(double branching, std::size_t clusters) {
  constexpr double spontaneous = 1e-7;
  hawkes_arrivals arrivals(one_decay(spontaneous / (1 - branching), branching));
  philox draws(23);
  std::vector<int> sizes;
  while (sizes.size() <= clusters) {
    if (arrivals.next(draws) > 60) sizes.push_back(0);
    if (!sizes.empty()) ++sizes.back();
  }
  sizes.pop_back();  // the last one is not over
  return sizes;
}

struct borel_row {
  double branching, mean, variance, variance_tolerance;
  std::array<double, 5> probability;  // of 1, 2, 3, 5, 10
};

void check_clusters(const borel_row& row) {
  const std::vector<int> sizes = cluster_sizes(row.branching, 100'000);
  const auto n = static_cast<double>(sizes.size());
  double mean = 0, variance = 0;
  for (const int s : sizes) mean += s / n;
  for (const int s : sizes) variance += (s - mean) * (s - mean) / (n - 1);
  CHECK(std::abs(mean - row.mean) < 4 * std::sqrt(row.variance / n));
  CHECK(variance == Approx(row.variance).epsilon(row.variance_tolerance));
  CHECK(1 - 1 / mean == Approx(row.branching).epsilon(0.01));  // the most likely n, given the clusters
  const std::array<int, 5> at{1, 2, 3, 5, 10};
  for (std::size_t i = 0; i < at.size(); ++i) {
    CAPTURE(at[i]);
    const double p = row.probability[i], s = at[i];
    CHECK(std::exp((s - 1) * std::log(row.branching * s) - row.branching * s - std::lgamma(s + 1)) == Approx(p).epsilon(1e-4));
    const double found = static_cast<double>(std::count(sizes.begin(), sizes.end(), at[i])) / n;
    CHECK(std::abs(found - p) < 4 * std::sqrt(p * (1 - p) / n));
  }
}

double autocorrelation(const std::vector<double>& x, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < x.size(); ++i) sum += x[i] * x[i - lag];
  return sum / static_cast<double>(x.size() - lag);
}

}  // namespace

TEST_CASE("row 28: mean and variance of Hawkes counts, mu = 1, beta = 1, n = 0.5") {
  const counted in_10 = counts_of(one_decay(2, 0.5), 10, 20'000);
  CHECK(in_10.mean == Approx(20).epsilon(0.03));
  CHECK(in_10.variance == Approx(68.0809).epsilon(0.03));
  const counted in_100 = counts_of(one_decay(2, 0.5), 100, 20'000);
  CHECK(in_100.mean == Approx(200).epsilon(0.03));
  CHECK(in_100.variance == Approx(788.0).epsilon(0.03));
}

// The deviation of a variance follows from the law's fourth moment: 1.5 % and 4.3 % of it here.
TEST_CASE("row 26: clusters of n = 0.5 have Borel's sizes") {
  check_clusters({.5, 2, 4, .06, {.606531, .183940, .083674, .026720, .003627}});
}

TEST_CASE("row 27: clusters of n = 0.9 have Borel's sizes") {
  check_clusters({.9, 10, 900, .17, {.406570, .148769, .081655, .037962, .013176}});
}

TEST_CASE("row 29: variance of Hawkes counts, mu = 1, beta = 1, n = 0.8") {
  const counted in_10 = counts_of(one_decay(5, 0.8), 10, 40'000);
  CHECK(in_10.mean == Approx(50).epsilon(0.03));
  CHECK(in_10.variance == Approx(731.20).epsilon(0.06));
}

TEST_CASE("arrivals of several decays keep their rate, and their Fano factor is 1 / (1 - n)^2 in long windows") {
  const counted counts = counts_of({.rate = 20, .branching = 0.7}, 500, 600);
  CHECK(counts.mean == Approx(10'000).epsilon(0.01));
  CHECK(counts.variance / counts.mean == Approx(1 / (0.3 * 0.3)).epsilon(0.25));  // 4 deviations of 600 windows
}

TEST_CASE("without branching arrivals are Poisson") {
  const counted counts = counts_of({.rate = 5, .branching = 0}, 10, 20'000);
  CHECK(counts.mean == Approx(50).epsilon(0.01));
  CHECK(counts.variance == Approx(50).epsilon(0.05));
}

TEST_CASE("row 32: signs of one trader with P(L >= k) = k^-1.5") {
  long_memory_signs signs(1, 1.5);
  philox draws(4);
  std::vector<double> x(2'000'000);
  for (double& s : x) s = sign_of(signs.next(draws));
  const std::pair<std::size_t, double> exact[] = {{1, .61721}, {2, .48187}, {5, .32611}, {10, .23620}, {50, .10773}, {100, .07637}};
  for (const auto& [lag, value] : exact) {
    CAPTURE(lag);
    CHECK(autocorrelation(x, lag) == Approx(value).epsilon(0.1));
  }
}
