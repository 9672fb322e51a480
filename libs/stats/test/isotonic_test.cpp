#include "remora/stats/isotonic.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::vector<isotonic_point> at_integers(const std::vector<double>& y) {
  std::vector<isotonic_point> points;
  for (const double value : y) points.push_back({double(points.size()), value});
  return points;
}

std::vector<double> fitted(const std::vector<double>& y) {
  const auto map = fit_isotonic(at_integers(y)).value();
  std::vector<double> values;
  for (std::size_t i = 0; i < y.size(); ++i) values.push_back(map.value(double(i)));
  return values;
}

/// max over starts of min over ends of the mean: the definition (Barlow et al. 1972).
double max_min(const std::vector<double>& y, std::size_t at) {
  double best = -1e300;
  for (std::size_t from = 0; from <= at; ++from) {
    double least = 1e300, sum = 0;
    for (std::size_t to = from; to < y.size(); ++to) {
      sum += y[to];
      if (to >= at) least = std::min(least, sum / double(to - from + 1));
    }
    best = std::max(best, least);
  }
  return best;
}

}  // namespace

TEST_CASE("row 21: pooling adjacent violators of two series of outcomes") {
  CHECK(fitted({1, 0, 1, 0, 0, 1, 1}) == std::vector<double>{.4, .4, .4, .4, .4, 1, 1});
  CHECK(fitted({0, 1, 0, 1, 1, 0, 1, 1}) == std::vector<double>{0, .5, .5, 2.0 / 3, 2.0 / 3, 2.0 / 3, 1, 1});
}

TEST_CASE("the fit is the max-min of means, on random series") {
  philox draws(21);
  for (int run = 0; run < 50; ++run) {
    std::vector<double> y(1 + draws.below(40));
    for (double& value : y) value = draws.normal() + 0.05 * double(&value - y.data());
    const auto fit = fitted(y);
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(fit[i] == Approx(max_min(y, i)).epsilon(1e-12));
  }
}

TEST_CASE("between blocks it is a line, beyond the ends it is constant, and it never falls") {
  const auto map = fit_isotonic(at_integers({1, 0, 1, 0, 0, 1, 1})).value();
  CHECK(map.value(-5) == Approx(.4));
  CHECK(map.value(3.3) == Approx(.4));
  CHECK(map.value(4.5) == Approx(.7));
  CHECK(map.value(99) == 1);
  CHECK(std::isnan(map.value(not_a_number)));
  for (double x = -1; x < 8; x += 0.01) CHECK(map.value(x) <= map.value(x + 0.01));
}

TEST_CASE("order does not matter, points of one x are joined, and a weight counts like repetition") {
  const std::vector<isotonic_point> shuffled{{2, 1}, {1, 0}, {1, 1}, {1, 0}, {1, 0}, {0, .5}};
  const std::vector<isotonic_point> weighted{{0, .5}, {1, .25, 4}, {2, 1}};
  const auto a = fit_isotonic(shuffled).value(), b = fit_isotonic(weighted).value();
  for (const double x : {0.0, 0.5, 1.0, 1.5, 2.0}) CHECK(a.value(x) == Approx(b.value(x)));
  CHECK(a.value(1) == Approx(1.5 / 5));
}

TEST_CASE("a map is saved and loaded whole; without a fit it is zero everywhere") {
  const auto map = fit_isotonic(at_integers({0, 1, 0, 1, 1, 0, 1, 1})).value();
  state_writer writer;
  writer(map);
  isotonic_map loaded;
  CHECK(loaded.value(3) == 0);
  state_reader reader(writer.bytes());
  reader(loaded);
  REQUIRE(reader.complete());
  for (double x = 0; x < 8; x += 0.25) CHECK(loaded.value(x) == map.value(x));
}

TEST_CASE("no points, no numbers and no weight are refused") {
  CHECK_FALSE(fit_isotonic({}));
  for (const isotonic_point bad : {isotonic_point{not_a_number, 0}, {0, not_a_number}, {0, 0, 0}, {0, 0, -1}, {0, 0, not_a_number}}) {
    const std::vector<isotonic_point> points{{1, 1}, bad};
    CHECK_FALSE(fit_isotonic(points));
  }
}
