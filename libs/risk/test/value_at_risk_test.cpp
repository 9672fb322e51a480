#include "remora/risk/value_at_risk.hpp"

#include "remora/base/random.hpp"
#include "remora/risk/concentration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::risk;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::vector<double> up_to(int n) {
  std::vector<double> losses;
  for (int i = n; i >= 1; --i) losses.push_back(i);
  return losses;
}

bool is_near(double value, double reference) { return std::abs(value - reference) < 1e-6; }

return_moments bent(double skew, double kurtosis) { return {0, 1, skew, kurtosis}; }

}  // namespace

TEST_CASE("row 55: value at risk and shortfall of normal returns at 95 % and 99 %") {
  CHECK(is_near(normal_tail({}, .95)->value_at_risk, 1.644854));
  CHECK(is_near(normal_tail({}, .95)->shortfall, 2.062713));
  CHECK(is_near(normal_tail({}, .99)->value_at_risk, 2.326348));
  CHECK(is_near(normal_tail({}, .99)->shortfall, 2.665214));
}

TEST_CASE("row 56: of Student's t with four degrees at 95 %, its own scale and that of deviation one") {
  const auto own = student_tail({0, std::sqrt(2.0)}, 4, .95), unit = student_tail({0, 1}, 4, .95);
  CHECK(is_near(own->value_at_risk, 2.131847));
  CHECK(is_near(own->shortfall, 3.202870));
  CHECK(is_near(unit->value_at_risk, 1.507443));
  CHECK(is_near(unit->shortfall, 2.264771));
}

TEST_CASE("row 57: of Cornish and Fisher's bent quantile at 95 %") {
  CHECK(is_near(cornish_fisher_tail(bent(-.5, 1.5), .95)->value_at_risk, 1.752015));
  CHECK(is_near(cornish_fisher_tail(bent(-.5, 1.5), .95)->shortfall, 2.502143));
  CHECK(is_near(cornish_fisher_tail(bent(-1, 3), .95)->value_at_risk, 1.849786));
  CHECK(is_near(cornish_fisher_tail(bent(-1, 3), .95)->shortfall, 2.815201));
}

TEST_CASE("row 58: the same quantiles at 99 %") {
  CHECK(is_near(cornish_fisher_tail(bent(-.5, 1.5), .99)->value_at_risk, 2.950603));
  CHECK(is_near(cornish_fisher_tail(bent(-1, 3), .99)->value_at_risk, 3.386689));
}

TEST_CASE("row 59: of the losses 1 to 100, and 1 to 99 where the worst are no whole number") {
  const auto hundred = historical_tail(up_to(100), .95);
  CHECK(hundred->value_at_risk == 95);
  CHECK(std::abs(*interpolated_quantile(up_to(100), .95) - 95.05) < 1e-7);
  CHECK(std::abs(hundred->shortfall - 98) < 1e-7);
  CHECK(std::abs(historical_tail(up_to(99), .95)->shortfall - 97.0202020) < 1e-7);
}

TEST_CASE("a mean return lessens every loss, a deviation scales it") {
  const return_moments returns{.01, .2, -.5, 1.5};
  CHECK(normal_tail(returns, .95)->value_at_risk == Approx(.2 * 1.644854 - .01).epsilon(1e-6));
  CHECK(student_tail(returns, 4, .95)->shortfall == Approx(.2 * 2.264771 - .01).epsilon(1e-6));
  CHECK(cornish_fisher_tail(returns, .95)->shortfall == Approx(.2 * 2.502143 - .01).epsilon(1e-6));
  CHECK(cornish_fisher_tail({.01, .2}, .95)->shortfall == Approx(normal_tail({.01, .2}, .95)->shortfall));
}

TEST_CASE("the closed form of the bent shortfall is the integral of the bent quantile") {
  const return_moments returns = bent(-.5, 1.5);
  double sum = 0;
  constexpr int steps = 20'000;
  for (int i = 0; i < steps; ++i) sum += cornish_fisher_tail(returns, 1 - .05 * (i + .5) / steps)->value_at_risk;
  CHECK(sum / steps == Approx(cornish_fisher_tail(returns, .95)->shortfall).epsilon(1e-3));
}

TEST_CASE("where the bent quantile would fall it is refused") {
  CHECK(is_cornish_fisher_valid(bent(0, 0)));
  CHECK(is_cornish_fisher_valid(bent(-.5, 1.5)));
  CHECK_FALSE(is_cornish_fisher_valid(bent(0, -.1)));
  CHECK_FALSE(is_cornish_fisher_valid(bent(0, 8.1)));
  CHECK_FALSE(is_cornish_fisher_valid(bent(-3, 1)));
  CHECK_FALSE(cornish_fisher_tail(bent(-3, 1), .95));
  for (const double kurtosis : {.5, 2.0, 5.0}) {
    double before = 1e300;
    for (double level = .999; level > .001; level -= .001) {
      const double now = cornish_fisher_tail(bent(.3, kurtosis), level)->value_at_risk;
      CHECK(now < before);
      before = now;
    }
  }
}

TEST_CASE("the history of normal losses tells what the normal law does") {
  philox draws(55);
  std::vector<double> losses(100'000);
  for (double& loss : losses) loss = draws.normal();
  const auto seen = historical_tail(losses, .95);
  CHECK(std::abs(seen->value_at_risk - 1.644854) < 4 * std::sqrt(.05 * .95 / 1e5) / .1031);
  CHECK(std::abs(seen->shortfall - 2.062713) < 4 * .0095);  // √((variance beyond + 0.95 (shortfall - VaR)²) / 5000)
}

TEST_CASE("one loss is its own tail") {
  const std::vector<double> one{3};
  CHECK(historical_tail(one, .95)->value_at_risk == 3);
  CHECK(historical_tail(one, .95)->shortfall == Approx(3));
  CHECK(interpolated_quantile(one, .3) == 3.0);
  CHECK(interpolated_quantile(up_to(9), 1) == 9.0);
  CHECK(interpolated_quantile(up_to(9), 0) == 1.0);
}

TEST_CASE("tails refuse what is no level, no deviation and no number") {
  for (const double bad : {0.0, 1.0, -1.0, not_a_number}) {
    CHECK_FALSE(normal_tail({}, bad));
    CHECK_FALSE(student_tail({}, 4, bad));
    CHECK_FALSE(cornish_fisher_tail({}, bad));
    CHECK_FALSE(historical_tail(up_to(9), bad));
  }
  for (const double bad : {0.0, -1.0, not_a_number}) {
    CHECK_FALSE(normal_tail({0, bad}, .95));
    CHECK_FALSE(student_tail({0, bad}, 4, .95));
    CHECK_FALSE(cornish_fisher_tail({0, bad}, .95));
  }
  CHECK_FALSE(normal_tail({not_a_number, 1}, .95));
  CHECK_FALSE(student_tail({}, 2, .95));
  CHECK_FALSE(historical_tail({}, .95));
  CHECK_FALSE(historical_tail(std::vector<double>{1, not_a_number}, .95));
  CHECK_FALSE(interpolated_quantile({}, .5));
  CHECK_FALSE(interpolated_quantile(up_to(9), 1.1));
}

TEST_CASE("row 65: the concentration of a half, three tenths and a fifth") {
  const auto of = concentration_of(std::vector<double>{.5, .3, .2});
  CHECK(std::abs(of->index - .38) < 1e-7);
  CHECK(std::abs(of->effective - 2.6315789) < 1e-7);
}

TEST_CASE("concentration looks at sizes, not at sides or units") {
  CHECK(concentration_of(std::vector<double>{-500, 300, -200})->index == Approx(.38));
  CHECK(concentration_of(std::vector<double>{0, 7, 0})->effective == 1);
  CHECK(concentration_of(std::vector<double>(20, 3))->effective == Approx(20));
  CHECK_FALSE(concentration_of({}));
  CHECK_FALSE(concentration_of(std::vector<double>{0, 0}));
  CHECK_FALSE(concentration_of(std::vector<double>{1, not_a_number}));
}
