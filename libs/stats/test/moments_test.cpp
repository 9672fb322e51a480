#include "remora/stats/kernels.hpp"
#include "remora/stats/rolling_moments.hpp"
#include "remora/stats/running_moments.hpp"
#include "resume.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Mean and deviation by long double in two passes: the oracle.
location_and_scale exact(std::span<const double> values) {
  long double total = 0;
  for (const double x : values) total += x;
  const long double mean = total / static_cast<long double>(values.size());
  long double squares = 0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return {static_cast<double>(mean), static_cast<double>(std::sqrt(squares / static_cast<long double>(values.size() - 1)))};
}

/// NIST StRD NumAcc4: 10000000.2, then 500 pairs of 10000000.1 and 10000000.3.
std::vector<double> numacc4() {
  std::vector<double> values{10000000.2};
  for (int i = 0; i < 500; ++i) values.insert(values.end(), {10000000.1, 10000000.3});
  return values;
}

bool close(const location_and_scale& a, const location_and_scale& b, double tolerance) {
  return std::abs(a.mean - b.mean) <= tolerance * (std::abs(b.mean) + b.deviation) &&
         std::abs(a.deviation - b.deviation) <= tolerance * b.deviation;
}

template <class T>
location_and_scale estimate(const T& moments) { return {moments.mean(), moments.deviation()}; }

/// Log-normal with sigma 2 on an offset of a million: heavy tail and cancellation together.
double heavy_on_offset(philox& draws) { return 1e6 + std::exp(2 * draws.normal()); }

}  // namespace

TEST_CASE("row 1: the moments of NumAcc4 come out to 1e-8") {
  const auto values = numacc4();
  running_moments running;
  rolling_moments rolling(values.size());
  for (const double x : values) {
    REQUIRE(running.push(x));
    REQUIRE(rolling.push(x));
  }
  for (const auto& found : {estimate(running), estimate(rolling), mean_and_deviation(values)}) {
    CHECK(found.mean == Approx(10000000.2).epsilon(1e-14));
    CHECK(found.deviation == Approx(0.1).epsilon(1e-8));
  }
}

TEST_CASE("row 1: the lag-1 autocorrelation of NumAcc4 is -0.999") {
  const auto values = numacc4();
  const double mean = mean_and_deviation(values).mean;
  const std::span all(values);
  const double products = sum_of_cross_deviations({all.first(all.size() - 1), mean}, {all.subspan(1), mean});
  CHECK(products / sum_of_squared_deviations({all, mean}) == Approx(-0.999).epsilon(1e-8));
}

TEST_CASE("row 4: a point inside its own window of 100 cannot score above 9.9") {
  rolling_moments moments(100);
  for (int i = 0; i < 99; ++i) moments.push(0);
  moments.push(1);
  CHECK(moments.z_of(1) == Approx(9.9).epsilon(1e-14));
}

TEST_CASE("row 5: three deviations over 100 normal values are exceeded 0.0017858 of the time") {
  philox draws(5);
  rolling_moments moments(100);
  constexpr int points = 400'000;
  int alarms = 0;
  for (int i = 0; i < points + 100; ++i) {
    const double x = 1000 + 100 * draws.normal();
    if (moments.full()) alarms += moments.z_of(x) > 3;
    moments.push(x);
  }
  const double expected_alarms = 0.0017858 * points;
  CHECK(std::abs(alarms - expected_alarms) < 4 * std::sqrt(expected_alarms));
}

TEST_CASE("row 35: the variance of a first-order autoregression is 1/(1 - phi^2)") {
  for (const auto& [phi, tolerance] : {std::pair{0.5, 0.025}, {0.9, 0.05}}) {
    philox draws(35);
    running_moments moments;
    double x = 0;
    for (int i = 0; i < 200'000; ++i) moments.push(x = phi * x + draws.normal());
    CHECK(moments.variance() == Approx(1 / (1 - phi * phi)).epsilon(tolerance));
  }
}

TEST_CASE("running moments agree with the batch on every prefix") {
  philox draws(1);
  running_moments moments;
  std::vector<double> values;
  for (int i = 0; i < 600; ++i) {
    values.push_back(heavy_on_offset(draws));
    moments.push(values.back());
    if (i > 0) CHECK(close(estimate(moments), exact(values), 1e-9));
  }
}

TEST_CASE("rolling moments agree with the batch over the last W values, for any W") {
  struct stream {
    std::size_t width;
    double offset;
  };
  for (const auto& [width, offset] : {stream{2, 0}, {3, 0}, {20, 0}, {20, 1e6}, {100, 1e6}, {1000, 1e6}}) {
    philox draws(width);
    rolling_moments moments(width);
    std::vector<double> values;
    for (std::size_t i = 0; i < 2 * width + 5000; ++i) {
      values.push_back(offset + std::exp(2 * draws.normal()));
      moments.push(values.back());
      const std::size_t inside = std::min(width, values.size());
      REQUIRE(moments.count() == inside);
      if (inside > 1) REQUIRE(close(estimate(moments), exact(std::span(values).last(inside)), 1e-7));
    }
  }
}

TEST_CASE("a rebuild wipes out the drift of an offset of a billion") {
  rolling_moments moments(64);
  std::vector<double> values;
  for (int i = 0; i < 64 + 1024; ++i) {
    values.push_back(1e9 + (i % 2 == 0 ? 0.1 : -0.1) * (1 + i % 7));
    moments.push(values.back());
  }
  const auto truth = exact(std::span(values).last(64));
  CHECK(close(estimate(moments), truth, 1e-12));
}

TEST_CASE("a giant that leaves the window takes its rounding with it") {
  rolling_moments moments(10);
  for (const double giant : {1e9, 1e18, 1e120}) {
    moments.push(giant);
    for (int i = 1; i <= 10; ++i) moments.push(i);
    CHECK(moments.mean() == 5.5);
    CHECK(moments.variance() == Approx(55.0 / 6).epsilon(1e-14));
  }
}

TEST_CASE("a constant past gives finite scores") {
  rolling_moments rolling(5);
  running_moments running;
  CHECK(rolling.z_of(7) == 0);
  CHECK(running.z_of(7) == 0);
  for (int i = 0; i < 9; ++i) {
    rolling.push(0.5);
    running.push(0.5);
  }
  CHECK(rolling.deviation() == 0);
  CHECK(rolling.z_of(0.5) == 0);
  CHECK(rolling.z_of(0.6) == z_max);
  CHECK(running.z_of(-100) == -z_max);
  CHECK(std::isnan(rolling.z_of(not_a_number)));
}

TEST_CASE("what is not a number is refused and changes nothing") {
  rolling_moments rolling(4);
  running_moments running;
  for (const double x : {1.0, 2.0, 4.0, 8.0, 16.0}) {
    rolling.push(x);
    running.push(x);
  }
  const auto before = bytes_of(rolling) + bytes_of(running);
  for (const double x : {not_a_number, -not_a_number, infinite, -infinite, 2e120, -2e120}) {
    CHECK_FALSE(rolling.push(x));
    CHECK_FALSE(running.push(x));
  }
  CHECK(bytes_of(rolling) + bytes_of(running) == before);
}

TEST_CASE("the largest samples do not overflow") {
  rolling_moments moments(100);
  for (int i = 0; i < 5000; ++i) moments.push(i % 2 == 0 ? sample_max : -sample_max);
  CHECK(moments.deviation() == Approx(sample_max * std::sqrt(100.0 / 99)).epsilon(1e-9));
}

TEST_CASE("saved moments go on with the same bits") {
  const auto feed = [](auto& moments, philox& draws) { moments.push(heavy_on_offset(draws)); };
  CHECK(resumes(running_moments(), feed));
  CHECK(resumes(rolling_moments(100), feed));
  CHECK(resumes(rolling_moments(700), feed));
}
