#include "remora/stats/power_law.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <vector>

using namespace remora::stats;
using doctest::Approx;

namespace {

/// Quantiles of p(x) ∝ x^-exponent from `from` on.
std::vector<double> grid(double exponent, double from, int n) {
  std::vector<double> x;
  for (int i = 0; i < n; ++i) x.push_back(from * std::pow(1 - (i + .5) / n, -1 / (exponent - 1)));
  return x;
}

}  // namespace

TEST_CASE("row 23: the exponent of a grid of alpha = 2.5, and its standard error") {
  const auto law = fit_power_law(grid(2.5, 1, 1000), 1);
  REQUIRE(law);
  CHECK(law->exponent == Approx(2.50052).epsilon(1e-5));
  CHECK(law->standard_error() == Approx(.047451).epsilon(1e-4));
  CHECK(law->values == 1000);
  CHECK(law->distance < 1e-3);
}

TEST_CASE("the beginning of a tail is found where the values begin to follow the law") {
  std::vector<double> x = grid(1.5, 10, 600);
  for (int i = 0; i < 400; ++i) x.push_back(1 + 9 * i / 400.0);  // uniform below
  std::sort(x.begin(), x.end());
  const auto law = fit_power_law(x);
  REQUIRE(law);
  CHECK(law->from >= 9);
  CHECK(law->exponent == Approx(1.5).epsilon(0.03));
}

TEST_CASE("too few values, equal ones and a beginning that is not positive have no exponent") {
  CHECK_FALSE(fit_power_law(grid(2, 1, 49)));
  CHECK(fit_power_law(grid(2, 1, 50)));
  CHECK_FALSE(fit_power_law(std::vector<double>(200, 3.0)));
  CHECK_FALSE(fit_power_law(grid(2, 1, 100), 0));
  CHECK_FALSE(fit_power_law(grid(2, 1, 100), std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(fit_power_law({}, 1));
}
