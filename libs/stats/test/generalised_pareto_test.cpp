#include "remora/base/random.hpp"
#include "remora/stats/generalised_pareto.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

std::vector<double> grid_of(const generalised_pareto& law, int count = 200) {
  std::vector<double> values;
  for (int i = 1; i <= count; ++i) values.push_back(law.quantile(1 - (i - 0.5) / count));
  return values;
}

}  // namespace

TEST_CASE("row 9: maximum likelihood on the grid of shape 0.25, scale 1") {
  const auto fit = fit_generalised_pareto(grid_of({0.25, 1}));
  REQUIRE(fit);
  CHECK(fit->shape == Approx(0.241402).epsilon(1e-3));
  CHECK(fit->scale == Approx(1.006499).epsilon(1e-3));
}

TEST_CASE("row 10: on the exponential grid") {
  const auto fit = fit_generalised_pareto(grid_of({0, 1}));
  REQUIRE(fit);
  CHECK(fit->shape == Approx(-0.010462).epsilon(1e-2));
  CHECK(fit->scale == Approx(1.008698).epsilon(1e-3));
}

TEST_CASE("row 8: quantiles of Pareto and exponential tails") {
  // Pareto of exponent 3 from 1 on: its excess over 1 is generalised Pareto of shape 1/3 and scale 1/3.
  CHECK(1 + generalised_pareto{1.0 / 3, 1.0 / 3}.quantile(1e-4) == Approx(21.5443469).epsilon(1e-7));
  CHECK(generalised_pareto{0, 1}.quantile(1e-3) == Approx(6.9077553).epsilon(1e-7));
}

TEST_CASE("the unit of the excesses changes the scale and nothing else") {
  auto values = grid_of({0.5, 1});
  const auto plain = fit_generalised_pareto(values);
  for (double& y : values) y *= 1e9;
  const auto large = fit_generalised_pareto(values);
  REQUIRE(plain);
  REQUIRE(large);
  CHECK(large->shape == Approx(plain->shape).epsilon(1e-6));
  CHECK(large->scale == Approx(plain->scale * 1e9).epsilon(1e-6));
}

TEST_CASE("heavy, bounded and random samples are fitted within their standard error") {
  philox draws(3);
  for (const double shape : {-0.3, 0.0, 0.4, 1.2}) {
    CAPTURE(shape);
    std::vector<double> values(4000);
    for (double& y : values) y = generalised_pareto{shape, 2}.quantile(draws.uniform());
    const auto fit = fit_generalised_pareto(values);
    REQUIRE(fit);
    CHECK(std::abs(fit->shape - shape) < 4 * (1 + shape) / std::sqrt(4000.0));
    CHECK(fit->scale == Approx(2).epsilon(0.12));
  }
}

TEST_CASE("survival and quantile undo each other, and a bounded law ends") {
  for (const double shape : {-0.4, 0.0, 0.7}) {
    const generalised_pareto law{shape, 3};
    for (const double p : {0.9, 0.5, 1e-3, 1e-6}) CHECK(law.survival(law.quantile(p)) == Approx(p).epsilon(1e-9));
    CHECK(law.survival(-1) == 1);
  }
  CHECK(generalised_pareto{-0.5, 1}.survival(2.1) == 0);
}

TEST_CASE("too few excesses, and such that are none, are not fitted") {
  auto values = grid_of({0.2, 1}, 49);
  CHECK_FALSE(fit_generalised_pareto(values));
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    auto damaged = grid_of({0.2, 1});
    damaged[7] = bad;
    CHECK_FALSE(fit_generalised_pareto(damaged));
  }
  const std::vector<double> equal(100, 5.0);
  const auto fit = fit_generalised_pareto(equal);  // all excesses alike: bounded, and not a crash
  REQUIRE(fit);
  CHECK(std::isfinite(fit->scale));
}
