#include "engine_driver.hpp"

#include "remora/risk/entries.hpp"
#include "remora/risk/sizing.hpp"

#include <limits>

using namespace remora;
using namespace remora::risk;

TEST_CASE("a signal becomes a parent with a grant around the touch") {
  auto d = ready();
  d.give(buy_signal(d));
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
  CHECK(denied_by(d, buy_signal(d)) == "feed_live");
  d.give(feed_changed{btc, feed_state::live, ""});
  CHECK(denied_by(d, buy_signal(d)) == "quote_known");  // the old quote is worth nothing after the gap
  d.give(quote(1, 500'000, 500'001));
  d.give(buy_signal(d));
  CHECK(denied_by(d, buy_signal(d)) == "no_open_parent");
  d.give(stream_ended{});
  CHECK(denied_by(d, buy_signal(d)) == "stream_open");
}

TEST_CASE("while something open cannot be valued no entry is born, and once it has a price the limits speak again") {
  auto d = ready();
  d.give(instrument_listed{perpetual(2, "ETHUSDT")});
  d.give(order_updated{"found at the venue", parent_id{99}, instrument_id{2}, side::buy, order_state::working, {5}, {}, ""});
  CHECK(denied_by(d, buy_signal(d)) == "exposure_known");
  d.give(quote(2, 30'000, 30'001));
  d.out.clear();
  d.give(buy_signal(d));
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

TEST_CASE("what round trips bring is learned: losses make entries smaller, and then there are none") {
  auto d = ready();
  const quantity first = d.enter(1, side::buy, 500'001).granted.size;
  quantity last = first;
  int trades = 0;
  for (; trades < 400 && last.lots > 0; ++trades) {
    const auto& held = d.engine.account().positions().at(instrument_id{1});
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
  CHECK(d.engine.account().positions().flat());
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
  d.give(buy_signal(d));
  const auto entry = d.only<parent_ordered>();
  d.part(entry, {50}, 500'001);
  d.out.clear();
  d.give(quote(1, 499'000, 499'001));
  CHECK(d.only<grant_revoked>().id == entry.id);
  CHECK(d.only<parent_ordered>().granted.size == quantity{50});
  CHECK(d.engine.account().open().range_of(btc, {50}).high == quantity{199});  // until the entry finished
}

TEST_CASE("CRISIS revokes entries and takes profit") {
  auto d = ready();
  d.enter(1, side::buy, 500'001);
  d.give(quote(1, 500'010, 500'011));
  CHECK(d.all<parent_ordered>().empty());
  d.give(regime_changed{btc, regime::normal, regime::crisis, 0, 0, 0});
  CHECK(d.only<parent_ordered>().purpose == order_purpose::crisis_exit);

  auto e = ready();
  const auto entry = ordered(e);
  e.out.clear();
  e.give(regime_changed{btc, regime::normal, regime::high_volatility, 0, 0, 0});
  CHECK(e.all<grant_revoked>().empty());
  e.give(regime_changed{btc, regime::high_volatility, regime::crisis, 0, 0, 0});
  CHECK(e.only<grant_revoked>().id == entry.id);
}

TEST_CASE("the end of the data takes back entries, and no exit") {
  auto d = ready();
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  d.enter(2, side::buy, 500'001);
  const auto entry = ordered(d);
  d.give(quote(2, 400'000, 400'001));  // through the stop
  CHECK(d.all<parent_ordered>().back().purpose == order_purpose::stop_loss);
  d.out.clear();
  d.give(stream_ended{});
  CHECK(d.only<grant_revoked>().id == entry.id);
}

TEST_CASE("a loss of a twentieth of the day's equity stops new risk until the next UTC day, if no person need resume") {
  risk_settings settings = unbridled();
  settings.states.operator_resumes = operator_lifts::nothing;
  settings.starting_balance = amount::units(10'000);
  settings.sizing.min_size = amount::units(1'000);
  settings.limits.max_position_pct = 1;
  settings.stops.stop_loss_atr = 10'000;
  settings.stops.trailing_stop_atr = 0;
  settings.states.max_drawdown = 1;
  auto d = ready(settings);
  d.give(buy_signal(d));
  const auto p = d.only<parent_ordered>();
  d.part(p, p.granted.size, 500'001);
  d.out.clear();
  d.give(quote(1, 100'000, 100'001));
  CHECK(d.only<breaker_tripped>().breaker == "daily_loss");
  CHECK(d.only<grant_revoked>().id == p.id);
  CHECK(d.all<parent_ordered>().empty());
  CHECK(d.engine.reduce_only());
  d.finish(p);
  CHECK(denied_by(d, buy_signal(d)) == "breaker_closed");
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
  d.give(buy_signal(d));
  const auto first = d.only<parent_ordered>();
  d.give(feed_changed{btc, feed_state::stale, "silent"});
  CHECK(d.only<grant_revoked>().id == first.id);
  d.finish(first);
  d.give(feed_changed{btc, feed_state::live, ""});
  d.give(quote(1, 500'000, 500'001));
  d.give(buy_signal(d));
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
  d.give(buy_signal(d));
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
  CHECK(report.worst_case_exposure == d.engine.account().stakes().gross());
}

TEST_CASE("a fill that cannot be accounted for trips a breaker for good") {
  auto d = ready();
  d.give(order_filled{1, "child", parent_id{1}, instrument_id{9}, side::buy, {1}, {1}, {}, liquidity::taker});
  CHECK(d.only<breaker_tripped>().breaker == "accounting");
  CHECK(denied_by(d, buy_signal(d)) == "breaker_closed");
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
