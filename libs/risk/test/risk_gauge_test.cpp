#include "remora/risk/risk_gauge.hpp"

#include "remora/base/random.hpp"
#include "remora/stats/kupiec.hpp"
#include "saved.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::risk;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double day = 37.94733192202055;  // √1440

instrument_id id(std::size_t n) { return instrument_id{static_cast<std::uint32_t>(n)}; }

minute_row row_of(const std::vector<double>& values) {
  minute_row row;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) row.returns.push_back({id(i + 1), values[i]});
  return row;
}

/// Three names: a market, one that follows it twice as far, one of its own.
std::vector<double> market_minute(philox& draws) {
  const double market = .001 * draws.normal();
  return {market, 2 * market + .0005 * draws.normal(), .002 * draws.normal()};
}

risk_gauge led(int minutes, std::uint64_t seed, gauge_settings settings = {}) {
  risk_gauge gauge(settings);
  philox draws(seed);
  for (int t = 0; t < minutes; ++t) gauge.push(row_of(market_minute(draws)));
  return gauge;
}

/// Skew and excess kurtosis of returns of which these are the losses, in long double.
return_moments shaped(const std::vector<double>& losses, double deviation) {
  long double mean = 0, m2 = 0, m3 = 0, m4 = 0;
  const auto n = static_cast<long double>(losses.size());
  for (const double l : losses) mean += -l / n;
  for (const double l : losses) m2 += std::pow(-l - mean, 2) / n, m3 += std::pow(-l - mean, 3) / n, m4 += std::pow(-l - mean, 4) / n;
  return {0, deviation, static_cast<double>(m3 / std::pow(m2, 1.5L)), static_cast<double>(m4 / (m2 * m2) - 3)};
}

}  // namespace

TEST_CASE("of one instrument the gauge tells what the pure functions do") {
  philox draws(1);
  risk_gauge gauge({.window = 400});
  std::vector<double> scores;
  double square = 0, weight = 0;
  for (int t = 0; t < 700; ++t) {
    const double r = .001 * draws.normal() * (t % 100 < 50 ? 1 : 3) * (draws.uniform() < .3 ? 1.5 : 1);
    if (t >= 30) scores.push_back(r / std::sqrt(square));
    weight += .01 * (1 - weight);
    square += .01 / weight * (r * r - square);
    REQUIRE(gauge.push(row_of({r})));
  }
  scores.erase(scores.begin(), scores.end() - 400);
  for (const double exposure : {5'000.0, -20'000.0}) {
    const auto measured = gauge.measure({{id(1), exposure}}, 100'000);
    REQUIRE(measured);
    const double share = exposure / 100'000, deviation = std::sqrt(square);
    std::vector<double> losses;
    for (const double z : scores) losses.push_back(-share * deviation * z);
    const auto history = *historical_tail(losses, .95), normal = *normal_tail({0, std::abs(share) * deviation}, .95);
    const auto bent = cornish_fisher_tail(shaped(losses, std::abs(share) * deviation), .95);
    CHECK(measured->observations == 400);
    CHECK(*measured->historical_var == Approx(day * history.value_at_risk).epsilon(1e-9));
    CHECK(*measured->historical_cvar == Approx(day * history.shortfall).epsilon(1e-9));
    CHECK(*measured->normal_var == Approx(day * normal.value_at_risk).epsilon(1e-9));
    CHECK(*measured->normal_cvar == Approx(day * normal.shortfall).epsilon(1e-9));
    REQUIRE(bent);
    CHECK(*measured->cornish_fisher_var == Approx(day * bent->value_at_risk).epsilon(1e-9));
    CHECK(*measured->cornish_fisher_cvar == Approx(day * bent->shortfall).epsilon(1e-9));
    CHECK(measured->leverage == Approx(std::abs(share)));
    CHECK(measured->concentration == 1);
    CHECK(measured->effective_names == 1);
    CHECK(measured->correlations.empty());
  }
}

TEST_CASE("of several names the normal loss is that of their covariance, the historical one that of the same minutes") {
  const risk_gauge gauge = led(2'000, 2);
  const exposures_type held{{id(1), 30'000}, {id(2), -10'000}, {id(3), 20'000}};
  const auto m = gauge.measure(held, 100'000);
  REQUIRE(m);
  const auto covariance = gauge.correlations().covariance(std::vector{id(1), id(2), id(3)});
  const std::vector<double> shares{.3, -.1, .2};
  CHECK(*m->normal_var == Approx(day * 1.6448536 * std::sqrt(stats::product_of(*covariance, shares, shares))));
  CHECK(*m->historical_var == Approx(*m->normal_var).epsilon(.2));  // returns are normal
  CHECK(m->observations == 1'440);
  CHECK(m->leverage == Approx(.6));
  CHECK(m->concentration == Approx((9. + 1 + 4) / 36));
  CHECK(m->effective_names == Approx(36. / 14));
  REQUIRE(m->correlations.size() == 3);
  CHECK(m->correlations[0].one == id(1));
  CHECK(m->correlations[0].other == id(2));
  CHECK(m->correlations[0].correlation == *gauge.correlations().correlation(id(1), id(2)));
  CHECK(std::abs(m->correlations[1].correlation) >= std::abs(m->correlations[2].correlation));
}

TEST_CASE("losses are shares: twice positions and equity tell the same, twice positions twice") {
  const risk_gauge gauge = led(1'000, 3);
  philox draws(3);
  for (int run = 0; run < 20; ++run) {
    const double a = 1e5 * draws.normal(), b = 1e5 * draws.normal(), c = 1e5 * draws.normal();
    const auto one = *gauge.measure({{id(1), a}, {id(2), b}, {id(3), c}}, 1e5);
    const auto same = *gauge.measure({{id(1), 7 * a}, {id(2), 7 * b}, {id(3), 7 * c}}, 7e5);
    const auto twice = *gauge.measure({{id(1), 2 * a}, {id(2), 2 * b}, {id(3), 2 * c}}, 1e5);
    for (const auto field : {&risk_measured::historical_var, &risk_measured::historical_cvar, &risk_measured::normal_var, &risk_measured::normal_cvar}) {
      CHECK(*(same.*field) == Approx(*(one.*field)).epsilon(1e-9));
      CHECK(*(twice.*field) == Approx(2 * *(one.*field)).epsilon(1e-9));
    }
    CHECK(one.cornish_fisher_var.has_value() == same.cornish_fisher_var.has_value());
    CHECK(same.concentration == Approx(one.concentration));
    CHECK(*one.historical_cvar >= *one.historical_var);
    const auto opposite = *gauge.measure({{id(1), -a}, {id(2), -b}, {id(3), -c}}, 1e5);
    CHECK(*opposite.normal_var == Approx(*one.normal_var));
  }
}

TEST_CASE("the loss of names together is never above the sum of each, by the normal law and in the historical shortfall") {
  const risk_gauge gauge = led(1'000, 4);
  philox draws(4);
  for (int run = 0; run < 20; ++run) {
    const double a = 1e5 * draws.normal(), b = 1e5 * draws.normal();
    const auto one = *gauge.measure({{id(1), a}}, 1e5), other = *gauge.measure({{id(3), b}}, 1e5), both = *gauge.measure({{id(1), a}, {id(3), b}}, 1e5);
    CHECK(*both.normal_var <= (*one.normal_var + *other.normal_var) * (1 + 1e-9));
    CHECK(*both.historical_cvar <= (*one.historical_cvar + *other.historical_cvar) * (1 + 1e-9));
  }
}

TEST_CASE("a hedged position loses little, and moves little with the market") {
  risk_gauge gauge = led(3'000, 5, {.correlations = {.lambda = .999}});
  CHECK_FALSE(gauge.measure({{id(1), 20'000}}, 1e5)->beta);
  gauge.set_benchmark(id(1));
  const auto open = *gauge.measure({{id(2), 10'000}}, 1e5), hedged = *gauge.measure({{id(1), -20'000}, {id(2), 10'000}}, 1e5);
  CHECK(*hedged.historical_var < .4 * *open.historical_var);  // half a follower's own 0.0005 beside 0.00206: a quarter
  CHECK(*open.beta == Approx(.2).epsilon(.1));
  CHECK(std::abs(*hedged.beta) < .02);
  CHECK(*open.benchmark_correlation == Approx(.97).epsilon(.03));
  CHECK(*gauge.measure({{id(1), 50'000}}, 1e5)->beta == Approx(.5));
  CHECK(*gauge.measure({{id(1), -50'000}}, 1e5)->benchmark_correlation == Approx(-1));
}

TEST_CASE("the past is played at today's volatility") {
  philox draws(6);
  risk_gauge gauge;
  for (int t = 0; t < 1'500; ++t) gauge.push(row_of({.001 * draws.normal()}));
  const double calm = *gauge.measure({{id(1), 1e5}}, 1e5)->historical_var;
  for (int t = 0; t < 300; ++t) gauge.push(row_of({.004 * draws.normal()}));
  const double storm = *gauge.measure({{id(1), 1e5}}, 1e5)->historical_var;
  // Four times, less what 300 of 399 minutes forget (5 %), with 5 % of error in each of the two deviations.
  CHECK(storm / calm > 3.2);
  CHECK(storm / calm < 5.0);
}

TEST_CASE("of what follows, as much is worse as was told, also when volatility swings") {
  philox draws(7);
  risk_gauge gauge;
  stats::tally history, normal;
  double variance = 1e-6;
  for (int t = 0; t < 6'000; ++t) {
    const double r = std::sqrt(variance) * draws.normal();
    if (const auto m = gauge.measure({{id(1), 1e5}}, 1e5); m->historical_var && m->normal_var && t % 2 == 0) {
      ++history.trials, ++normal.trials;
      history.hits += -r > *m->historical_var / day ? 1 : 0;
      normal.hits += -r > *m->normal_var / day ? 1 : 0;
    }
    gauge.push(row_of({r}));
    variance = 1e-8 + .03 * r * r + .96 * variance;  // GARCH(1,1): swings of hours
  }
  CHECK(history.trials > 2'500);
  CHECK(*stats::kupiec_ratio(history, .05) < 6.63);  // 1 %
  CHECK(*stats::kupiec_ratio(normal, .05) < 6.63);
}

TEST_CASE("where the expansion is not valid there is none, and the gravest of the others counts") {
  philox draws(8);
  risk_gauge gauge;
  for (int t = 0; t < 1'500; ++t) gauge.push(row_of({(draws.uniform() < .004 ? -.02 : .001) * draws.normal()}));
  const auto m = *gauge.measure({{id(1), 1e5}}, 1e5);
  CHECK_FALSE(m.cornish_fisher_var);
  REQUIRE(m.historical_var);
  REQUIRE(m.normal_var);
  CHECK(gravest_of(m)->value_at_risk == std::max(*m.historical_var, *m.normal_var));
  CHECK(gravest_of(m)->shortfall == std::max(*m.historical_cvar, *m.normal_cvar));
  CHECK_FALSE(gravest_of(risk_measured{}));
}

TEST_CASE("losses are told when there is enough to tell them from, and leverage at once") {
  philox draws(9);
  risk_gauge gauge;
  for (int t = 1; t <= 290; ++t) {
    gauge.push(row_of({.001 * draws.normal()}));
    const auto m = *gauge.measure({{id(1), 2e5}}, 1e5);
    CHECK(m.leverage == 2);
    CHECK(m.normal_var.has_value() == (t >= 30));
    CHECK(m.historical_var.has_value() == (t >= 280));
    CHECK(m.observations == static_cast<std::uint64_t>(std::max(0, t - 30)));
  }
}

TEST_CASE("a minute that a held name lacks is left out, one that another lacks is not") {
  philox draws(10);
  risk_gauge gauge;
  for (int t = 0; t < 1'000; ++t) {
    auto values = market_minute(draws);
    if (t % 2 == 0) values[2] = not_a_number;
    gauge.push(row_of(values));
  }
  CHECK(gauge.measure({{id(1), 1e4}, {id(2), 1e4}}, 1e5)->observations == 970);
  CHECK(gauge.measure({{id(1), 1e4}, {id(3), 1e4}}, 1e5)->observations == 470);
}

TEST_CASE("a name without history makes every loss unknown; nothing held loses nothing") {
  const risk_gauge gauge = led(1'000, 11);
  const auto unknown = *gauge.measure({{id(1), 1e4}, {id(9), 1}}, 1e5);
  CHECK_FALSE(unknown.historical_var);
  CHECK_FALSE(unknown.normal_var);
  CHECK_FALSE(gravest_of(unknown));
  CHECK(unknown.leverage > .1);
  const auto nothing = *gauge.measure({{id(9), 0}}, 1e5);
  CHECK(gravest_of(nothing)->value_at_risk == 0);
  CHECK(nothing.leverage == 0);
  CHECK(nothing.concentration == 0);
}

TEST_CASE("what is no number is refused and changes nothing") {
  risk_gauge gauge = led(400, 12);
  for (const double bad : {not_a_number, 1 / 0.0, -1 / 0.0}) CHECK_FALSE(gauge.measure({{id(1), bad}}, 1e5));
  for (const double bad : {not_a_number, 1 / 0.0, 0.0, -5.0}) CHECK_FALSE(gauge.measure({{id(1), 1}}, bad));
  const std::string before = bytes_of(gauge);
  CHECK_FALSE(gauge.push({{}, {{id(1), not_a_number}}}));
  CHECK_FALSE(gauge.push({{}, {{id(2), .1}, {id(1), .1}}}));
  CHECK(bytes_of(gauge) == before);
}

TEST_CASE("memory does not grow once the window is full") {
  risk_gauge gauge = led(200, 13, {.window = 100});
  const std::size_t size = bytes_of(gauge).size();
  philox draws(14);
  for (int t = 0; t < 500; ++t) gauge.push(row_of(market_minute(draws)));
  CHECK(bytes_of(gauge).size() == size);
}

TEST_CASE("bars of a minute lead to the same measure as the rows they make") {
  philox draws(15);
  risk_gauge by_bars, by_rows;
  minute_rows rows;
  std::int64_t ticks = 1'000'000;
  for (int t = 0; t < 400; ++t) {
    bar_closed bar;
    bar.instrument = id(1);
    bar.period = std::chrono::minutes(1);
    bar.open_time = timestamp(std::chrono::minutes(t));
    bar.close = {ticks += static_cast<std::int64_t>(1'000 * draws.normal())};
    by_bars.push(bar);
    if (const auto row = rows.push(bar)) by_rows.push(*row);
  }
  by_bars.close_before(timestamp(std::chrono::minutes(400)));
  by_rows.push(*rows.close_before(timestamp(std::chrono::minutes(400))));
  CHECK(by_bars.count() == 399);
  CHECK(*by_bars.measure({{id(1), 1e5}}, 1e5)->historical_var == *by_rows.measure({{id(1), 1e5}}, 1e5)->historical_var);
}

TEST_CASE("a gauge that was saved and loaded goes on with the same bits") {
  risk_gauge original = led(90, 16, {.correlations = {.observations_min = 10}, .window = 60, .observations_min = 20});
  original.set_benchmark(id(1));
  philox draws(16, 1);
  for (int t = 0; t < 150; ++t) {
    risk_gauge loaded = reloaded(original);
    const auto values = market_minute(draws);
    original.push(row_of(values)), loaded.push(row_of(values));
    REQUIRE(bytes_of(original) == bytes_of(loaded));
    const exposures_type held{{id(1), 1e4}, {id(3), -2e4}};
    CHECK(*original.measure(held, 1e5)->historical_cvar == *loaded.measure(held, 1e5)->historical_cvar);
    CHECK(*original.measure(held, 1e5)->beta == *loaded.measure(held, 1e5)->beta);
  }
}
