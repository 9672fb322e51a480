#include "remora/stats/p_squared.hpp"
#include "resume.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::stats;

namespace {

constexpr double jain_and_chlamtac[] = {.02, .15, .74, 3.39, .83, 22.37, 10.15, 15.43, 38.62, 15.92,
                                        34.60, 10.28, 1.47, .40, .05, 11.39, .27, .42, .09, 11.37};

}  // namespace

TEST_CASE("row 2: the markers of the twenty published values") {
  p_squared median(0.5);
  for (const double x : jain_and_chlamtac) REQUIRE(median.push(x));
  const double heights[] = {.02, .493895, 4.44063, 17.2039, 38.62};
  const std::int64_t positions[] = {1, 6, 10, 16, 20};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(std::abs(median.heights()[i] / heights[i] - 1) < 1e-5);
    CHECK(median.positions()[i] == positions[i]);
  }
}

TEST_CASE("row 3: the median of the same with one half as second value") {
  p_squared median(0.5);
  for (std::size_t i = 0; i < std::size(jain_and_chlamtac); ++i) median.push(i == 1 ? 0.5 : jain_and_chlamtac[i]);
  CHECK(std::abs(*median.value() - 4.2462394088) < 1e-9);
}

TEST_CASE("quantiles of a smooth law are found") {
  philox draws(2);
  p_squared low(0.1), high(0.9);
  for (int i = 0; i < 100'000; ++i) {
    const double x = draws.normal();
    low.push(x), high.push(x);
  }
  // The error of an exact quantile is √(p (1 - p) / n) / density = 0.0054; four of them, and as much again for the five markers.
  CHECK(std::abs(*low.value() + 1.281552) < 0.04);
  CHECK(std::abs(*high.value() - 1.281552) < 0.04);
}

TEST_CASE("no quantile before five values, a constant is its own, and what is no number is refused") {
  p_squared median;
  for (int i = 0; i < 4; ++i) median.push(7);
  CHECK_FALSE(median.value());
  CHECK_FALSE(median.push(std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(median.push(std::numeric_limits<double>::infinity()));
  CHECK(median.count() == 4);
  for (int i = 0; i < 100; ++i) median.push(7);
  CHECK(median.value() == 7.0);
}

TEST_CASE("five markers go on with the same bits after a restart") {
  CHECK(resumes(p_squared(0.98), [](auto& e, philox& draws) { e.push(draws.exponential()); }));
}
