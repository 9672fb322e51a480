#include "remora/stats/atr.hpp"
#include "remora/stats/ewma.hpp"
#include "resume.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Weighted mean and unbiased weighted variance, straight from the definition.
location_and_scale weighted(const std::vector<double>& values, double alpha) {
  long double total = 0;
  long double weights = 0;
  long double squared_weights = 0;
  const auto weight_of = [&](std::size_t i) {
    return std::pow(1 - static_cast<long double>(alpha), static_cast<long double>(values.size() - 1 - i));
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    total += weight_of(i) * values[i];
    weights += weight_of(i);
    squared_weights += weight_of(i) * weight_of(i);
  }
  const long double mean = total / weights;
  long double squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) squares += weight_of(i) * (values[i] - mean) * (values[i] - mean);
  const long double variance = squares / weights / (1 - squared_weights / (weights * weights));
  return {static_cast<double>(mean), static_cast<double>(std::sqrt(variance))};
}

bar_range random_bar(philox& draws) {
  const double low = 100 + draws.normal();
  const double height = draws.exponential();
  return {low + height, low, low + height * draws.uniform()};
}

const std::vector<bar_range> row_43{{10, 8, 9}, {11, 9, 10.5}, {12, 10, 11}, {11.5, 9.5, 10}, {13, 11, 12.5}, {12.5, 11, 11.5}};

}  // namespace

TEST_CASE("the fading mean and variance agree with their definition on every prefix") {
  for (const double alpha : {0.01, 0.06, 0.5}) {
    philox draws(2);
    ewma average(alpha);
    std::vector<double> values;
    for (int i = 0; i < 300; ++i) {
      values.push_back(1000 + draws.normal());
      REQUIRE(average.push(values.back()));
      const auto truth = values.size() > 1 ? weighted(values, alpha) : location_and_scale{values.front(), 0};
      CHECK(average.mean() == Approx(truth.mean).epsilon(1e-13));
      CHECK(average.deviation() == Approx(truth.deviation).epsilon(1e-9));
    }
  }
}

TEST_CASE("the fading variance has no bias while it warms up") {
  double total = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    philox draws(seed);
    ewma average = ewma::with_half_life(500);
    for (int i = 0; i < 5; ++i) average.push(50 + draws.normal());
    total += average.variance();
  }
  CHECK(total / 4000 == Approx(1).epsilon(4 * std::sqrt(2.0 / 4) / std::sqrt(4000)));
}

TEST_CASE("after one half-life an old level weighs as much as the new one") {
  ewma average = ewma::with_half_life(20);
  for (int i = 0; i < 2000; ++i) average.push(0);
  for (int i = 0; i < 20; ++i) average.push(1);
  CHECK(average.mean() == Approx(0.5).epsilon(1e-9));
}

TEST_CASE("with alpha one only the last value counts") {
  ewma average(1);
  for (const double x : {3.0, 9.0, 5.0}) average.push(x);
  CHECK(average.mean() == 5);
  CHECK(average.variance() == 0);
}

TEST_CASE("row 44: the exponential average over three periods of 1..5, seeded with the first value") {
  ema average(3);
  CHECK_FALSE(average.value());
  const std::vector<double> expected_values{1, 1.5, 2.25, 3.125, 4.0625};
  for (std::size_t i = 0; i < expected_values.size(); ++i) {
    average.push(static_cast<double>(i + 1));
    CHECK(average.value() == expected_values[i]);
    CHECK(average.warm() == (i >= 2));
  }
}

TEST_CASE("row 43: the average true range over three bars, the first bar in the seed") {
  const std::vector<std::optional<double>> expected_values{std::nullopt, std::nullopt, 2.0, 2.0, 7.0 / 3, 37.0 / 18};
  atr range(3);
  for (std::size_t i = 0; i < row_43.size(); ++i) {
    REQUIRE(range.push(row_43[i]));
    REQUIRE(range.value().has_value() == expected_values[i].has_value());
    if (range.value()) CHECK(*range.value() == Approx(*expected_values[i]).epsilon(1e-12));
  }
}

TEST_CASE("the true range counts a gap between bars, in both directions") {
  atr range(1);
  range.push({10, 9, 9.5});
  range.push({15, 14, 14.5});
  CHECK(range.value() == 5.5);
  range.push({8, 7, 7.5});
  CHECK(range.value() == 7.5);
}

TEST_CASE("averages refuse what is not a sample and stay as they are") {
  ewma fading(0.1);
  ema trader(5);
  atr range(2);
  for (const auto& bar : row_43) fading.push(bar.close), trader.push(bar.close), range.push(bar);
  const auto before = bytes_of(fading) + bytes_of(trader) + bytes_of(range);
  for (const double x : {not_a_number, infinite, -infinite, 1e121}) {
    CHECK_FALSE(fading.push(x));
    CHECK_FALSE(trader.push(x));
    CHECK_FALSE(range.push({x, 1, 1}));
    CHECK_FALSE(range.push({1, x, 1}));
    CHECK_FALSE(range.push({1, 1, x}));
  }
  CHECK_FALSE(range.push({1, 2, 1.5}));
  CHECK_FALSE(range.push({2, 1, 2.5}));
  CHECK_FALSE(range.push({2, 1, 0.5}));
  CHECK(bytes_of(fading) + bytes_of(trader) + bytes_of(range) == before);
}

TEST_CASE("saved averages go on with the same bits") {
  const auto feed = [](auto& average, philox& draws) { average.push(draws.normal()); };
  CHECK(resumes(ewma(0.02), feed, 400));
  CHECK(resumes(ema(26), feed, 400));
  CHECK(resumes(atr(9), [](atr& range, philox& draws) { range.push(random_bar(draws)); }, 400));
}
