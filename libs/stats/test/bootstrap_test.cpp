#include "remora/stats/bootstrap.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <vector>

using namespace remora;

TEST_CASE("the bootstrap's interval of a mean covers it as often as it says") {
  constexpr int trials = 400;
  int covered = 0;
  philox draws(1), resampling(2);
  for (int t = 0; t < trials; ++t) {
    std::vector<double> samples(60);
    for (double& x : samples) x = 3 + draws.normal();
    covered += stats::bootstrap_mean(samples, 0.95, 400, resampling)->contains(3) ? 1 : 0;
  }
  const double error = std::sqrt(0.95 * 0.05 / trials);
  CHECK(std::abs(covered / static_cast<double>(trials) - 0.94) < 4 * error);  // percentiles of sixty samples cover a little less
}

TEST_CASE("samples that are all the same have no spread, and one sample has no interval") {
  philox draws(3);
  const std::vector<double> same(10, 2.5);
  CHECK(stats::bootstrap_mean(same, 0.95, 100, draws)->low == 2.5);
  CHECK(stats::bootstrap_mean(same, 0.95, 100, draws)->high == 2.5);
  CHECK_FALSE(stats::bootstrap_mean(std::vector<double>{1}, 0.95, 100, draws));
}
