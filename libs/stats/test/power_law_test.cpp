#include "remora/stats/power_law.hpp"

#include "blackouts.hpp"
#include "remora/base/random.hpp"
#include "remora/stats/kernels.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::stats;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Quantiles at (i - 1/2) / n of P(X > x) = x^(1 - alpha).
std::vector<double> pareto_grid(double alpha, std::size_t n) {
  std::vector<double> grid;
  for (std::size_t i = 1; i <= n; ++i) grid.push_back(std::pow(1 - (double(i) - .5) / double(n), -1 / (alpha - 1)));
  return grid;
}

}  // namespace

TEST_CASE("row 23: the exponent of a grid of a thousand quantiles") {
  const auto law = fit_power_law(pareto_grid(2.5, 1000), 1);
  REQUIRE(law);
  CHECK(law->tail == 1000);
  CHECK(std::abs(law->alpha - 2.50052) < 1e-4);
  CHECK(std::abs(law->error - .047451) < 1e-4);
}

TEST_CASE("row 24: the blackouts of Clauset, Shalizi and Newman") {
  const auto [mean, deviation] = mean_and_deviation(blackouts);
  CHECK(std::size(blackouts) == 211);
  CHECK(std::abs(mean / 253.87e3 - 1) < 1e-4);
  CHECK(std::abs(deviation / 610.31e3 - 1) < 1e-4);
  const auto law = fit_power_law(blackouts);
  REQUIRE(law);
  CHECK(law->x_min == 230'000);
  CHECK(law->tail == 59);
  CHECK(std::abs(law->alpha - 2.2726) < 1e-4);
  CHECK(std::abs(law->distance - .060674) < 1e-4);
}

TEST_CASE("row 25: Hill's index of the quantiles of Student's t with three degrees, and its bias") {
  const boost::math::students_t t(3);
  std::vector<double> grid;
  for (std::size_t i = 1; i <= 100'000; ++i) grid.push_back(i < 90'000 ? 0 : quantile(t, (double(i) - .5) / 1e5));  // the tail is enough
  const std::pair<std::size_t, double> reference[] = {{100, 2.9548}, {500, 2.8807}, {1000, 2.8118}, {5000, 2.4524}};
  for (const auto& [k, index] : reference) CHECK(std::abs(*hill_index(grid, k) - index) < 1e-3);
}

TEST_CASE("a tail's begin and exponent are found in a body that is not one") {
  philox draws(24);
  std::vector<double> values;
  for (int i = 0; i < 1'000; ++i) values.push_back(10 * draws.uniform());
  for (int i = 0; i < 1'000; ++i) values.push_back(10 * std::pow(draws.uniform(), -1 / 1.5));
  const auto law = fit_power_law(values);
  REQUIRE(law);
  CHECK(law->x_min > 9);
  CHECK(law->x_min < 15);
  CHECK(std::abs(law->alpha - 2.5) < 4 * law->error);
  CHECK(law->error < 0.07);
}

TEST_CASE("Hill's index and the exponent tell the same tail, whatever the unit") {
  auto grid = pareto_grid(2.5, 1000);
  const double index = *hill_index(grid, 100);
  const auto law = fit_power_law(grid, grid[899]);  // the hundredth largest counts itself in the exponent's tail
  CHECK(index == doctest::Approx(law->alpha - 1).epsilon(0.02));
  for (double& x : grid) x *= 1e6;
  CHECK(*hill_index(grid, 100) == doctest::Approx(index));
}

TEST_CASE("tails refuse what they cannot answer") {
  CHECK_FALSE(fit_power_law({}));
  CHECK_FALSE(fit_power_law(std::vector<double>{-1, -2, -3}));
  CHECK_FALSE(fit_power_law(std::vector<double>{2, 2, 2}));
  CHECK_FALSE(fit_power_law(std::vector<double>{1, 2, not_a_number}));
  CHECK_FALSE(fit_power_law(std::vector<double>{1, 2, 3}, 0));
  CHECK_FALSE(fit_power_law(std::vector<double>{1, 2, 3}, 3));
  CHECK_FALSE(fit_power_law(std::vector<double>{1, 2, 3}, not_a_number));
  CHECK_FALSE(hill_index(std::vector<double>{1, 2, 3}, 0));
  CHECK_FALSE(hill_index(std::vector<double>{1, 2, 3}, 3));
  CHECK_FALSE(hill_index(std::vector<double>{-1, 2, 3}, 2));
  CHECK_FALSE(hill_index(std::vector<double>{3, 3, 3}, 1));
  CHECK_FALSE(hill_index(std::vector<double>{1, not_a_number, 3}, 1));
}

TEST_CASE("a bounded search finds about where the values begin to follow the law, and needs a tail") {
  std::vector<double> x;
  for (int i = 0; i < 600; ++i) x.push_back(10 * std::pow(1 - (i + .5) / 600, -1 / 0.5));  // exponent 1.5
  for (int i = 0; i < 400; ++i) x.push_back(1 + 9 * i / 400.0);                           // uniform below
  const auto law = fit_power_law(x, {50, 50});
  REQUIRE(law);
  CHECK(law->x_min >= 8.5);
  CHECK(law->alpha == doctest::Approx(1.5).epsilon(0.04));
  CHECK_FALSE(fit_power_law(std::span(x).first(49), {50, 50}));
}
