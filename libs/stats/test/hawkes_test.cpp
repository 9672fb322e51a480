#include "remora/stats/hawkes.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <vector>

using namespace remora::stats;
using doctest::Approx;

namespace {

const std::vector<double> times{.2, .5, 1.1, 1.15, 1.9, 3, 3.05, 3.2, 4.4, 4.9};

/// μ = 1 and β = 1.
hawkes_model unit(double branching) { return {1, branching, 1}; }

}  // namespace

TEST_CASE("row 29: variance of Hawkes counts in closed form, and row 28 with it") {
  const struct { double branching, window, mean, variance; } rows[] = {
      {.5, 10, 20, 68.0809}, {.5, 100, 200, 788.0}, {.8, 10, 50, 731.20}, {.8, 100, 500, 11900.0}, {.9, 100, 1000, 90100.4}};
  for (const auto& row : rows) {
    CAPTURE(row.branching);
    CAPTURE(row.window);
    const count_moments counts = hawkes_counts(unit(row.branching), row.window);
    CHECK(counts.mean == Approx(row.mean).epsilon(1e-12));
    CHECK(counts.variance == Approx(row.variance).epsilon(1e-5));
  }
}

TEST_CASE("row 30: the branching ratio by mean and variance of those counts") {
  const struct { double branching, window, found; } rows[] = {
      {.5, 10, .45800}, {.5, 100, .49621}, {.8, 10, .73850}, {.8, 100, .79502}, {.9, 100, .89465}};
  for (const auto& row : rows) CHECK(std::abs(branching_by(hawkes_counts(unit(row.branching), row.window)) - row.found) < 1e-5);
  CHECK(branching_by({10, 10}) == 0);
  CHECK(branching_by({10, 4}) == 0);
  CHECK(branching_by({0, 0}) == 0);
}

TEST_CASE("row 30: in short windows of n = 0.9 the ratio is found too small") {
  CHECK(std::abs(branching_by(hawkes_counts(unit(.9), 10)) - .83653) < 1e-5);
}

TEST_CASE("row 31: the log-likelihood of arrivals") {
  CHECK(std::abs(*log_likelihood({1, .8, 1.5}, times, 5) - -4.8171898949) < 1e-9);
  CHECK(std::abs(*log_likelihood({.7, 1.2, 3}, times, 5) - -5.9135525548) < 1e-9);
  CHECK(std::abs(*log_likelihood({2, 0, 1}, times, 5) - -3.0685281944) < 1e-9);  // Poisson of the most likely rate, 10 / 5
}

TEST_CASE("there is no likelihood of times that do not ascend within the span, nor under a model that is none") {
  CHECK_FALSE(log_likelihood({1, .8, 1.5}, std::vector<double>{.5, .2}, 5));
  CHECK_FALSE(log_likelihood({1, .8, 1.5}, times, 4.8));
  CHECK_FALSE(log_likelihood({1, .8, 1.5}, std::vector<double>{-.1}, 5));
  CHECK_FALSE(log_likelihood({1, .8, 1.5}, std::vector<double>{std::numeric_limits<double>::quiet_NaN()}, 5));
  CHECK_FALSE(log_likelihood({0, .8, 1.5}, times, 5));
  CHECK_FALSE(log_likelihood({1, .8, 0}, times, 5));
  CHECK(*log_likelihood({1, .8, 1.5}, {}, 5) == -5);
}
