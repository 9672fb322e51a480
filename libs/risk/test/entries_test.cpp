#include "engine_driver.hpp"

#include "remora/risk/entries.hpp"
#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <cmath>

using namespace remora;
using namespace remora::risk;

namespace {

/// Four coins at 50000 USD on a spot account; orders are of 10000 USD, and nothing but cash is scarce.
engine_driver spot_account(amount balance) {
  auto s = unbridled();
  s.sizing.method = sizing_method::fixed;
  s.sizing.fixed_size = amount::units(10'000);
  s.starting_balance = balance;
  s.limits.max_position_size = s.limits.max_notional_per_order = amount::units(1'000'000);
  s.limits.max_position_pct = s.limits.max_leverage = 10;
  s.limits.max_concentration_index = 1;
  engine_driver d(s);
  for (std::uint32_t id = 1; id <= 4; ++id) {
    instrument what = perpetual(id, "COIN" + std::to_string(id));
    what.account = account_type::spot;
    d.open(id, what, 499'999, 500'000);
  }
  return d;
}

/// Of a buy at 500000 ticks, at the end of its collar and with its fee.
amount cost_at_collar(std::int64_t lots) {
  const instrument what = perpetual(1, "COIN1");
  const amount most = *notional_of(what, {502'500}, {lots});
  return most + fee_of(most, what.taker_fee_e6);
}

/// Forty minutes of the first instrument, and as many of the second, which moves with it, as that.
void move_together(engine_driver& d, int minutes_of_second) {
  for (int i = 0; i < 40; ++i) {
    for (std::uint32_t id = 1; id <= 2; ++id) {
      bar_closed b;
      b.instrument = instrument_id{id};
      b.period = std::chrono::minutes(1);
      b.open_time = d.now + b.period * i;
      b.close = b.open = b.high = b.low = {500'000 + (i * 7919) % 100};
      if (id == 1 || i < minutes_of_second) d.give(b);
    }
  }
}

}  // namespace

TEST_CASE("entries are cut down to the room that is left, and refused when it is less than the smallest size") {
  auto d = ready();
  const auto first = d.enter(1, side::buy, 500'001);
  CHECK(first.granted.size == quantity{199});  // 9950 of the 10000 USD that are a tenth of the equity
  CHECK(denied_by(d, buy_signal(d)) == "concentration");
  d.out.clear();
  d.give(d.fresh_signal(1, side::sell));  // turns round inside the limit
  CHECK(d.only<parent_ordered>().granted.size == quantity{199});
}

TEST_CASE("a spot account sells only what it holds") {
  instrument spot = perpetual(1, "BTCUSDT");
  spot.account = account_type::spot;
  engine_driver d;
  d.open(1, spot, 500'000, 500'001);
  CHECK(denied_by(d, d.fresh_signal(1, side::sell)) == "spot_inventory");
  d.out.clear();
  d.give(buy_signal(d));
  const auto entry = d.only<parent_ordered>();
  d.part(entry, {50}, 500'001);
  d.finish(entry);
  d.out.clear();
  d.give(d.fresh_signal(1, side::sell));
  const auto sale = d.only<parent_ordered>();
  CHECK(sale.granted.size == quantity{50});
  CHECK(sale.granted.reduce_only);
}

TEST_CASE("instruments that move together are not held together, nor those that may, as far as is known") {
  auto s = unbridled();
  s.limits.max_correlation = 0.7;
  auto d = ready(s);
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  move_together(d, 20);
  d.enter(1, side::buy, 500'001);
  CHECK(refusals(d, 2) == std::vector<std::string>{"correlation_cluster"});  // too few common minutes to know: they may be one name
  d.give(d.fresh_signal(2, side::sell));
  CHECK(d.all<parent_ordered>().empty());  // also against each other: a hedge that is none

  auto e = ready(s);
  e.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  move_together(e, 40);
  e.enter(1, side::buy, 500'001);
  CHECK(denied_by(e, e.fresh_signal(2, side::buy)) == "correlation");
  CHECK(denied_by(e, e.fresh_signal(2, side::sell)) == "correlation_cluster");  // against it, both are as large as one position may be
  s.limits.max_correlation = 1;
  e.restart(s);
  e.give(e.fresh_signal(2, side::buy));
  e.finish(e.only<parent_ordered>());
  s.limits.max_correlation = 0.7;
  e.restart(s);
  CHECK(denied_by(e, e.fresh_signal(2, side::buy)) == "correlation");  // a limit holds from the start with it on, whatever the checkpoint had
}

TEST_CASE("from five names on, what hangs on one of them does not grow, but the others may") {
  risk_settings settings = unbridled();
  settings.sizing.method = sizing_method::fixed;
  engine_driver d(settings);
  for (std::uint32_t id = 1; id <= 5; ++id) d.open(id, perpetual(id, "COIN" + std::to_string(id)), 500'000, 500'001);
  for (const std::uint32_t id : {1U, 1U, 1U, 2U, 3U, 4U}) d.enter(id, side::buy, 500'001);
  d.enter(1, side::buy, 500'001);  // four names: not judged
  d.enter(5, side::buy, 500'001);
  CHECK(denied_by(d, d.fresh_signal(1, side::buy)) == "concentration_index");
  d.enter(2, side::buy, 500'001);
}

TEST_CASE("an entry is held against the last trade as well as the quote") {
  auto d = ready();
  trade_seen trade;
  trade.instrument = btc;
  trade.at = {400'000};
  d.give(trade);
  CHECK(denied_by(d, buy_signal(d)) == "price_band");
  trade.at = {499'000};
  d.give(trade);
  d.out.clear();
  d.give(buy_signal(d));
  CHECK(d.all<parent_ordered>().size() == 1);
}

TEST_CASE("an entry is no larger than the venue's largest order") {
  instrument what = perpetual(1, "BTCUSDT");
  what.quantity_max = {50};
  engine_driver d;
  d.open(1, what, 500'000, 500'001);
  d.give(buy_signal(d));
  CHECK(d.only<parent_ordered>().granted.size == quantity{50});
}

TEST_CASE("the gate sees the venue's largest order, should a size ever not be cut down to it") {
  instrument what = perpetual(1, "BTCUSDT");
  what.quantity_max = {50};
  engine_driver d;
  d.open(1, what, 500'000, 500'001);
  const auto& account = d.engine.account();
  const auto& market = account.markets().at(btc);
  order_request asked{order_purpose::entry, side::buy, {50}, market.ask()};
  const auto refused = [&] { return !!quantity_most(view_of(account, market, asked, unbridled(), d.now)); };
  CHECK_FALSE(refused());
  asked.size = {51};
  CHECK(refused());
}

TEST_CASE("an entry that is worth less than the venue's smallest order is denied") {
  instrument what = perpetual(1, "BTCUSDT");
  what.notional_min = *notional_of(what, {500'001}, {199});
  engine_driver d;
  d.open(1, what, 500'000, 500'001);
  d.give(buy_signal(d));
  CHECK(d.only<parent_ordered>().granted.size == quantity{199});
  what.notional_min += amount{1};
  engine_driver e;
  e.open(1, what, 500'000, 500'001);
  CHECK(denied_by(e, buy_signal(e)) == "notional_min");
}

TEST_CASE("all grants together send no more than the rate: those of open parents count, and what a finished one sent for a second more") {
  risk_settings settings = unbridled();
  settings.limits.max_order_rate = 50;
  engine_driver d(settings);
  for (std::uint32_t id = 1; id <= 3; ++id) d.open(id, perpetual(id, "COIN" + std::to_string(id)), 500'000, 500'001);
  d.give(d.fresh_signal(1, side::buy));
  const auto first = d.only<parent_ordered>();
  d.out.clear();
  d.give(d.fresh_signal(2, side::buy));
  CHECK(d.all<parent_ordered>().size() == 1);
  CHECK(denied_by(d, d.fresh_signal(3, side::buy)) == "order_rate");
  d.finish(first);  // it sent one child
  CHECK(denied_by(d, d.fresh_signal(3, side::buy)) == "order_rate");
  d.pass(seconds(1));
  d.out.clear();
  d.give(d.fresh_signal(3, side::buy));
  CHECK(d.all<parent_ordered>().size() == 1);
}

TEST_CASE("size by volatility looks at the stop, and any size at how much the market moves") {
  risk_settings settings = unbridled();
  settings.sizing.method = sizing_method::volatility;
  settings.sizing.risk_per_trade = 0.00003;  // 3 USD, at a stop 300 ticks away: 5000 USD
  auto d = ready(settings);
  d.give(buy_signal(d));
  CHECK(d.only<parent_ordered>().granted.size == quantity{99});
  settings.sizing.target_volatility = *volatility_of(3e-4) / 2;
  auto e = ready(settings);
  e.give(buy_signal(e));
  CHECK(e.only<parent_ordered>().granted.size == quantity{49});
}

TEST_CASE("every violation of a denied signal is told") {
  auto d = ready();
  d.give(feed_changed{btc, feed_state::stale, "silent"});
  d.now += seconds(3);
  d.out.clear();
  d.give(signal(1, side::buy, d.now - seconds(1), regime::crisis));
  const auto denied = d.only<parent_denied>();
  CHECK(denied.rule == "feed_live");
  std::vector<std::string> further;
  for (const auto& one : denied.further) further.push_back(one.rule);
  CHECK(further == std::vector<std::string>{"market_heard", "quote_known", "signal_fresh", "regime_calm", "order_size", "quantity_min"});
}

TEST_CASE("one signal makes one parent, and no instrument is ordered without end") {
  risk_settings s = unbridled();
  s.limits.max_parents_per_minute = 3;
  auto d = ready(s);
  const auto once = d.fresh_signal(1, side::buy);
  d.give(once);
  d.finish(d.only<parent_ordered>());
  d.restart();
  d.out.clear();
  d.give(once);
  CHECK(d.only<parent_denied>().rule == "signal_unused");
  d.finish(ordered(d));
  d.finish(ordered(d));
  CHECK(refusals(d) == std::vector<std::string>{"repeated_execution"});
  d.now += seconds(60);
  d.give(quote(1, 500'000, 500'001));
  ordered(d);
}

TEST_CASE("spot accounts buy with the cash they have: what is held was paid for, and what is open may be") {
  // Two entries of 199 lots are filled at 50 USD a lot, a third is open and counted at its collar.
  const amount before = amount::units(2 * 199 * 50) + cost_at_collar(199);
  for (const int lacking : {0, 1}) {
    CAPTURE(lacking);
    auto d = spot_account(before + cost_at_collar(1) - amount{lacking});
    d.enter(1, side::buy, 500'000);
    d.enter(2, side::buy, 500'000);
    const auto third = ordered(d, 3);
    d.restart();
    if (lacking == 0) {
      CHECK(ordered(d, 4).granted.size == quantity{1});
      continue;
    }
    CHECK(refusals(d, 4) == std::vector<std::string>{"spot_cash"});
    d.finish(third);
    CHECK(ordered(d, 4).granted.size == quantity{199});
  }
}

TEST_CASE("an entry on a spot account is cut down to the cash that is left") {
  auto d = spot_account(amount::units(15'000));
  ordered(d, 1);
  const quantity second = ordered(d, 2).granted.size;
  CHECK(second < quantity{199});
  CHECK(cost_at_collar(199) + cost_at_collar(second.lots) <= amount::units(15'000));
  CHECK(cost_at_collar(199) + cost_at_collar(second.lots + 1) > amount::units(15'000) - amount::units(1));
}

TEST_CASE("an open buy of a spot account may cost what its collar allows and its fee, whatever the market says now; so may the next") {
  auto d = spot_account(cost_at_collar(199) + cost_at_collar(1) - amount{1});
  ordered(d, 1);
  d.give(quote(1, 450'000, 450'001));
  CHECK(refusals(d, 2) == std::vector<std::string>{"spot_cash"});
}

TEST_CASE("a market whose quotes and book say nothing is no ground for an order, though it trades") {
  auto d = ready();
  d.now += seconds(3);
  CHECK(refusals(d) == std::vector<std::string>{"market_heard"});
  d.give(trade_seen{btc, 1, {500'000}, {1}, side::buy, d.now});
  CHECK(refusals(d) == std::vector<std::string>{"market_heard"});
  book_changed change;
  change.instrument = btc;
  d.give(change);
  ordered(d);
}

TEST_CASE("a score that is no number orders nothing") {
  auto d = ready();
  auto s = d.fresh_signal(1, side::buy);
  s.score = std::nan("");
  d.give(s);
  CHECK(d.all<parent_ordered>().empty());
  CHECK(d.only<parent_denied>().rule == "score_usable");
}

TEST_CASE("an entry by continuous Kelly loses at its stop what the fraction of mean over variance may cost, and none once the edge is lost") {
  auto s = unbridled();
  s.sizing.method = sizing_method::kelly_continuous;
  s.sizing.kelly_fraction = 3e-5;  // the stop is near: 2 of the smallest true range, 3 bp, away
  auto d = ready(s);
  const auto entry = ordered(d);
  // Score 0.8: p = 0.74, so 0.85 / 1.2025 of equity, times the fraction, is 6 bp of the notional.
  const double wanted = 3e-5 * 0.85 / 1.2025 * 100'000 / 6e-4;
  const double lot = to_double(*notional_of(perpetual(1, ""), entry.granted.collar_high, {1}));
  CHECK(static_cast<double>(entry.granted.size.lots) == doctest::Approx(wanted / lot).epsilon(0.5 * lot / wanted));
  d.finish(entry);
  for (int trade = 0; trade < 60; ++trade) {
    auto close = d.enter(1, side::buy, 500'001);
    close.granted.direction = side::sell;
    d.fill(close, 499'400);
    d.pass(seconds(10));
    d.give(quote(1, 500'000, 500'001));
    d.out.clear();
    d.give(d.fresh_signal(1, side::buy));
    if (d.all<parent_ordered>().empty()) break;
    d.finish(d.only<parent_ordered>());
  }
  CHECK(d.only<parent_denied>().rule == "order_size");
}
