#include "remora/sim/hawkes_arrivals.hpp"
#include "remora/sim/long_memory_signs.hpp"

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
