#include "remora/swarm/execution_cost.hpp"

#include "remora/swarm/plan.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <vector>

using namespace remora::swarm;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Table 1 of Almgren and Chriss (2000).
const linear_market table_1{.deviation = .95, .half_spread = .0625, .permanent = 2.5e-7, .temporary = 2.5e-6};

liquidation million(double risk_aversion) { return {1e6, 5, 5, risk_aversion}; }

struct published {
  double risk_aversion, kappa;
  double holdings[4];
  double cost, variance, deviation;
};

const published section_4_3[] = {
    {2e-6, .846297, {428598.8, 182932.8, 76295.7, 27643.4}, 1'140'715.17, 2.019313e11, 449'367.65},
    {1e-6, .607076, {541955.6, 289854.2, 147897.5, 62141.8}, 911'226.99, 3.641286e11, 603'430.67},
    {0, 0, {800000, 600000, 400000, 200000}, 662'500, 1.083e12, 1'040'672.86},
    {-2e-7, .276562, {910056.4, 750948.6, 534768.6, 277946.3}, 717'958.10, 1.584211e12, 1'258'654.32}};

const equity_order ibm{.1, 6.561 / 1728, .0157, 1};
const equity_order dri{.1, 1.929 / 168, .0226, 1};

/// In basis points.
double permanent(const equity_order& order) { return equity_impact_of(order)->permanent * 1e4; }
double temporary(equity_order order, double days) { order.days = days; return equity_impact_of(order)->temporary * 1e4; }
double cost(equity_order order, double days) { order.days = days; return equity_impact_of(order)->cost() * 1e4; }

bool is_near(double basis_points, double reference) { return std::abs(basis_points - reference) < .01; }

}  // namespace

TEST_CASE("row 45: the best schedules of Almgren and Chriss's example for four risk aversions") {
  for (const published& row : section_4_3) {
    CAPTURE(row.risk_aversion);
    const auto best = best_schedule(million(row.risk_aversion), table_1);
    REQUIRE(best);
    CHECK(std::abs(best->kappa - row.kappa) <= 1e-6);
    REQUIRE(best->holdings.size() == 6);
    for (std::size_t j = 0; j < 4; ++j) CHECK(std::abs(best->holdings[j + 1] - row.holdings[j]) < .06);  // printed to a tenth
    CHECK(best->holdings.back() == 0);
    CHECK(best->cost == Approx(row.cost).epsilon(1e-6));
    CHECK(best->variance == Approx(row.variance).epsilon(1e-6));
    CHECK(std::sqrt(best->variance) == Approx(row.deviation).epsilon(1e-6));
  }
}

TEST_CASE("a schedule that is solved again on its way stays the same, and no other schedule is better") {
  const auto best = best_schedule(million(1e-6), table_1).value();
  for (std::size_t k = 1; k < 5; ++k) {
    const auto tail = best_schedule({best.holdings[k], 5.0 - double(k), 5 - k, 1e-6}, table_1).value();
    for (std::size_t j = 0; j < tail.holdings.size(); ++j) CHECK(tail.holdings[j] == Approx(best.holdings[k + j]).epsilon(1e-9));
  }
  for (const double other : {0.0, 5e-7, 2e-6}) {
    const auto worse = best_schedule(million(other), table_1).value();
    CHECK(best.cost + 1e-6 * best.variance < worse.cost + 1e-6 * worse.variance);
  }
}

TEST_CASE("the planner's curve is the schedule's") {
  // 2 asinh(√(λ/η̃) σ τ / 2) / τ is kappa: choose λ so that κT = 6 · 0.5 in 5000 slices.
  const double kappa = 3.0, tau = 1.0 / 5000;
  const double aversion = 2 * (std::cosh(kappa * tau) - 1) / (tau * tau);
  const auto fine = best_schedule({1, 1, 5000, aversion}, {.deviation = 1, .half_spread = 0, .permanent = 0, .temporary = 1}).value();
  for (const std::size_t j : {500u, 1000u, 2500u, 4000u}) CHECK(schedule_curve(0.5).time_of(1 - fine.holdings[j]) == Approx(double(j) / 5000).epsilon(1e-6));
}

TEST_CASE("great urgency does not overflow, and what has no best schedule is refused") {
  const auto urgent = best_schedule({1e6, 5, 500, 10}, table_1);
  REQUIRE(urgent);
  CHECK(std::ranges::all_of(urgent->holdings, [](double x) { return x >= 0 && std::isfinite(x); }));
  CHECK(urgent->holdings[1] < 1e6 * 1e-2);
  CHECK_FALSE(best_schedule(million(-1e-4), table_1));
  CHECK_FALSE(best_schedule(million(not_a_number), table_1));
  CHECK_FALSE(best_schedule({1e6, 0, 5, 0}, table_1));
  CHECK_FALSE(best_schedule({1e6, 5, 0, 0}, table_1));
  CHECK_FALSE(best_schedule(million(0), {.deviation = 1, .half_spread = 0, .permanent = 1, .temporary = .1}));
}

TEST_CASE("row 46: Almgren's cost of a tenth of a day in IBM") {
  CHECK(std::abs(equity_impact_of(ibm)->permanent / ibm.deviation - .1265) < 1e-4);
  CHECK(is_near(permanent(ibm), 19.86));
  CHECK(is_near(temporary(ibm, .1), 22.29));
  CHECK(is_near(temporary(ibm, .2), 14.71));
  CHECK(is_near(temporary(ibm, .5), 8.49));
  CHECK(is_near(cost(ibm, .1), 32.22));
  CHECK(is_near(cost(ibm, .2), 24.64));
  CHECK(is_near(cost(ibm, .5), 18.42));
}

TEST_CASE("row 47: and in DRI") {
  CHECK(is_near(permanent(dri), 21.68));
  CHECK(is_near(temporary(dri, .1), 32.09));
  CHECK(is_near(temporary(dri, .2), 21.17));
  CHECK(is_near(temporary(dri, .5), 12.22));
  CHECK(is_near(cost(dri, .1), 42.93));
  CHECK(is_near(cost(dri, .2), 32.01));
  CHECK(is_near(cost(dri, .5), 23.06));
}

TEST_CASE("row 48: blocks and rate in a book that refills ten times over the horizon") {
  const auto schedule = refill_schedule_of(10);
  REQUIRE(schedule);
  CHECK(std::abs(schedule->block - .0833333) < 1e-7);
  CHECK(std::abs(schedule->between - .8333333) < 1e-7);
  CHECK(2 * schedule->block + schedule->between == Approx(1));
  CHECK(refill_schedule_of(0)->block == .5);
  CHECK_FALSE(refill_schedule_of(-1));
  CHECK_FALSE(refill_schedule_of(not_a_number));
}

TEST_CASE("an equity order without time, turnover or sense has no cost") {
  CHECK(equity_impact_of({0, 1, .02, 1})->cost() == 0);
  CHECK_FALSE(equity_impact_of({.1, 0, .02, 1}));
  CHECK_FALSE(equity_impact_of({.1, 1, .02, 0}));
  CHECK_FALSE(equity_impact_of({-.1, 1, .02, 1}));
  CHECK_FALSE(equity_impact_of({.1, 1, not_a_number, 1}));
}
