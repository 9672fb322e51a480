#include "remora/stats/hac_regression.hpp"
#include "remora/stats/linear_fit.hpp"
#include "remora/stats/survival_curve.hpp"
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

struct line {
  double intercept = 0;
  double slope = 0;
};

/// Weighted least squares by the normal equations, in long double.
line weighted_line(const std::vector<paired_sample>& pairs, double lambda) {
  long double w = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& pair : pairs) {
    const long double l = lambda;
    w = l * w + 1, x = l * x + pair.x, y = l * y + pair.y;
    xx = l * xx + static_cast<long double>(pair.x) * pair.x, xy = l * xy + static_cast<long double>(pair.x) * pair.y;
  }
  const long double slope = (w * xy - x * y) / (w * xx - x * x);
  return {static_cast<double>((y - slope * x) / w), static_cast<double>(slope)};
}

}  // namespace

TEST_CASE("recursive least squares with forgetting agrees with the normal equations on every prefix") {
  for (const double lambda : {0.9, 0.999, 1.0}) {
    philox draws(3);
    linear_fit fit(lambda, 3);
    std::vector<paired_sample> pairs;
    for (int i = 0; i < 300; ++i) {
      const double x = 50 + 10 * draws.normal();
      pairs.push_back({x, 7 - 0.25 * x + draws.normal()});
      REQUIRE(fit.push(pairs.back()));
      if (pairs.size() < 3) continue;
      const line truth = weighted_line(pairs, lambda);
      CHECK(*fit.slope() == Approx(truth.slope).epsilon(1e-9));
      CHECK(*fit.intercept() == Approx(truth.intercept).epsilon(1e-9));
    }
  }
}

TEST_CASE("a line without noise is found exactly, and a new line after the old one has faded") {
  linear_fit fit(0.9, 3);
  for (int i = 0; i < 50; ++i) fit.push({double(i % 7), 2.0 * (i % 7) + 1});
  CHECK(*fit.slope() == Approx(2));
  CHECK(*fit.r_squared() == Approx(1));
  for (int i = 0; i < 400; ++i) fit.push({double(i % 7), -3.0 * (i % 7)});
  CHECK(*fit.slope() == Approx(-3));
}

TEST_CASE("no slope before enough pairs, nor while x stands still, and bad pairs are refused") {
  linear_fit fit(0.999, 5);
  for (int i = 0; i < 4; ++i) fit.push({double(i), 1});
  CHECK_FALSE(fit.slope());
  CHECK_FALSE(fit.push({not_a_number, 1}));
  CHECK_FALSE(fit.push({1, infinite}));
  CHECK(fit.count() == 4);
  fit.push({4, 1});
  CHECK(fit.slope() == 0.0);
  CHECK_FALSE(fit.r_squared());
  linear_fit still(0.999, 2);
  for (int i = 0; i < 9; ++i) still.push({3, double(i)});
  CHECK_FALSE(still.slope());
}

TEST_CASE("row 87: the Newey–West lag of a thousand is six") {
  CHECK(newey_west_lag(1000) == 6);
  CHECK(newey_west_lag(100) == 4);
  CHECK(newey_west_lag(1) == 0);
  CHECK(newey_west_lag(3) == 1);
}

TEST_CASE("the line and its Newey–West error are those of the definition, worked by hand") {
  // x - 2 = -2 -1 0 1 2, y = 1 3 2 5 4: slope 0.8, errors -0.4 0.8 -1 1.2 -0.6, scores 0.8 -0.8 0 1.2 -1.2; lag 2.
  const std::vector<double> x{0, 1, 2, 3, 4}, y{1, 3, 2, 5, 4};
  const auto fit = hac_regression(x, y);
  REQUIRE(fit);
  CHECK(fit->lag == 2);
  CHECK(fit->slope == Approx(0.8));
  CHECK(fit->intercept == Approx(1.4));
  CHECK(fit->r_squared == Approx(0.64));
  const double scores = 4.16 + 2 * (2.0 / 3) * (-0.64 - 1.44) + 2 * (1.0 / 3) * (-0.96);
  CHECK(fit->t == Approx(0.8 / (std::sqrt(scores) / 10)));
}

TEST_CASE("under no relation the HAC t statistic is rarely large, with autocorrelated errors too") {
  philox draws(17);
  int large = 0;
  constexpr int runs = 300;
  for (int run = 0; run < runs; ++run) {
    std::vector<double> x(150), y(150);
    double u = 0, v = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = u = 0.5 * u + draws.normal();
      y[i] = v = 0.5 * v + draws.normal();
    }
    large += std::abs(hac_regression(x, y)->t) > 1.96 ? 1 : 0;
  }
  CHECK(large < runs * (0.10 + 4 * std::sqrt(0.1 * 0.9 / runs)));  // known to reject 5 to 10 % at such n; naive errors reject 13 %
  CHECK(large > 0);
}

TEST_CASE("a regression refuses what it cannot answer") {
  const std::vector<double> three{1, 2, 3}, two{1, 2}, still{1, 1, 1}, bad{1, not_a_number, 3};
  CHECK_FALSE(hac_regression(two, two));
  CHECK_FALSE(hac_regression(three, two));
  CHECK_FALSE(hac_regression(still, three));
  CHECK_FALSE(hac_regression(three, bad));
  CHECK_FALSE(hac_regression(bad, three));
  CHECK(hac_regression(three, still)->slope == 0);
  CHECK(hac_regression(three, still)->t == 0);
}

TEST_CASE("the survival of the 6-MP patients is that of the textbook (Freireich 1963)") {
  std::vector<double> weeks;
  for (int week = 0; week < 40; ++week) weeks.push_back(week);
  survival_curve curve(weeks);
  for (const double ended : {6, 6, 6, 7, 10, 13, 16, 22, 23}) curve.push(ended, true);
  for (const double lost : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) curve.push(lost, false);
  CHECK(curve.count() == 21);
  const std::pair<double, double> published[] = {{5, 1},      {6, 0.857},  {7, 0.807},  {10, 0.753}, {13, 0.690},
                                                 {16, 0.627}, {22, 0.538}, {23, 0.448}, {35, 0.448}};
  for (const auto& [week, part] : published) CHECK(std::abs(*curve.value(week) - part) < 0.0006);
}

TEST_CASE("a survival curve knows nothing at first and refuses what is no duration") {
  survival_curve curve({0, 1, 10});
  CHECK_FALSE(curve.value(1));
  CHECK_FALSE(curve.push(-1, true));
  CHECK_FALSE(curve.push(not_a_number, true));
  CHECK(curve.push(1e9, true));
  CHECK(curve.value(9) == 1.0);
  CHECK(curve.value(10) == 0.0);
}

TEST_CASE("fits and curves go on with the same bits after a restart") {
  CHECK(resumes(linear_fit(), [](auto& e, philox& draws) { const double x = draws.normal(); e.push({x, draws.normal() + x}); }));
  CHECK(resumes(survival_curve({0, 1, 2}), [](auto& e, philox& draws) { e.push(draws.exponential(), draws.below(2) == 0); }));
}
