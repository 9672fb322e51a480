#include "remora/risk/sizing.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace remora;
using namespace remora::risk;

namespace {

sizing_settings without_cap() {
  sizing_settings s;
  s.max_kelly_share = 1;
  return s;
}

amount kelly_at(double score, regime r, amount equity) { return wanted_size(without_cap(), {score, r, equity}); }

}  // namespace

TEST_CASE("row 67: one percent of 100,000 at two true ranges of 2.5 is 200 units") {
  instrument what;
  what.tick_size = {1, 2};
  what.lot_size = {1, 0};
  const amount loss = share_of(amount::units(100'000), 0.01);
  for (const std::int64_t ticks : {100, 10'000, 123'456}) {
    CHECK(quantity_for(what, price{ticks}, notional_at_stop(loss, price{ticks}, price{2 * 250})).lots == 200);
    CHECK(quantity_for(what, price{ticks}, notional_at_stop(loss, price{ticks}, price{2 * 250 + 1})).lots == 199);
  }
}

TEST_CASE("an inverse contract loses at its stop what was meant too") {
  instrument what;
  what.tick_size = {1, 1};
  what.lot_size = {1, 0};
  what.multiplier = {1, 0};
  what.inverse = true;
  const price entry{500'000}, distance{5'000};
  const quantity size = quantity_for(what, entry, notional_at_stop(amount::units(1'000), entry, distance));
  CHECK(size.lots == 100'000);
  CHECK(*profit_of(what, entry, entry - distance, size) == amount::units(-1'000));
}

TEST_CASE("no size at a stop that is nowhere, without a price, or without anything to lose") {
  CHECK(notional_at_stop(amount::units(1'000), {100}, {}) == amount{});
  CHECK(notional_at_stop(amount::units(1'000), {100}, {-5}) == amount{});
  CHECK(notional_at_stop(amount::units(1'000), {}, {5}) == amount{});
  CHECK(notional_at_stop({}, {100}, {5}) == amount{});
  CHECK(notional_at_stop(amount::units(-1), {100}, {5}) == amount{});
  CHECK(notional_at_stop({static_cast<int128>(1) << 126}, {100}, {5}) == amount{});
}

TEST_CASE("size by volatility loses its share of equity at the stop, half of it while RISK is REDUCED, and stays inside its bounds") {
  sizing_settings settings;
  settings.method = sizing_method::volatility;
  settings.max_size = amount::units(100'000);
  sizing_view view{0.1, regime::crisis, amount::units(100'000)};
  view.reference = price{10'000};
  view.stop_distance = price{200};
  CHECK(wanted_size(settings, view) == amount::units(25'000));  // 500 at 2 %
  view.reduced = true;
  CHECK(wanted_size(settings, view) == amount::units(12'500));
  view.stop_distance = price{10};
  CHECK(wanted_size(settings, view) == amount::units(50'000));
  view.stop_distance = price{10'000'000};
  CHECK(wanted_size(settings, view) == settings.min_size);
  view.stop_distance = {};
  CHECK(wanted_size(settings, view) == amount{});
}

TEST_CASE("a market that moves more than the target makes sizes smaller, one that moves less does not make them larger") {
  sizing_settings settings;
  settings.method = sizing_method::fixed;
  settings.target_volatility = 0.5;
  sizing_view view{0.5, regime::normal, amount::units(100'000)};
  view.volatility = 1.0;
  CHECK(wanted_size(settings, view) == amount::units(500));
  view.volatility = 0.1;
  CHECK(wanted_size(settings, view) == amount::units(1'000));
  view.volatility.reset();
  CHECK(wanted_size(settings, view) == amount{});
}

TEST_CASE("a minute's range tells a year's volatility") {
  // 1e-3 / sqrt(8 / pi) * sqrt(525600)
  CHECK(volatility_of(1e-3).value() == doctest::Approx(0.4543).epsilon(1e-3));
  CHECK_FALSE(volatility_of(0));
  CHECK_FALSE(volatility_of(-1));
  CHECK_FALSE(volatility_of(std::nan("")));
}

TEST_CASE("one position gets no more than its share of equity by Kelly, what is held counted, and what was learned replaces the prior") {
  sizing_view view{1.0, regime::normal, amount::units(100'000)};
  CHECK(wanted_size({}, view) == amount::units(5'000));
  view.held = amount::units(3'000);
  CHECK(wanted_size({}, view) == amount::units(2'000));
  view.held = amount::units(4'901);
  CHECK(wanted_size({}, view) == amount{});
  view.held = {};
  view.learned.emplace().bet_share = 0.0166667;
  CHECK(to_double(wanted_size({}, view)) == doctest::Approx(416.67).epsilon(1e-4));
  view.learned->bet_share = 0;
  CHECK(wanted_size({}, view) == amount{});
  view.learned->bet_share = std::nan("");
  CHECK(wanted_size({}, view) == amount{});
}

TEST_CASE("continuous Kelly loses mean over variance of equity at the stop, by what was learned or else by the prior, in every regime's measure") {
  sizing_settings settings = without_cap();
  settings.method = sizing_method::kelly_continuous;
  settings.max_size = amount::units(1'000'000'000);
  settings.max_kelly_share = 1'000;
  sizing_view view{0.7, regime::normal, amount::units(100'000)};
  view.reference = price{10'000};
  view.stop_distance = price{100};
  // p = 0.71, b = 1.5: mean 0.775, variance 2.5^2 x 0.71 x 0.29 = 1.286875; a quarter of 0.602234 of equity is what 1 % of the notional may be.
  CHECK(to_double(wanted_size(settings, view)) == doctest::Approx(0.25 * 0.775 / 1.286875 * 100'000 / 0.01).epsilon(1e-6));
  view.market_regime = regime::high_volatility;
  CHECK(to_double(wanted_size(settings, view)) == doctest::Approx(0.125 * 0.775 / 1.286875 * 100'000 / 0.01).epsilon(1e-6));
  view.market_regime = regime::normal;
  view.learned.emplace().step_share = 0.02;
  view.learned->bet_share = 0.9;
  CHECK(wanted_size(settings, view) == amount::units(50'000));
  view.stop_distance = price{200};
  CHECK(wanted_size(settings, view) == amount::units(25'000));
  settings.max_kelly_share = 0.05;
  CHECK(wanted_size(settings, view) == amount::units(5'000));
  view.learned->step_share = 0;
  CHECK(wanted_size(settings, view) == amount{});
  view.learned->step_share = std::nan("");
  CHECK(wanted_size(settings, view) == amount{});
  view.learned.reset();
  view.stop_distance = {};
  CHECK(wanted_size(settings, view) == amount{});  // nobody knows what a stop that is nowhere loses
}

TEST_CASE("the best score of a prior that would then be certain wants as much as the one beside it, and no more than was learned") {
  for (const auto method : {sizing_method::kelly_criterion, sizing_method::kelly_continuous}) {
    sizing_settings settings;
    settings.method = method;
    settings.win_probability_slope = 0.5;
    sizing_view view{1.0, regime::normal, amount::units(100'000)};
    view.reference = price{10'000};
    view.stop_distance = price{200};
    CHECK(wanted_size(settings, view) == amount::units(5'000));
    const bet best = prior_of(settings, 1.0);
    CHECK(best.win_probability == 0.99);
    edge_estimate losses;
    for (int i = 0; i < 1'000; ++i) REQUIRE(losses.push(-1));
    view.learned = losses.judge({best.win_probability, best.payoff_ratio, 0});
    CHECK(view.learned.has_value());
    CHECK(wanted_size(settings, view) == amount{});
  }
}

TEST_CASE("a score that is no number wants nothing by any method") {
  for (const auto method : {sizing_method::kelly_criterion, sizing_method::fixed, sizing_method::volatility, sizing_method::kelly_continuous}) {
    sizing_settings settings;
    settings.method = method;
    sizing_view view{std::nan(""), regime::normal, amount::units(100'000)};
    view.reference = price{10'000};
    view.stop_distance = price{200};
    CHECK(wanted_size(settings, view) == amount{});
    view.score = 0.7;
    CHECK(wanted_size(settings, view) > amount{});
  }
}

TEST_CASE("Kelly sizing follows the blueprint's prior and the regime") {
  const amount equity = amount::units(10'000);
  // Score 0.7: p = 0.71, f* = 0.71 - 0.29 / 1.5, a quarter of it.
  CHECK(to_double(kelly_at(0.7, regime::normal, equity)) == doctest::Approx(1291.666667));
  CHECK(to_double(kelly_at(0.7, regime::high_volatility, equity)) == doctest::Approx(645.833333));
  CHECK(to_double(kelly_at(0.7, regime::trending, equity)) == doctest::Approx(1550.0));
  CHECK(to_double(kelly_at(0.0, regime::normal, equity)) == doctest::Approx(416.666667));
}

TEST_CASE("a wanted size stays between the smallest and the largest") {
  CHECK(kelly_at(1.0, regime::normal, amount::units(100'000)) == amount::units(10'000));
  CHECK(kelly_at(0.0, regime::normal, amount::units(1'000)) == amount::units(100));
  CHECK(kelly_at(7.0, regime::normal, amount::units(1'000)) == kelly_at(1.0, regime::normal, amount::units(1'000)));
}

TEST_CASE("without an edge or without equity nothing is wanted") {
  sizing_settings settings;
  settings.payoff_ratio = 0.5;  // p = 0.5 loses on average
  CHECK(wanted_size(settings, {0.0, regime::normal, amount::units(100'000)}) == amount{});
  CHECK(kelly_at(0.9, regime::normal, amount{}) == amount{});
  CHECK(kelly_at(0.9, regime::normal, amount::units(-5)) == amount{});
}

TEST_CASE("fixed sizing ignores score and regime but not the bounds") {
  sizing_settings settings;
  settings.method = sizing_method::fixed;
  CHECK(wanted_size(settings, {0.1, regime::high_volatility, amount::units(50'000)}) == amount::units(1'000));
  settings.fixed_size = amount::units(50'000);
  CHECK(wanted_size(settings, {0.1, regime::normal, amount::units(50'000)}) == amount::units(10'000));
}

TEST_CASE("a share of money is exact to a millionth of the share") {
  CHECK(share_of(amount::units(100'000), 0.05) == amount::units(5'000));
  CHECK(share_of(amount::units(-3), 0.5).nanos == -1'500'000'000);
  CHECK(share_of(amount{static_cast<int128>(1) << 110}, 3.0).nanos == (static_cast<int128>(3) << 110));
}
