#include "remora/stats/bar_variance.hpp"
#include "remora/stats/realised_volatility.hpp"
#include "remora/stats/roll_spread.hpp"
#include "resume.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

struct variations {
  double realised = 0;
  double bipower = 0;
};

variations batch(std::span<const double> returns) {
  variations result;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    result.realised += returns[i] * returns[i];
    if (i > 0) result.bipower += std::numbers::pi / 2 * std::abs(returns[i] * returns[i - 1]);
  }
  return result;
}

}  // namespace

TEST_CASE("streaming variations agree with their definition on every window") {
  philox draws(5);
  realised_volatility estimate(50);
  std::vector<double> returns;
  for (int i = 0; i < 400; ++i) {
    returns.push_back(i == 120 ? 13.8 : 1e-4 * draws.normal());  // one price a million times the last
    REQUIRE(estimate.push(returns.back()));
    if (!estimate.full()) continue;
    const auto truth = batch(std::span(returns).last(50));
    CHECK(*estimate.realised_variance() == Approx(truth.realised).epsilon(1e-5));
    CHECK(*estimate.bipower_variation() == Approx(truth.bipower).epsilon(1e-5));
  }
}

TEST_CASE("a diffusion has no share of jumps, one jump among returns is found to its size") {
  philox draws(6);
  constexpr std::size_t n = 2000;
  realised_volatility calm(n), broken(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double r = 1e-4 * draws.normal();
    calm.push(r);
    broken.push(i == n / 2 ? 1e-4 * std::sqrt(static_cast<double>(n)) : r);
  }
  const double error = std::sqrt((std::numbers::pi * std::numbers::pi / 4 + std::numbers::pi - 5) / static_cast<double>(n));
  CHECK(*calm.jump_share() < 4 * error);
  CHECK(*broken.jump_share() == Approx(0.5).epsilon(0.1));  // the jump's square is as large as all the others'
}

TEST_CASE("variations answer nothing before the window is full, and no jump share of a price that stands still") {
  realised_volatility estimate(3);
  CHECK_FALSE(estimate.push(not_a_number));
  CHECK_FALSE(estimate.push(infinite));
  CHECK(estimate.count() == 0);
  estimate.push(0);
  estimate.push(0);
  CHECK_FALSE(estimate.realised_variance());
  estimate.push(0);
  CHECK(estimate.realised_variance() == 0.0);
  CHECK_FALSE(estimate.jump_share());
}

TEST_CASE("row 42: three variances of the bar 100, 102, 99, 101") {
  const bar_prices bar{100, 102, 99, 101};
  CHECK(std::abs(*parkinson_variance(bar) - 3.2143224e-4) < 1e-10);
  CHECK(std::abs(*garman_klass_variance(bar) - 4.0735305e-4) < 1e-10);
  CHECK(std::abs(*rogers_satchell_variance(bar) - 3.9611477e-4) < 1e-10);
}

TEST_CASE("a bar that is none has no variance") {
  const bar_prices none[] = {{100, 99, 98, 98.5}, {100, 102, 0, 101},           {100, 102, -1, 101},           {100, infinite, 99, 100},
                             {100, 102, 101, 101}, {not_a_number, 102, 99, 101}, {100, 102, 99, not_a_number}};
  for (const bar_prices& bar : none) {
    CHECK_FALSE(parkinson_variance(bar));
    CHECK_FALSE(garman_klass_variance(bar));
    CHECK_FALSE(rogers_satchell_variance(bar));
  }
}

TEST_CASE("row 40: trade prices that change by one, up and down in turn, betray a spread of two") {
  roll_spread estimate;
  for (int i = 0; i < 202; ++i) estimate.push(100 + i % 2);
  CHECK(estimate.count() == 200);
  CHECK(*estimate.value() == 2.0);
}

TEST_CASE("the spread of a random bounce between two quotes is found within its error") {
  philox draws(8);
  roll_spread estimate(0.999);
  double mid = 1000;
  for (int i = 0; i < 20000; ++i) {
    mid += 0.1 * draws.normal();
    estimate.push(mid + (draws.uniform() < 0.5 ? 1.0 : -1.0));
  }
  // cov = -1; the products have a deviation below 3 and about 2000 of them count
  CHECK(*estimate.value() == Approx(2.0).epsilon(0.13));
}

TEST_CASE("a trend has no spread, and a bad price changes nothing") {
  roll_spread estimate;
  for (int i = 0; i < 102; ++i) estimate.push(i);
  CHECK(estimate.value() == 0.0);
  CHECK_FALSE(estimate.push(not_a_number));
  CHECK_FALSE(estimate.push(infinite));
  CHECK(estimate.count() == 100);
}

TEST_CASE("volatility and spread go on with the same bits after a restart") {
  CHECK(resumes(realised_volatility(40), [](auto& e, philox& draws) { e.push(draws.normal()); }));
  CHECK(resumes(roll_spread(), [](auto& e, philox& draws) { e.push(draws.normal()); }));
}
