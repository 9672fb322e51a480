#include "remora/stats/cusum_run_length.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

using namespace remora;
using namespace remora::stats;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double off(double value, double reference) { return std::abs(value / reference - 1); }

using table = std::pair<double, double>[10];  // shift, run length

}  // namespace

TEST_CASE("row 11: run lengths of one-sided sums without a shift") {
  CHECK(off(*cusum_run_length({.5, 4}), 335.37) < 1e-3);
  CHECK(off(*cusum_run_length({.5, 5}), 930.89) < 1e-3);
}

TEST_CASE("row 12: Montgomery's run lengths of two-sided sums with threshold 4") {
  const table montgomery = {{0, 167.7}, {.25, 74.2}, {.5, 26.6}, {.75, 13.3}, {1, 8.38}, {1.5, 4.75}, {2, 3.34}, {2.5, 2.62}, {3, 2.19}, {4, 1.71}};
  for (const auto& [shift, length] : montgomery) CHECK(off(*two_sided_run_length({.5, 4}, shift), length) < 5e-3);
}

TEST_CASE("row 13: and with threshold 5") {
  const table montgomery = {{0, 465.4}, {.25, 139.5}, {.5, 38.0}, {.75, 17.05}, {1, 10.38}, {1.5, 5.75}, {2, 4.01}, {2.5, 3.11}, {3, 2.57}, {4, 2.01}};
  for (const auto& [shift, length] : montgomery) CHECK(off(*two_sided_run_length({.5, 5}, shift), length) < 5e-3);
}

TEST_CASE("row 14: thresholds that run a thousand to a million values") {
  const std::pair<double, double> thresholds[] = {{1e3, 5.0707}, {1e4, 7.3608}, {1e5, 9.6617}, {1e6, 11.9641}};
  for (const auto& [length, threshold] : thresholds) CHECK(std::abs(*cusum_threshold(length) - threshold) < 1e-3);
}

TEST_CASE("row 15: Siegmund's approximation") {
  CHECK(std::abs(siegmund_run_length({.5, 4}) - 338.093) < 1e-3);
  CHECK(std::abs(siegmund_run_length({.5, 5}) - 938.222) < 1e-3);
  CHECK(siegmund_run_length({.5, 4}, .5) == doctest::Approx(5.166 * 5.166));
}

TEST_CASE("a sum on normal values runs as long as the equation says") {
  philox draws(11);
  constexpr int runs = 2'000;
  double total = 0, squares = 0;
  for (int run = 0; run < runs; ++run) {
    double sum = 0, length = 0;
    while (sum <= 4) {
      sum = std::max(0.0, sum + draws.normal() + 0.25 - 0.5);
      ++length;
    }
    total += length, squares += length * length;
  }
  const double mean = total / runs, error = std::sqrt((squares / runs - mean * mean) / runs);
  CHECK(std::abs(mean - *cusum_run_length({.5, 4}, 0.25)) < 4 * error);
}

TEST_CASE("run lengths fall with the shift and end where doubles do") {
  double before = 1e300;
  for (double shift = -3; shift <= 8; shift += 0.25) {
    const double now = *cusum_run_length({.5, 5}, shift);
    CHECK(now <= before);
    CHECK(now >= 1);
    before = now;
  }
  CHECK(*cusum_run_length({.5, 5}, -8) == 1e12);
  CHECK(*cusum_run_length({.5, 5}, 50) == doctest::Approx(1));
}

TEST_CASE("designs that make no sense are refused") {
  for (const double threshold : {0.0, -1.0, 20.1, not_a_number}) CHECK_FALSE(cusum_run_length({.5, threshold}));
  CHECK_FALSE(cusum_run_length({not_a_number, 4}));
  CHECK_FALSE(two_sided_run_length({.5, 4}, not_a_number));
  CHECK_FALSE(cusum_threshold(0.5));
  CHECK_FALSE(cusum_threshold(1e15));
  CHECK_FALSE(cusum_threshold(not_a_number));
}
