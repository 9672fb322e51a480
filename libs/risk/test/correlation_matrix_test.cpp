#include "remora/risk/correlation_matrix.hpp"

#include "remora/base/random.hpp"
#include "saved.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <utility>

using namespace remora;
using namespace remora::risk;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr correlation_settings quick{.94, .94, 3};

instrument_id id(std::size_t n) { return instrument_id{static_cast<std::uint32_t>(n)}; }

std::vector<instrument_id> first(std::size_t n) {
  std::vector<instrument_id> ids;
  for (std::size_t i = 1; i <= n; ++i) ids.push_back(id(i));
  return ids;
}

/// Instruments 1, 2, … of one minute; a number that is none is not in the row.
minute_row row_of(const std::vector<double>& values) {
  minute_row row;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) row.returns.push_back({id(i + 1), values[i]});
  return row;
}

/// n returns that have that correlation with each other, of deviations 1, 2, … n times 0.001.
std::vector<double> moving_together(std::size_t n, double rho, philox& draws, bool fat = false) {
  std::vector<double> values(n);
  const double market = draws.normal(), storm = fat ? std::sqrt(draws.exponential()) : 1;
  for (std::size_t i = 0; i < n; ++i)
    values[i] = .001 * static_cast<double>(i + 1) * storm * (std::sqrt(rho) * market + std::sqrt(1 - rho) * draws.normal());
  return values;
}

/// Ledoit and Wolf's δ as their appendix writes it: sums over the whole matrix with its diagonal, of returns brought to deviation one, the
/// mean over time taken with the weights.
double ledoit_wolf(std::vector<std::vector<double>> rows, double lambda) {
  const std::size_t n = rows.front().size(), times = rows.size();
  std::vector<double> weights(times);
  double total = 0, squares = 0;
  for (std::size_t t = 0; t < times; ++t) total += weights[t] = std::pow(lambda, static_cast<double>(times - 1 - t));
  for (double& w : weights) w /= total, squares += w * w;
  const auto mean = [&](auto&& of) {
    double sum = 0;
    for (std::size_t t = 0; t < times; ++t) sum += weights[t] * of(rows[t]);
    return sum;
  };
  for (std::size_t i = 0; i < n; ++i) {
    const double deviation = std::sqrt(mean([&](const auto& y) { return y[i] * y[i]; }));
    for (auto& y : rows) y[i] /= deviation;
  }
  std::vector<std::vector<double>> s(n, std::vector<double>(n));
  double together = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) s[i][j] = mean([&](const auto& y) { return y[i] * y[j]; }), together += i < j ? s[i][j] : 0;
  together *= 2. / static_cast<double>(n * (n - 1));
  double pi = 0, rho = 0, gamma = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      const double p = mean([&](const auto& y) { return std::pow(y[i] * y[j] - s[i][j], 2); });
      const double ii = mean([&](const auto& y) { return (y[i] * y[i] - s[i][i]) * (y[i] * y[j] - s[i][j]); });
      const double jj = mean([&](const auto& y) { return (y[j] * y[j] - s[j][j]) * (y[i] * y[j] - s[i][j]); });
      const double target = i == j ? s[i][i] : together * std::sqrt(s[i][i] * s[j][j]);
      pi += p, gamma += std::pow(target - s[i][j], 2);
      rho += i == j ? p : together / 2 * (std::sqrt(s[j][j] / s[i][i]) * ii + std::sqrt(s[i][i] / s[j][j]) * jj);
    }
  return std::clamp((pi - rho) / gamma * squares, 0.0, 1.0);
}

}  // namespace

TEST_CASE("row 63: the covariance of three pairs of returns under fading weights") {
  correlation_matrix matrix(quick);
  for (const auto& values : {std::vector<double>{.01, .02}, {-.02, -.01}, {.015, 0}}) REQUIRE(matrix.push(row_of(values)));
  const auto c = matrix.covariance(first(2));
  REQUIRE(c);
  const double warm_up = 1 - std::pow(.94, 3);
  CHECK(c->at(0, 0) * warm_up == Approx(4.13616e-5).epsilon(1e-9));
  CHECK(c->at(0, 1) * warm_up == Approx(2.18832e-5).epsilon(1e-9));
  CHECK(c->at(1, 1) * warm_up == Approx(2.68464e-5).epsilon(1e-9));
  CHECK(std::abs(*matrix.correlation(id(1), id(2)) - .656703) < 1e-6);
  CHECK(matrix.shrinkage() == 0);
}

TEST_CASE("the shrinkage is Ledoit and Wolf's, in whatever order instruments appear") {
  for (const bool fat : {false, true}) {
    philox draws(7, fat ? 1 : 0);
    correlation_matrix matrix({.98, .98, 3});
    matrix.push({{}, {{id(4), .001}}});  // the fourth comes first
    matrix.push({{}, {{id(2), .001}}});
    std::vector<std::vector<double>> rows;
    for (int t = 0; t < 120; ++t) {
      std::vector<double> values = moving_together(5, .5, draws, fat);
      values[1] = -values[1];  // one moves against the others: the correlations differ
      rows.push_back(values);
      REQUIRE(matrix.push(row_of(values)));
      if (t < 10) continue;
      CHECK(matrix.shrinkage() == Approx(ledoit_wolf(rows, .98)).epsilon(1e-9));
    }
    CHECK(matrix.shrinkage() > 0);
    CHECK(matrix.shrinkage() < 1);
  }
}

TEST_CASE("names that move alike are shrunk nearer to the truth than the sample is, with thin tails and fat") {
  for (const bool fat : {false, true}) {
    constexpr int runs = 60;
    double shrunk = 0, sample = 0, intensity = 0;
    for (std::uint64_t run = 0; run < runs; ++run) {
      philox draws(run, fat ? 12 : 11);
      correlation_matrix matrix({.97, .97, 30}), two({.97, .97, 30});  // two names are not shrunk
      for (int t = 0; t < 150; ++t) {
        const auto values = moving_together(6, .5, draws, fat);
        matrix.push(row_of(values)), two.push(row_of({values[0], values[1]}));
      }
      shrunk += std::pow(*matrix.correlation(id(1), id(2)) - .5, 2);
      sample += std::pow(*two.correlation(id(1), id(2)) - .5, 2);
      intensity += matrix.shrinkage() / runs;
    }
    CHECK(shrunk < .8 * sample);
    CHECK(intensity > .5);
  }
}

TEST_CASE("what truly differs is left apart when there are many minutes") {
  philox draws(13);
  correlation_matrix matrix({.9995, .9995, 30});
  for (int t = 0; t < 6000; ++t) {
    auto values = moving_together(4, .8, draws);
    values[3] = .001 * draws.normal();
    matrix.push(row_of(values));
  }
  // Weights worth 4000 minutes: 4 (1 - ρ²) / √n.
  CHECK(std::abs(*matrix.correlation(id(1), id(2)) - .8) < 4 * .36 / std::sqrt(3'800) + .01);
  CHECK(std::abs(*matrix.correlation(id(1), id(4))) < 4 / std::sqrt(3'800) + .01);
  CHECK(matrix.shrinkage() < .02);
}

TEST_CASE("a pair learns from the minutes that both have, and each name from all of its own") {
  philox draws(14);
  correlation_matrix both(quick), apart(quick), alone(quick);
  for (int t = 0; t < 200; ++t) {
    const auto values = moving_together(2, .6, draws);
    alone.push(row_of({values[0]}));
    if (draws.uniform() < .5) both.push(row_of(values)), apart.push(row_of(values));
    else apart.push(row_of({values[0], not_a_number}));
  }
  CHECK(apart.count() == 200);
  CHECK(apart.count(id(1), id(2)) == both.count());
  CHECK(*apart.correlation(id(1), id(2)) == *both.correlation(id(2), id(1)));
  CHECK(*apart.deviation(id(1)) == *alone.deviation(id(1)));
  CHECK(*apart.deviation(id(2)) == *both.deviation(id(2)));
}

TEST_CASE("every covariance is positive semi-definite, also of pairs that contradict each other") {
  philox draws(15);
  for (const double present : {1.0, .5}) {
    correlation_matrix matrix({.9, .9, 3});
    for (int t = 0; t < 60; ++t) {
      auto values = moving_together(8, .3, draws);
      for (double& v : values) v = draws.uniform() < present ? v : not_a_number;
      matrix.push(row_of(values));
      if (const auto c = matrix.covariance(first(8))) CHECK(stats::is_positive_semidefinite(*c, 1e-9));
    }
    CHECK(matrix.covariance(first(8)));
  }
  correlation_matrix torn({.94, .94, 3});
  for (int t = 0; t < 30; ++t) {
    const double x = .001 * draws.normal();
    if (t % 3 == 0) torn.push(row_of({x, x, not_a_number}));
    if (t % 3 == 1) torn.push(row_of({x, not_a_number, x}));
    if (t % 3 == 2) torn.push(row_of({not_a_number, x, -x}));
  }
  // 1 goes with 2 and with 3, but 2 against 3: no three names do that.
  CHECK(*torn.correlation(id(1), id(2)) > .5);
  CHECK(*torn.correlation(id(2), id(3)) < -.3);
  const auto c = torn.covariance(first(3));
  REQUIRE(c);
  CHECK(stats::is_positive_semidefinite(*c, 1e-9));
  CHECK(c->at(1, 1) == Approx(*torn.deviation(id(2)) * *torn.deviation(id(2))));
}

TEST_CASE("beta is the slope on the benchmark") {
  philox draws(16);
  correlation_matrix matrix({.999, .999, 30});
  for (int t = 0; t < 5000; ++t) {
    const double market = .001 * draws.normal();
    matrix.push(row_of({market, 2 * market + .001 * draws.normal(), -.5 * market}));
  }
  CHECK(std::abs(*matrix.beta(id(2), id(1)) - 2) < 4 / std::sqrt(2'000) + .01);  // the weights are worth 2000 minutes
  CHECK(*matrix.beta(id(3), id(1)) == Approx(-.5).epsilon(.02));
  CHECK(*matrix.beta(id(1), id(1)) == Approx(1));
  CHECK_FALSE(matrix.beta(id(1), id(9)));
}

TEST_CASE("names linked by any chain of strong correlations are one cluster") {
  philox draws(17);
  correlation_matrix matrix({.999, .999, 30});
  for (int t = 0; t < 4000; ++t) {
    const double a = draws.normal(), c = draws.normal(), e = draws.normal(), b = a + c;  // ρ(a, b) = ρ(c, b) = .71, ρ(a, c) = 0
    matrix.push(row_of({.001 * a, .001 * b, .001 * e, .001 * c, -.001 * e}));
  }
  const auto found = matrix.clusters(first(5), .6);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == std::vector{id(1), id(2), id(4)});
  CHECK(found[1] == std::vector{id(3), id(5)});  // the sign does not matter
  CHECK(matrix.clusters(std::vector{id(1), id(4)}, .6).size() == 2);  // without what links them
  CHECK(matrix.clusters(std::vector{id(1), id(77)}, .6).size() == 2);
  CHECK(matrix.clusters({}, .6).empty());
  CHECK(matrix.clusters(first(5), 1).size() == 5);
}

TEST_CASE("nothing is said of few minutes, of names that do not move, and of names never seen") {
  correlation_matrix matrix({.97, .97, 30});
  philox draws(18);
  for (int t = 0; t < 29; ++t) matrix.push(row_of({.001 * draws.normal(), .001 * draws.normal(), 0}));
  CHECK_FALSE(matrix.deviation(id(1)));
  CHECK_FALSE(matrix.correlation(id(1), id(2)));
  CHECK_FALSE(matrix.covariance(first(2)));
  matrix.push(row_of({.001, .001, 0}));
  CHECK(matrix.deviation(id(1)));
  CHECK(matrix.correlation(id(1), id(2)));
  CHECK(*matrix.deviation(id(3)) == 0);
  CHECK_FALSE(matrix.correlation(id(1), id(3)));
  CHECK_FALSE(matrix.correlation(id(3), id(3)));
  CHECK_FALSE(matrix.correlation(id(1), id(4)));
  CHECK(matrix.covariance(first(3)));
  CHECK_FALSE(matrix.covariance(first(4)));
}

TEST_CASE("a row that is no row changes nothing") {
  correlation_matrix matrix(quick);
  matrix.push(row_of({.01, .02}));
  const std::string before = bytes_of(matrix);
  CHECK_FALSE(matrix.push({{}, {{id(1), .01}, {id(2), not_a_number}}}));
  CHECK_FALSE(matrix.push({{}, {{id(1), .01}, {id(2), 1 / 0.0}}}));
  CHECK_FALSE(matrix.push({{}, {{id(1), 1e7}}}));
  CHECK_FALSE(matrix.push({{}, {{id(2), .01}, {id(1), .01}}}));
  CHECK_FALSE(matrix.push({{}, {{id(1), .01}, {id(1), .01}}}));
  CHECK_FALSE(matrix.push({{}, {{instrument_id::none, .01}}}));
  CHECK(bytes_of(matrix) == before);
}

TEST_CASE("a matrix that was saved and loaded goes on with the same bits") {
  philox draws(19);
  correlation_matrix original({.97, .96, 5});
  for (int t = 0; t < 100; ++t) {
    correlation_matrix loaded = reloaded(original);
    auto values = moving_together(4, .4, draws);
    values[draws.below(4)] = not_a_number;
    original.push(row_of(values)), loaded.push(row_of(values));
    CHECK(bytes_of(original) == bytes_of(loaded));
  }
  CHECK(original.covariance(first(4))->at(3, 1) == reloaded(original).covariance(first(4))->at(3, 1));
}

TEST_CASE("names are linked from their listing on until 30 minutes tell that they go their own ways, and again where they do not") {
  correlation_matrix matrix({.97, .97, 30, .7});
  for (const std::size_t n : {4, 2, 1, 3}) matrix.list(id(n));
  const auto linked = [&](std::size_t n) {
    const auto ids = matrix.linked(id(n));
    return std::vector<instrument_id>(ids.begin(), ids.end());
  };
  CHECK(linked(2) == std::vector{id(1), id(3), id(4)});
  CHECK(linked(9).empty());  // nobody listed it
  philox draws(21);
  const auto minute = [&] {
    const double together = .001 * draws.normal();
    matrix.push(row_of({together, .001 * draws.normal(), -together}));  // 4 has no bars
  };
  for (int t = 0; t < 29; ++t) minute();
  CHECK(linked(2) == std::vector{id(1), id(3), id(4)});
  for (int t = 0; t < 30; ++t) minute();
  CHECK(linked(1) == std::vector{id(3), id(4)});
  CHECK(linked(2) == std::vector{id(4)});
  CHECK(linked(3) == std::vector{id(1), id(4)});  // against it
  CHECK(linked(4) == std::vector{id(1), id(2), id(3)});
  matrix.list(id(5));
  CHECK(linked(5) == std::vector{id(1), id(2), id(3), id(4)});
  CHECK(linked(2) == std::vector{id(4), id(5)});
  const auto copy = reloaded(matrix);
  for (std::size_t n = 1; n <= 5; ++n) CHECK(std::ranges::equal(copy.linked(id(n)), matrix.linked(id(n))));

  correlation_matrix all({.97, .97, 30, 1});  // nothing is above 1
  all.list(id(1)), all.list(id(2));
  CHECK(all.linked(id(1)).empty());
}
