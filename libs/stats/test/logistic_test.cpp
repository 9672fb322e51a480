#include "remora/stats/logistic.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

logistic_sample drawn_from(const logistic_model& truth, std::size_t n) {
  philox draws(88);
  logistic_sample sample;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> row(truth.weights().size());
    for (double& x : row) x = draws.normal();
    sample.features.insert(sample.features.end(), row.begin(), row.end());
    sample.outcomes.push_back(draws.uniform() < truth.probability(row) ? 1 : 0);
  }
  return sample;
}

double confidence_of(double evidence) { return untrained_confidence().probability({&evidence, 1}); }

}  // namespace

TEST_CASE("row 88: before training, evidence 3, 6 and 12 give a half, 95 % and near certainty") {
  CHECK(std::abs(confidence_of(3) - .5001) < 1e-3);
  CHECK(std::abs(confidence_of(6) - .9500) < 1e-3);
  CHECK(std::abs(confidence_of(12) - .9999) < 1e-3);
}

TEST_CASE("one feature of two values is fitted by its odds, exactly") {
  // At 0: 3 of 10 happened, at 1: 6 of 8.
  logistic_sample sample;
  for (int i = 0; i < 18; ++i) sample.features.push_back(i < 10 ? 0 : 1), sample.outcomes.push_back(i < 3 || i >= 12);
  const auto fit = fit_logistic(sample);
  REQUIRE(fit);
  CHECK(fit->intercept() == Approx(std::log(3.0 / 7)).epsilon(1e-10));
  CHECK(fit->weights().front() == Approx(std::log(3.0) - std::log(3.0 / 7)).epsilon(1e-10));
}

TEST_CASE("the weights that made the outcomes are found again") {
  const logistic_model truth(-1, {0.5, -1.5, 0, 2, 1});
  const auto fit = fit_logistic(drawn_from(truth, 20'000));
  REQUIRE(fit);
  // An error of a weight is near √(1 / (n E[q(1-q)])) = 0.02 to 0.03.
  CHECK(std::abs(fit->intercept() - truth.intercept()) < 0.12);
  for (std::size_t j = 0; j < 5; ++j) CHECK(std::abs(fit->weights()[j] - truth.weights()[j]) < 0.12);
}

TEST_CASE("at the fit the gradient of the penalised likelihood is zero") {
  const logistic_sample sample = drawn_from({0.3, {1, -2}}, 500);
  for (const double ridge : {0.0, 1.0, 100.0}) {
    const auto fit = fit_logistic(sample, ridge).value();
    double gradient[3] = {0, ridge * fit.weights()[0], ridge * fit.weights()[1]};
    for (std::size_t i = 0; i < 500; ++i) {
      const std::span row(&sample.features[2 * i], 2);
      const double error = fit.probability(row) - sample.outcomes[i];
      gradient[0] += error, gradient[1] += error * row[0], gradient[2] += error * row[1];
    }
    for (const double g : gradient) CHECK(std::abs(g) < 1e-5);
  }
}

TEST_CASE("a ridge draws weights to zero, and decides where outcomes are parted without an error") {
  const logistic_sample parted{{-2, -1, 1, 2}, {0, 0, 1, 1}};
  CHECK_FALSE(fit_logistic(parted));
  const auto loose = fit_logistic(parted, 0.01), tight = fit_logistic(parted, 10);
  REQUIRE(loose);
  REQUIRE(tight);
  CHECK(loose->weights().front() > tight->weights().front());
  CHECK(tight->weights().front() > 0);
}

TEST_CASE("without features the fit is the share of outcomes") {
  const auto fit = fit_logistic({{}, {1, 0, 0, 0}});
  REQUIRE(fit);
  CHECK(fit->probability({}) == Approx(0.25));
}

TEST_CASE("large features neither overflow nor mislead") {
  const logistic_model steep(0, {1});
  for (const double x : {-1e9, 1e9}) CHECK(steep.probability({&x, 1}) == (x > 0 ? 1 : 0));
  CHECK(std::isnan(steep.probability({&not_a_number, 1})));
}

TEST_CASE("a fit refuses what it cannot learn from") {
  CHECK_FALSE(fit_logistic({}));
  CHECK_FALSE(fit_logistic({{1, 2, 3}, {1, 0}}));                             // rows are not whole
  CHECK_FALSE(fit_logistic({{1, 2, 3}, {1, 1, 1}}));                          // nothing to tell apart
  CHECK_FALSE(fit_logistic({{1, not_a_number, 3}, {1, 0, 1}}));
  CHECK_FALSE(fit_logistic({{1, 2, 1, 3}, {1, 0, 1, 0}}, -1));
  CHECK_FALSE(fit_logistic({{1, 2, 2, 4, 3, 6, 4, 8}, {1, 0, 1, 0}}));        // one feature is twice the other
  CHECK(fit_logistic({{1, 2, 2, 4, 3, 6, 4, 8}, {1, 0, 1, 0}}, 1));
}

TEST_CASE("the same sample gives the same bits, and a model is saved and loaded whole") {
  const logistic_sample sample = drawn_from({0.3, {1, -2}}, 500);
  const auto fit = fit_logistic(sample, 1).value();
  state_writer writer;
  writer(fit);
  logistic_model loaded;
  state_reader reader(writer.bytes());
  reader(loaded);
  REQUIRE(reader.complete());
  const auto again = fit_logistic(sample, 1).value();
  CHECK(loaded.intercept() == again.intercept());
  CHECK(loaded.weights() == again.weights());
}
