#include "engine_driver.hpp"

#include "remora/risk/entries.hpp"
#include "remora/risk/sizing.hpp"

#include <limits>

using namespace remora;
using namespace remora::risk;

namespace {

std::string denied_by(engine_driver& d, const signal_raised& s) {
  d.out.clear();
  d.give(s);
  CHECK(d.all<parent_ordered>().empty());
  return d.only<parent_denied>().rule;
}

signal_raised buy(engine_driver& d) { return d.fresh_signal(1, side::buy); }

}  // namespace

TEST_CASE("a signal becomes a parent with a grant around the touch") {
  auto d = ready();
  d.give(buy(d));
  const auto p = d.only<parent_ordered>();
  CHECK(p.id == parent_id{1});
  CHECK(p.purpose == order_purpose::entry);
  CHECK(p.score == 0.8);
  CHECK(p.reference == price{500'001});
  CHECK(p.granted.direction == side::buy);
  CHECK(p.granted.collar_low == price{497'501});
  CHECK(p.granted.collar_high == price{502'501});
  CHECK(p.granted.size == quantity{199});  // 10000 USD at the worst price of the collar
  CHECK(p.granted.notional_max <= amount::units(10'000));
  CHECK(p.granted.notional_max > amount::units(9'900));
  CHECK(p.granted.valid_until == d.now + seconds(10));
  CHECK_FALSE(p.granted.reduce_only);
  CHECK(d.engine.account().worst_case(btc) == *notional_of(perpetual(1, ""), {500'001}, {199}));
  const auto& from = d.out.begin()->from;
  CHECK(from.cause.position == 4);
  CHECK(from.ingest_time == 77);
}

TEST_CASE("circumstances of the market and the account deny a signal by the name of the rule") {
  auto d = ready();
  CHECK(denied_by(d, d.fresh_signal(9, side::buy)) == "instrument_listed");
  CHECK(denied_by(d, signal(1, side::buy, d.now - nanoseconds(1))) == "signal_fresh");
  CHECK(denied_by(d, signal(1, side::buy, d.now, regime::crisis)) == "regime_calm");
  d.give(feed_changed{btc, feed_state::stale, "silent"});
  CHECK(denied_by(d, buy(d)) == "feed_live");
  d.give(feed_changed{btc, feed_state::live, ""});
  CHECK(denied_by(d, buy(d)) == "quote_known");  // the old quote is worth nothing after the gap
  d.give(quote(1, 500'000, 500'001));
  d.give(buy(d));
  CHECK(denied_by(d, buy(d)) == "no_open_parent");
  d.give(stream_ended{});
  CHECK(denied_by(d, buy(d)) == "stream_open");
}

TEST_CASE("entries are cut down to the room that is left, and refused when it is less than the smallest size") {
  auto d = ready();
  const auto first = d.enter(1, side::buy, 500'001);
  CHECK(first.granted.size == quantity{199});  // 9950 of the 10000 USD that are a tenth of the equity
  CHECK(denied_by(d, buy(d)) == "concentration");
  d.out.clear();
  d.give(d.fresh_signal(1, side::sell));  // turns round inside the limit
  CHECK(d.only<parent_ordered>().granted.size == quantity{199});
}

TEST_CASE("while something open cannot be valued no entry is born, and once it has a price the limits speak again") {
  auto d = ready();
  d.give(instrument_listed{perpetual(2, "ETHUSDT")});
  d.give(order_updated{"found at the venue", parent_id{99}, instrument_id{2}, side::buy, order_state::working, {5}, {}, ""});
  CHECK(denied_by(d, buy(d)) == "exposure_known");
  d.give(quote(2, 30'000, 30'001));
  d.out.clear();
  d.give(buy(d));
  CHECK(d.all<parent_ordered>().size() == 1);
}

TEST_CASE("lots beyond counting let no entry pass, on neither side, nor after a part of them is booked or held against them") {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  for (const side reported : {side::buy, side::sell}) {
    for (const side held : {side::buy, side::sell}) {
      for (const std::uint32_t where : {1U, 2U}) {
        auto d = ready();
        d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
        d.enter(where, held, 500'000);
        d.give(order_updated{"wrong", parent_id{99}, instrument_id{where}, reported, order_state::working, {largest}, {}, ""});
        CHECK(denied_by(d, d.fresh_signal(1, side::buy)) == "exposure_known");
        CHECK(denied_by(d, d.fresh_signal(1, side::sell)) == "exposure_known");
        d.give(order_filled{77, "wrong", parent_id{99}, instrument_id{where}, reported, {500'000}, {3}, {}, liquidity::taker});
        CHECK(denied_by(d, d.fresh_signal(1, side::buy)) == "exposure_known");
        CHECK(denied_by(d, d.fresh_signal(1, side::sell)) == "exposure_known");
      }
    }
  }
}

TEST_CASE("a spot account sells only what it holds") {
  instrument spot = perpetual(1, "BTCUSDT");
  spot.account = account_type::spot;
  engine_driver d;
  d.open(1, spot, 500'000, 500'001);
  CHECK(denied_by(d, d.fresh_signal(1, side::sell)) == "spot_inventory");
  d.out.clear();
  d.give(buy(d));
  const auto entry = d.only<parent_ordered>();
  d.part(entry, {50}, 500'001);
  d.finish(entry);
  d.out.clear();
  d.give(d.fresh_signal(1, side::sell));
  const auto sale = d.only<parent_ordered>();
  CHECK(sale.granted.size == quantity{50});
  CHECK(sale.granted.reduce_only);
}

TEST_CASE("what round trips bring is learned: losses make entries smaller, and then there are none") {
  auto d = ready();
  const quantity first = d.enter(1, side::buy, 500'001).granted.size;
  quantity last = first;
  int trades = 0;
  for (; trades < 400 && last.lots > 0; ++trades) {
    const auto& held = d.engine.account().positions.at(instrument_id{1});
    parent_ordered exit;
    exit.id = parent_id{1'000'000u + static_cast<unsigned>(trades)};
    exit.instrument = instrument_id{1};
    exit.granted.direction = side::sell;
    exit.granted.size = held.size;
    d.fill(exit, 499'500);
    CHECK(d.engine.account().edge.count() == static_cast<std::uint64_t>(trades + 1));
    d.restart();
    d.pass(seconds(3));
    d.give(quote(1, 500'000, 500'001));
    d.out.clear();
    d.give(d.fresh_signal(1, side::buy));
    const auto born = d.all<parent_ordered>();
    const quantity size = born.empty() ? quantity{} : born.front().granted.size;
    CHECK(size <= last);
    last = size;
    if (!born.empty()) d.fill(born.front(), 500'001);
  }
  CHECK(trades > 5);
  CHECK(last.lots == 0);
  CHECK(d.only<parent_denied>().rule == "order_size");
}

TEST_CASE("instruments that move together are not held together") {
  auto d = ready();
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  for (int i = 0; i < 40; ++i) {
    for (std::uint32_t id = 1; id <= 2; ++id) {
      bar_closed b;
      b.instrument = instrument_id{id};
      b.period = std::chrono::minutes(1);
      b.open_time = d.now + b.period * i;
      b.close = b.open = b.high = b.low = {500'000 + (i * 7919) % 100};
      if (id == 1 || i < 20) d.give(b);
    }
  }
  d.enter(1, side::buy, 500'001);
  d.give(d.fresh_signal(2, side::buy));
  d.fill(d.only<parent_ordered>(), 500'001);  // too few common minutes to know
  CHECK(d.engine.correlations_unjudged() == 1);

  auto e = ready();
  e.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  for (int i = 0; i < 40; ++i) {
    for (std::uint32_t id = 1; id <= 2; ++id) {
      bar_closed b;
      b.instrument = instrument_id{id};
      b.period = std::chrono::minutes(1);
      b.open_time = e.now + b.period * i;
      b.close = b.open = b.high = b.low = {500'000 + (i * 7919) % 100};
      e.give(b);
    }
  }
  e.enter(1, side::buy, 500'001);
  CHECK(denied_by(e, e.fresh_signal(2, side::buy)) == "correlation");
  CHECK(denied_by(e, e.fresh_signal(2, side::sell)) == "correlation_cluster");  // against it, both are as large as one position may be
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
  CHECK(denied_by(d, buy(d)) == "price_band");
  trade.at = {499'000};
  d.give(trade);
  d.out.clear();
  d.give(buy(d));
  CHECK(d.all<parent_ordered>().size() == 1);
}

TEST_CASE("an entry is no larger than the venue's largest order") {
  instrument what = perpetual(1, "BTCUSDT");
  what.quantity_max = {50};
  engine_driver d;
  d.open(1, what, 500'000, 500'001);
  d.give(buy(d));
  CHECK(d.only<parent_ordered>().granted.size == quantity{50});
}

TEST_CASE("the gate sees the venue's largest order, should a size ever not be cut down to it") {
  instrument what = perpetual(1, "BTCUSDT");
  what.quantity_max = {50};
  engine_driver d;
  d.open(1, what, 500'000, 500'001);
  const auto& account = d.engine.account();
  const auto& market = account.markets.at(btc);
  order_request asked{order_purpose::entry, side::buy, {50}, market.ask};
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
  d.give(buy(d));
  CHECK(d.only<parent_ordered>().granted.size == quantity{199});
  what.notional_min += amount{1};
  engine_driver e;
  e.open(1, what, 500'000, 500'001);
  CHECK(denied_by(e, buy(e)) == "notional_min");
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
  d.give(buy(d));
  CHECK(d.only<parent_ordered>().granted.size == quantity{99});
  settings.sizing.target_volatility = *volatility_of(3e-4) / 2;
  auto e = ready(settings);
  e.give(buy(e));
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

TEST_CASE("a stop fires once, reduces only, and is tried again after an exit that filled nothing") {
  auto d = ready();
  d.enter(1, side::buy, 500'001);
  // No bars: the ATR is 3 bp of the price, 150 ticks; the stop is 300 ticks below the entry.
  d.give(quote(1, 499'702, 499'703));
  CHECK(d.all<parent_ordered>().empty());
  d.give(quote(1, 499'701, 499'702));
  const auto exit = d.only<parent_ordered>();
  CHECK(exit.purpose == order_purpose::stop_loss);
  CHECK(exit.urgency == 1);
  CHECK(exit.granted.direction == side::sell);
  CHECK(exit.granted.size == quantity{199});
  CHECK(exit.granted.reduce_only);
  CHECK(exit.reference == price{499'701});
  d.give(quote(1, 499'000, 499'001));
  CHECK(d.all<parent_ordered>().size() == 1);
  d.finish(exit);
  d.give(quote(1, 498'900, 498'901));
  CHECK(d.all<parent_ordered>().size() == 1);  // not at once
  d.out.clear();
  d.pass(seconds(1));
  const auto again = d.only<parent_ordered>();
  CHECK(again.reference == price{498'900});
  CHECK(d.out.begin()->from.ingest_time == 0);
  CHECK_FALSE(d.out.begin()->from.cause.none());
  d.fill(again, 498'900);
  CHECK(d.engine.account().positions.flat());
  d.out.clear();
  d.give(quote(1, 490'000, 490'001));
  d.pass(seconds(60));
  CHECK(d.all<parent_ordered>().empty());
  CHECK_FALSE(d.engine.next_wake());
}

TEST_CASE("a partly filled exit is followed by one for the rest while the condition holds") {
  auto d = ready();
  d.enter(1, side::sell, 500'000);
  d.give(quote(1, 499'400, 499'500));
  const auto exit = d.only<parent_ordered>();
  CHECK(exit.purpose == order_purpose::take_profit);
  d.part(exit, {100}, 499'500);
  d.finish(exit);
  d.out.clear();
  d.pass(seconds(1));
  CHECK(d.only<parent_ordered>().granted.size == quantity{99});
}

TEST_CASE("a stop takes back the entry that is still at work") {
  auto d = ready();
  d.give(buy(d));
  const auto entry = d.only<parent_ordered>();
  d.part(entry, {50}, 500'001);
  d.out.clear();
  d.give(quote(1, 499'000, 499'001));
  CHECK(d.only<grant_revoked>().id == entry.id);
  CHECK(d.only<parent_ordered>().granted.size == quantity{50});
  CHECK(d.engine.account().open.range_of(btc, {50}).high == quantity{199});  // until the entry finished
}

TEST_CASE("CRISIS revokes entries and takes profit") {
  auto d = ready();
  d.enter(1, side::buy, 500'001);
  d.give(quote(1, 500'010, 500'011));
  CHECK(d.all<parent_ordered>().empty());
  d.give(regime_changed{btc, regime::normal, regime::crisis, 0, 0, 0});
  CHECK(d.only<parent_ordered>().purpose == order_purpose::crisis_exit);
}

TEST_CASE("a loss of a twentieth of the day's equity stops new risk until the next UTC day, if no person need resume") {
  risk_settings settings = unbridled();
  settings.states.operator_resumes = false;
  settings.starting_balance = amount::units(10'000);
  settings.sizing.min_size = amount::units(1'000);
  settings.limits.max_position_pct = 1;
  settings.stops.stop_loss_atr = 10'000;
  settings.stops.trailing_stop_atr = 0;
  settings.states.max_drawdown = 1;
  auto d = ready(settings);
  d.give(buy(d));
  const auto p = d.only<parent_ordered>();
  d.part(p, p.granted.size, 500'001);
  d.out.clear();
  d.give(quote(1, 100'000, 100'001));
  CHECK(d.only<breaker_tripped>().breaker == "daily_loss");
  CHECK(d.only<grant_revoked>().id == p.id);
  CHECK(d.all<parent_ordered>().empty());
  CHECK(d.engine.reduce_only());
  d.finish(p);
  CHECK(denied_by(d, buy(d)) == "breaker_closed");
  d.now += std::chrono::hours(12);
  d.give(quote(1, 100'000, 100'001));
  CHECK_FALSE(d.engine.reduce_only());
}

TEST_CASE("the loss breaker flattens if it is told to") {
  risk_settings settings = unbridled();
  settings.starting_balance = amount::units(10'000);
  settings.sizing.min_size = amount::units(1'000);
  settings.limits.max_position_pct = 1;
  settings.stops.stop_loss_atr = 10'000;
  settings.stops.trailing_stop_atr = 0;
  settings.states.max_drawdown = 1;
  settings.stops.flatten_on_breaker = true;
  auto d = ready(settings);
  d.enter(1, side::buy, 500'001);
  d.give(quote(1, 100'000, 100'001));
  CHECK(d.only<parent_ordered>().purpose == order_purpose::close_out);
}

TEST_CASE("grants are revoked when the feed goes stale, and when EXECUTION does not end them in time") {
  auto d = ready();
  d.give(buy(d));
  const auto first = d.only<parent_ordered>();
  d.give(feed_changed{btc, feed_state::stale, "silent"});
  CHECK(d.only<grant_revoked>().id == first.id);
  d.finish(first);
  d.give(feed_changed{btc, feed_state::live, ""});
  d.give(quote(1, 500'000, 500'001));
  d.give(buy(d));
  d.out.clear();
  d.pass(seconds(10));
  CHECK(d.out.empty());
  d.pass(seconds(10));
  CHECK(d.only<grant_revoked>().reason == "the grant expired");
  CHECK(d.engine.account().worst_case(btc) > amount{});
  CHECK_FALSE(d.engine.next_wake());
}

TEST_CASE("the end of the data closes positions if configured, in a bounded number of attempts") {
  risk_settings settings = unbridled();
  settings.stops.close_on_stop = true;
  auto d = ready(settings);
  d.enter(1, side::buy, 500'001);
  d.give(stream_ended{});
  int exits = 0;
  for (; !d.all<parent_ordered>().empty(); ++exits) {
    const auto exit = d.only<parent_ordered>();
    CHECK(exit.purpose == order_purpose::close_out);
    d.out.clear();
    d.finish(exit);
    d.pass(seconds(300));
  }
  CHECK(exits == 5);
  CHECK_FALSE(d.engine.next_wake());

  auto kept = ready();
  kept.enter(1, side::buy, 500'001);
  kept.give(stream_ended{});
  kept.give(quote(1, 400'000, 400'001));
  CHECK(kept.all<parent_ordered>().empty());
}

TEST_CASE("a position that is held for too long is closed") {
  risk_settings settings = unbridled();
  settings.stops.max_holding = seconds(30);
  auto d = ready(settings);
  d.enter(1, side::buy, 500'001);
  d.pass(seconds(29));
  CHECK(d.all<parent_ordered>().empty());
  d.pass(seconds(1));
  CHECK(d.only<parent_ordered>().purpose == order_purpose::time_stop);
  CHECK(d.now == noon + seconds(30));
}

TEST_CASE("a fill is booked and reported once") {
  auto d = ready();
  d.give(buy(d));
  const auto p = d.only<parent_ordered>();
  d.out.clear();
  const order_filled f{5, "child", p.id, btc, side::buy, {500'001}, {10}, amount::units(1), liquidity::taker};
  d.give(f);
  d.give(f);
  CHECK(d.only<fill_booked>().position_after == quantity{10});
  const auto report = d.only<risk_reported>();
  CHECK(report.fees == amount::units(1));
  CHECK(report.equity == report.cash + report.unrealised);
  CHECK(report.positions.at(0).average == price{500'001});
  CHECK(report.worst_case_exposure == d.engine.account().worst_case());
}

TEST_CASE("a fill that cannot be accounted for trips a breaker for good") {
  auto d = ready();
  d.give(order_filled{1, "child", parent_id{1}, instrument_id{9}, side::buy, {1}, {1}, {}, liquidity::taker});
  CHECK(d.only<breaker_tripped>().breaker == "accounting");
  CHECK(denied_by(d, buy(d)) == "breaker_closed");
  d.now += std::chrono::hours(48);
  d.give(quote(1, 500'000, 500'001));
  CHECK(denied_by(d, d.fresh_signal(1, side::buy)) == "breaker_closed");
}

TEST_CASE("the account is reported each minute while something is held, once for all instruments") {
  auto d = ready();
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  bar_closed b;
  b.instrument = btc;
  b.period = std::chrono::minutes(1);
  b.open_time = noon;
  b.open = b.high = b.low = b.close = {500'000};
  d.give(b);
  CHECK(d.all<risk_reported>().empty());
  d.enter(1, side::buy, 500'001);
  b.open_time += b.period;
  d.give(b);
  b.instrument = instrument_id{2};
  d.give(b);
  CHECK(d.all<risk_reported>().size() == 1);
}
