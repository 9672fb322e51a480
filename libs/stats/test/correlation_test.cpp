#include "remora/stats/rolling_correlation.hpp"

#include "remora/stats/noise_band.hpp"
#include "resume.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deque>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

paired_sample linked(philox& draws, double rho) {
  const double x = draws.normal();
  return {x, rho * x + std::sqrt(1 - rho * rho) * draws.normal()};
}

double exact(const std::deque<paired_sample>& pairs) {
  long double x = 0;
  long double y = 0;
  for (const auto& pair : pairs) x += pair.x, y += pair.y;
  x /= static_cast<long double>(pairs.size());
  y /= static_cast<long double>(pairs.size());
  long double xx = 0;
  long double xy = 0;
  long double yy = 0;
  for (const auto& pair : pairs) xx += (pair.x - x) * (pair.x - x), xy += (pair.x - x) * (pair.y - y), yy += (pair.y - y) * (pair.y - y);
  return static_cast<double>(xy / std::sqrt(xx * yy));
}

}  // namespace

TEST_CASE("rolling correlation agrees with the batch over the last W pairs") {
  philox draws(4);
  rolling_correlation correlation(50);
  std::deque<paired_sample> pairs;
  for (int i = 0; i < 400; ++i) {
    const auto pair = linked(draws, -0.6);
    pairs.push_back({5e4 + pair.x, pair.y});
    if (pairs.size() > 50) pairs.pop_front();
    REQUIRE(correlation.push(pairs.back()));
    CHECK(correlation.value().has_value() == (i >= 2));
    if (correlation.value()) CHECK(*correlation.value() == Approx(exact(pairs)).epsilon(1e-9));
  }
}

TEST_CASE("row 63: the exponentially weighted covariance of three returns") {
  ewma_correlation correlation(0.94);
  for (const auto& returns : {paired_sample{.01, .02}, {-.02, -.01}, {.015, 0}}) correlation.push(returns);
  const double warm_up = 1 - std::pow(0.94, 3);
  CHECK(correlation.variance_x() * warm_up == Approx(4.13616e-5).epsilon(1e-9));
  CHECK(correlation.covariance() * warm_up == Approx(2.18832e-5).epsilon(1e-9));
  CHECK(correlation.variance_y() * warm_up == Approx(2.68464e-5).epsilon(1e-9));
  CHECK(*correlation.value() == Approx(.656703).epsilon(1e-6));
}

TEST_CASE("both correlations find the one that was planted") {
  for (const double rho : {-0.9, 0.0, 0.7}) {
    philox draws(8);
    rolling_correlation rolling(2000);
    ewma_correlation fading(0.999);
    for (int i = 0; i < 20'000; ++i) {
      const auto pair = linked(draws, rho);
      rolling.push(pair);
      fading.push(pair);
    }
    const double tolerance = 4 * (1 - rho * rho) / std::sqrt(2000);
    CHECK(std::abs(*rolling.value() - rho) < tolerance);
    CHECK(std::abs(*fading.value() - rho) < tolerance);
  }
}

TEST_CASE("a straight line correlates by one and never more") {
  rolling_correlation rolling(7);
  ewma_correlation fading(0.9);
  for (int i = 0; i < 100; ++i) {
    const double x = 0.1 * (i % 13) - 0.5;
    rolling.push({x, 5 - 3 * x});
    fading.push({x, -3 * x});
    if (i < 2) continue;
    CHECK(*rolling.value() == Approx(-1).epsilon(1e-12));
    CHECK(*rolling.value() >= -1);
    CHECK(*fading.value() == Approx(-1).epsilon(1e-12));
    CHECK(*fading.value() >= -1);
  }
}

TEST_CASE("a constant side has no correlation, even when its mean is not a double") {
  philox draws(3);
  rolling_correlation rolling(10);
  ewma_correlation fading(0.94);
  for (int i = 0; i < 30; ++i) {
    rolling.push({draws.normal(), 0.1});
    fading.push({draws.normal(), 0});
  }
  CHECK_FALSE(rolling.value());
  CHECK_FALSE(fading.value());
}

TEST_CASE("a pair with one bad side is refused as a whole") {
  rolling_correlation rolling(10);
  ewma_correlation fading(0.94);
  for (const auto& pair : {paired_sample{1, not_a_number}, {not_a_number, 1}, {1, 1e200}, {-1e200, 1}}) {
    CHECK_FALSE(rolling.push(pair));
    CHECK_FALSE(fading.push(pair));
  }
  CHECK(rolling.count() == 0);
  CHECK(fading.count() == 0);
}

TEST_CASE("saved correlations go on with the same bits") {
  const auto feed = [](auto& correlation, philox& draws) { correlation.push(linked(draws, 0.4)); };
  CHECK(resumes(rolling_correlation(60), feed));
  CHECK(resumes(ewma_correlation(0.99), feed, 300));
}

TEST_CASE("row 64: independent series, half as many as observations, show eigenvalues from 0.0857864 to 2.9142136") {
  const auto band = noise_band(50, 100);
  REQUIRE(band);
  CHECK(std::abs(band->low - .0857864) < 1e-7);
  CHECK(std::abs(band->high - 2.9142136) < 1e-7);
  CHECK(noise_band(200, 100)->low == 0);
  CHECK_FALSE(noise_band(0, 100));
  CHECK_FALSE(noise_band(100, 0));
}
