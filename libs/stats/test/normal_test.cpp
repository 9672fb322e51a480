#include "remora/stats/normal.hpp"
#include "remora/stats/student_t.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("row 6: three deviations are exceeded with probability 0.0013498980") {
  CHECK(std::abs(1 - normal_cdf(3) - .0013498980) < 1e-10);
  CHECK(std::abs(normal_cdf(-3) - .0013498980316301) < 1e-15);
}

TEST_CASE("row 55: the quantiles of 95 % and 99 %") {
  CHECK(*normal_quantile(.95) == Approx(1.6448536269514722).epsilon(1e-14));
  CHECK(*normal_quantile(.99) == Approx(2.3263478740408408).epsilon(1e-14));
  CHECK(*normal_quantile(.5) == 0);
}

TEST_CASE("the quantile undoes the distribution far into the tails") {
  for (double z = -37; z <= 8; z += 0.25) {
    const double p = normal_cdf(z);
    // Near one a double cannot say more about p than its distance to one allows.
    const double tolerance = 1e-12 + 1e-15 / std::exp(-z * z / 2) * (z > 0 ? 1 : 0);
    if (p < 1) CHECK(std::abs(*normal_quantile(p) - z) < tolerance * std::max(1.0, std::abs(z)));
  }
}

TEST_CASE("infinite scores have certain probabilities and a NaN stays one") {
  CHECK(normal_cdf(infinite) == 1);
  CHECK(normal_cdf(-infinite) == 0);
  CHECK(normal_cdf(-50) == 0);
  CHECK(std::isnan(normal_cdf(not_a_number)));
}

TEST_CASE("a probability outside (0, 1) has no quantile") {
  for (const double p : {0.0, 1.0, -0.1, 1.1, not_a_number, infinite, -infinite}) {
    REQUIRE_FALSE(normal_quantile(p));
    CHECK(normal_quantile(p).error().code == errc::out_of_range);
  }
  CHECK(normal_quantile(std::numeric_limits<double>::denorm_min()).value() < -38);
}

TEST_CASE("Student's t of one degree is Cauchy's law, of many the normal one") {
  CHECK(*student_quantile(.75, 1) == Approx(1));
  CHECK(*student_density(1, 1) == Approx(1 / (2 * 3.14159265358979)));
  CHECK(*student_quantile(.975, 1e9) == Approx(*normal_quantile(.975)).epsilon(1e-6));
  CHECK(*student_quantile(.05, 4) == Approx(-*student_quantile(.95, 4)));
  for (const double bad : {0.0, -1.0, not_a_number, infinite}) {
    CHECK_FALSE(student_quantile(.5, bad));
    CHECK_FALSE(student_density(0, bad));
  }
  CHECK_FALSE(student_quantile(1, 4));
  CHECK_FALSE(student_quantile(not_a_number, 4));
}
