#include "remora/stats/sharpe.hpp"

#include "remora/base/random.hpp"
#include "remora/stats/equity_ratios.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

sharpe_sample normal_record(double ratio, std::uint64_t returns) { return {ratio, returns, 0, 3}; }

std::vector<double> powers(double rho, std::size_t lags) {
  std::vector<double> r;
  for (std::size_t k = 1; k <= lags; ++k) r.push_back(std::pow(rho, double(k)));
  return r;
}

/// Years of a strategy with annual ratio 2 against one with 1.
double years(double periods, double skew = 0, double kurtosis = 3) {
  return *track_record_min({2 / std::sqrt(periods), 0, skew, kurtosis}, 1 / std::sqrt(periods)) / periods;
}

/// Annual ratio 2.5 over five years of days, skewed and heavy, as in the paper.
sharpe_sample paper_record(double skew = -3, double kurtosis = 10) { return {2.5 / std::sqrt(250.0), 1250, skew, kurtosis}; }

}  // namespace

TEST_CASE("row 68: Lo's error of three Sharpe ratios") {
  CHECK(std::abs(*sharpe_error(normal_record(.5, 12)) - .3062) < 1e-4);
  CHECK(std::abs(*sharpe_error(normal_record(.5, 60)) - .1369) < 1e-4);
  CHECK(std::abs(*sharpe_error(normal_record(1, 60)) - .1581) < 1e-4);
}

TEST_CASE("row 69: the factor from a month's Sharpe ratio to a year's under autocorrelation") {
  const std::pair<double, double> lo[] = {{-.2, 4.1708}, {-.1, 3.7979}, {0, 3.4641}, {.1, 3.1601}, {.2, 2.8788}, {.5, 2.1213}, {.9, 1.2070}};
  for (const auto& [rho, factor] : lo) CHECK(std::abs(*aggregation_factor(powers(rho, 11)) - factor) < 1e-4);
  CHECK(*aggregation_factor({}) == 1);
  CHECK_FALSE(aggregation_factor(std::vector<double>(11, -1)));
}

TEST_CASE("row 70: the probability that a fund of hedge funds has skill, with and without its shape") {
  CHECK(std::abs(*probabilistic_sharpe({.458, 24, -2.448, 10.164}) - .913361) < 1e-5);
  CHECK(std::abs(*probabilistic_sharpe(normal_record(.458, 24)) - .981675) < 1e-5);
}

TEST_CASE("row 71: years until a Sharpe ratio of two is told from one") {
  CHECK(std::abs(years(250) - 2.7312) < 1e-4);
  CHECK(std::abs(years(52) - 2.8288) < 1e-4);
  CHECK(std::abs(years(12) - 3.2398) < 1e-4);
  CHECK(std::abs(years(12, -.72, 5.78) - 4.9913) < 1e-4);
}

TEST_CASE("row 72: the expected largest of 10, 45, 100 and 1000 normals") {
  const std::pair<std::uint64_t, double> bracket[] = {{10, 1.574598}, {45, 2.235640}, {100, 2.530603}, {1000, 3.255122}};
  for (const auto& [trials, value] : bracket) CHECK(std::abs(*expected_maximum(trials) - value) < 1e-6);
  CHECK(*expected_maximum(1) == 0);
  CHECK(*expected_maximum(1'000'000'000'000) < 8);
}

TEST_CASE("row 73: with 45 trials five years of data show a Sharpe ratio of one without skill") {
  CHECK(std::abs(*backtest_years_min(45) - 4.998) < 1e-3);
  CHECK(*backtest_years_min(45, 2) == Approx(*backtest_years_min(45) / 4));
}

TEST_CASE("row 74: the deflated Sharpe ratio of the paper's example, a hundred trials") {
  const trial_count tried{100, .5 / 250};
  CHECK(std::abs(*luck_of(tried) - .113172) < 1e-6);
  CHECK(std::abs(*deflated_sharpe(paper_record(), tried) - .900397) < 1e-5);
}

TEST_CASE("row 75: 46 trials, or 88 with normal returns, leave it at 95 %") {
  CHECK(std::abs(*deflated_sharpe(paper_record(), {46, .5 / 250}) - .950502) < 1e-5);
  CHECK(std::abs(*deflated_sharpe(paper_record(0, 3), {88, .5 / 250}) - .950491) < 1e-5);
}

TEST_CASE("a record's ratio and shape are measured from its returns") {
  const std::vector<double> returns{1, 2, 3, 4, 10};
  const auto record = sharpe_of(returns);
  REQUIRE(record);
  CHECK(record->returns == 5);
  CHECK(record->ratio == Approx(4 / std::sqrt(12.5)));
  CHECK(record->skew == Approx(36 / std::pow(10, 1.5)));       // moments 10, 36, 278.8
  CHECK(record->kurtosis == Approx(278.8 / 100));
  philox draws(68);
  std::vector<double> normal(100'000);
  for (double& r : normal) r = 0.1 + draws.normal();
  CHECK(std::abs(sharpe_of(normal)->ratio - 0.1) < 4 * *sharpe_error(*sharpe_of(normal)));
  CHECK(std::abs(sharpe_of(normal)->skew) < 4 * std::sqrt(6 / 1e5));
  CHECK(std::abs(sharpe_of(normal)->kurtosis - 3) < 4 * std::sqrt(24 / 1e5));
}

TEST_CASE("luck grows with trials and takes probability from a record") {
  double before = 1;
  for (const std::uint64_t trials : {1u, 10u, 100u, 1000u}) {
    const double now = *deflated_sharpe(paper_record(), {trials, .5 / 250});
    CHECK(now < before);
    before = now;
  }
  CHECK(*deflated_sharpe(paper_record(), {1, .5 / 250}) == *probabilistic_sharpe(paper_record()));
}

TEST_CASE("Sharpe statistics refuse what carries no answer") {
  CHECK_FALSE(sharpe_of(std::vector<double>{1}));
  CHECK_FALSE(sharpe_of(std::vector<double>{1, 1, 1}));
  CHECK_FALSE(sharpe_of(std::vector<double>{1, not_a_number}));
  CHECK_FALSE(sharpe_error({}));
  CHECK_FALSE(probabilistic_sharpe(normal_record(1, 1)));
  CHECK_FALSE(probabilistic_sharpe({1, 24, 3, 3}));  // a skew that no law of that kurtosis has
  CHECK_FALSE(probabilistic_sharpe(normal_record(1, 24), not_a_number));
  CHECK_FALSE(track_record_min(normal_record(1, 24), 1));
  CHECK_FALSE(track_record_min(normal_record(1, 24), 0, 1));
  CHECK_FALSE(expected_maximum(0));
  CHECK_FALSE(luck_of({10, -1}));
  CHECK_FALSE(deflated_sharpe(paper_record(), {0, 1}));
  CHECK_FALSE(backtest_years_min(0));
  CHECK_FALSE(backtest_years_min(10, 0));
}

TEST_CASE("row 78: the ratios of seven points of equity") {
  const auto ratios = judge_equity(std::vector<double>{100, 110, 105, 120, 90, 95, 130});
  REQUIRE(ratios);
  CHECK(std::abs(ratios->drawdown - .25) < 1e-6);
  CHECK(std::abs(*ratios->profit_factor - 1.8571429) < 1e-6);
  CHECK(std::abs(*ratios->recovery - 1) < 1e-6);
  CHECK(std::abs(*ratios->sharpe - .3014450) < 1e-6);
  CHECK(std::abs(*ratios->sortino - .5966775) < 1e-6);
  CHECK(std::abs(ratios->ulcer - .1241939) < 1e-6);
  CHECK(std::abs(*ratios->calmar - .1787900) < 1e-6);
}

TEST_CASE("row 66: a random walk of 2000 steps falls by 1.22 deviations on average, Brownian motion by 1.2533141") {
  constexpr int runs = 2'500, steps = 2'000;
  constexpr double base = 1e9;  // so high that a share of the peak is a share of the base
  philox draws(66);
  double total = 0, squares = 0;
  std::vector<double> equity(steps + 1);
  for (int run = 0; run < runs; ++run) {
    equity[0] = base;
    for (std::size_t i = 1; i < equity.size(); ++i) equity[i] = equity[i - 1] + draws.normal();
    const double fall = judge_equity(equity)->drawdown * base / std::sqrt(double(steps));
    total += fall, squares += fall * fall;
  }
  const double mean = total / runs, error = std::sqrt((squares / runs - mean * mean) / runs);
  CHECK(std::abs(mean - 1.22) < 4 * error);
  CHECK(error < 0.0122);  // 1 %
  CHECK(std::abs(expected_drawdown(1) - 1.2533141) < 1e-7);
}

TEST_CASE("a curve that never falls has no ratio to its falls") {
  const auto rising = judge_equity(std::vector<double>{1, 2, 4});
  CHECK(rising->drawdown == 0);
  CHECK_FALSE(rising->profit_factor);
  CHECK_FALSE(rising->recovery);
  CHECK_FALSE(rising->sharpe);  // each return is 100 %
  CHECK_FALSE(rising->sortino);
  CHECK_FALSE(rising->calmar);
  CHECK_FALSE(judge_equity(std::vector<double>{1}));
  CHECK_FALSE(judge_equity(std::vector<double>{1, 0}));
  CHECK_FALSE(judge_equity(std::vector<double>{1, not_a_number, 2}));
}
