#include "engine_driver.hpp"
#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <cmath>

using namespace remora;
using namespace remora::risk;

namespace {

order_updated ended(const parent_ordered& p, int child, order_state how, std::string reason = "") {
  return {"child" + std::to_string(child), p.id, p.instrument, p.granted.direction, how, {1}, {}, std::move(reason)};
}

}  // namespace

TEST_CASE("a fall of equity makes entries smaller, and a deeper one leaves everything until an operator resumes") {
  auto d = ready(all_in());
  const auto full = d.enter(1, side::buy, 500'001);
  CHECK(full.granted.size == quantity{199});  // 9950
  d.give(quote(1, 470'000, 470'001));         // 597 lost
  CHECK(d.only<risk_state_changed>().after == risk_state::reduced);
  CHECK(d.all<parent_ordered>().empty());
  CHECK(ordered(d).granted.size.lots == 105);  // 4975 at the collar's worst, not 10000
  CHECK(d.only<parent_ordered>().purpose == order_purpose::entry);
  const auto entry = d.only<parent_ordered>();
  d.out.clear();
  d.give(quote(1, 480'000, 480'001));
  CHECK(d.only<risk_state_changed>().after == risk_state::normal);
  d.out.clear();
  d.give(quote(1, 440'000, 440'001));
  CHECK(d.only<risk_state_changed>().after == risk_state::reduce_only);
  CHECK(d.only<grant_revoked>().id == entry.id);
  const auto exit = d.only<parent_ordered>();
  CHECK(exit.purpose == order_purpose::flatten);
  CHECK(exit.granted.size == quantity{199});
  d.finish(entry);
  d.fill(exit, 440'000);
  d.restart();
  d.now += std::chrono::hours(48);
  d.give(quote(1, 440'000, 440'001));
  CHECK(refuses(d, "breaker_closed"));
  command(d, operator_action::resume);
  CHECK(last_news(d).after == risk_state::normal);
  CHECK(last_news(d).causes.back().reason == "ada resumed: drill");
  CHECK(ordered(d).granted.size.lots > 200);
}

namespace {

/// A minute of market 1, one percent up or down.
void wild_minute(engine_driver& d, int minute) {
  bar_closed b;
  b.instrument = instrument_id{1};
  b.period = std::chrono::minutes(1);
  b.open_time = noon + b.period * minute;
  b.close = b.open = b.high = b.low = {minute % 2 == 0 ? 500'000 : 505'000};
  d.now = std::max(d.now, b.open_time + b.period);
  d.give(quote(1, 499'999, 500'000));
  d.give(b);
}

}  // namespace

TEST_CASE("a portfolio that may lose too much in a day makes entries smaller while it is held, and measures are told each minute") {
  auto d = ready();
  const auto usual = ordered(d).granted.size;
  auto e = ready();
  int minute = 0;
  for (; minute < 300; ++minute) wild_minute(e, minute);
  CHECK(e.all<risk_measured>().empty());
  const auto entry = e.enter(1, side::buy, 500'000);
  wild_minute(e, minute++);
  const auto told = e.only<risk_measured>();
  REQUIRE(told.normal_var);
  const double share = 0.01 * std::sqrt(1'440) * 1.645 * told.leverage;  // of a deviation of 1 % a minute
  CHECK(*told.normal_var == doctest::Approx(share).epsilon(0.02));
  CHECK(told.historical_var);
  CHECK(e.engine.state() == risk_state::reduced);
  CHECK(e.engine.causes().find("value_at_risk")->since == e.now);
  e.restart();
  CHECK(e.engine.state() == risk_state::reduced);
  e.open(2, perpetual(2, "ETHUSDT"), 499'999, 500'000);
  e.out.clear();
  e.give(e.fresh_signal(2, side::buy));
  CHECK(e.only<parent_ordered>().granted.size.lots == usual.lots / 2);
  auto close = entry;
  close.granted.direction = side::sell;
  e.fill(close, 500'000);
  wild_minute(e, minute++);
  CHECK(last_news(e).after == risk_state::normal);
}

TEST_CASE("a loss that cannot be told any more does not lift what was too much: a name without history makes nothing smaller") {
  auto d = ready();
  int minute = 0;
  for (; minute < 300; ++minute) wild_minute(d, minute);
  const auto first = d.enter(1, side::buy, 500'000);
  wild_minute(d, minute++);
  REQUIRE(d.engine.state() == risk_state::reduced);
  d.open(2, perpetual(2, "ETHUSDT"), 499'999, 500'000);
  d.out.clear();
  const auto second = d.enter(2, side::buy, 500'000);
  wild_minute(d, minute++);
  REQUIRE_FALSE(d.all<risk_measured>().empty());
  CHECK_FALSE(risk::gravest_of(d.all<risk_measured>().back()));
  CHECK(d.engine.state() == risk_state::reduced);
  for (auto close : {first, second}) {
    close.granted.direction = side::sell;
    d.fill(close, 500'000);
  }
  wild_minute(d, minute++);
  CHECK(d.engine.state() == risk_state::normal);
}

TEST_CASE("orders that the venue refuses stop new risk until they are forgotten; post-only ones that would have taken do not count") {
  for (const bool by_design : {true, false}) {
    auto s = unbridled();
    s.states.operator_resumes = operator_lifts::nothing;
    auto d = ready(s);
    const auto p = ordered(d);
    for (int i = 1; i <= 20; ++i) d.give(ended(p, i, i <= 2 ? order_state::rejected : order_state::expired, by_design ? "a post-only order would take" : "no margin"));
    for (int i = 1; i <= 20; ++i) d.give(ended(p, i, order_state::rejected, "no margin"));  // each counts once
    CHECK(d.engine.reduce_only() == !by_design);
    CHECK(d.all<grant_revoked>().size() == (by_design ? 0 : 1));
    d.finish(p);
    d.restart();
    d.now += seconds(299);
    d.give(quote(1, 500'000, 500'001));
    CHECK(d.engine.reduce_only() == !by_design);
    d.now += seconds(1);
    d.give(quote(1, 500'000, 500'001));
    CHECK_FALSE(d.engine.reduce_only());
    ordered(d);
  }
}

TEST_CASE("a day's loss and refusals wait for a person, the loss also for the next day") {
  auto refused = ready();
  const auto p = ordered(refused);
  for (int i = 1; i <= 20; ++i) refused.give(ended(p, i, order_state::rejected, "no margin"));
  refused.finish(p);
  refused.now += std::chrono::hours(1);
  refused.give(quote(1, 500'000, 500'001));
  CHECK(refuses(refused, "breaker_closed"));
  command(refused, operator_action::resume);
  CHECK(refused.engine.state() == risk_state::normal);
  ordered(refused);

  auto s = all_in();
  s.limits.max_daily_drawdown = 0.03;
  auto lost = ready(s);
  lost.enter(1, side::buy, 500'001);
  lost.give(quote(1, 484'000, 484'001));
  lost.now += std::chrono::hours(24);
  lost.give(quote(1, 484'000, 484'001));
  lost.restart();
  CHECK(lost.engine.causes().names() == "daily_loss");
  command(lost, operator_action::resume);
  CHECK(lost.engine.state() == risk_state::normal);
}

TEST_CASE("while the feed of what is held is stale nothing new is risked anywhere, and exits go on") {
  auto d = ready();
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  d.enter(1, side::buy, 500'001);
  const auto other = ordered(d, 2);
  d.out.clear();
  d.give(feed_changed{instrument_id{1}, feed_state::stale, "nothing was heard"});
  CHECK(last_news(d).causes.at(0).name == "feed_stale");
  CHECK(d.only<grant_revoked>().id == other.id);
  d.finish(other);
  d.restart();
  CHECK(refuses(d, "breaker_closed", 2));
  d.give(feed_changed{instrument_id{1}, feed_state::live, ""});
  d.give(quote(1, 500'000, 500'001));
  CHECK(d.engine.state() == risk_state::normal);
  ordered(d, 2);
}

TEST_CASE("where everything waits for a person, a feed that is back and a loss that is no longer to be feared lift nothing, over restarts") {
  auto s = unbridled();
  s.states.operator_resumes = operator_lifts::everything;
  auto d = ready(s);
  int minute = 0;
  for (; minute < 300; ++minute) wild_minute(d, minute);
  auto close = d.enter(1, side::buy, 500'000);
  wild_minute(d, minute++);
  d.give(feed_changed{instrument_id{1}, feed_state::stale, "nothing was heard"});
  CHECK(d.engine.causes().names() == "feed_stale, value_at_risk");
  d.give(feed_changed{instrument_id{1}, feed_state::live, ""});
  d.give(quote(1, 500'000, 500'001));
  close.granted.direction = side::sell;
  d.fill(close, 500'000);
  wild_minute(d, minute++);
  d.restart();
  wild_minute(d, minute++);
  CHECK(d.engine.causes().names() == "feed_stale, value_at_risk");
  command(d, operator_action::resume, "");
  CHECK(d.engine.state() == risk_state::reduce_only);
  command(d, operator_action::resume, "the feed is back and nothing is held");
  CHECK(d.engine.state() == risk_state::normal);
  ordered(d);
}

TEST_CASE("resume hides no loss that is to be feared still, and forgets no fall that was not deep, whoever has to lift them") {
  auto s = unbridled();
  s.states.operator_resumes = operator_lifts::everything;
  SUBCASE("a day may still lose too much") {
    auto d = ready(s);
    int minute = 0;
    for (; minute < 300; ++minute) wild_minute(d, minute);
    d.enter(1, side::buy, 500'000);
    wild_minute(d, minute++);
    REQUIRE(d.engine.causes().names() == "value_at_risk");
    command(d, operator_action::resume, "seen");
    CHECK(d.engine.causes().names() == "value_at_risk");
    d.open(2, perpetual(2, "ETHUSDT"), 499'999, 500'000);
    d.enter(2, side::buy, 500'000);  // no history: nothing can be told
    command(d, operator_action::resume, "seen");
    CHECK(d.engine.causes().names() == "value_at_risk");
  }
  SUBCASE("a fall that made entries smaller") {
    s = all_in();
    s.states.operator_resumes = operator_lifts::everything;
    auto d = ready(s);
    d.enter(1, side::buy, 500'001);
    const amount peak = d.engine.account().positions().peak();
    std::int64_t bid = 500'000;
    const auto falls_to = [&](double share) {
      while (d.engine.account().positions().equity() > share_of(peak, share)) d.give(quote(1, bid -= 500, bid + 1));
    };
    falls_to(0.94);
    REQUIRE(d.engine.state() == risk_state::reduced);
    command(d, operator_action::resume, "the feed is back");
    CHECK(d.engine.state() == risk_state::reduced);
    falls_to(0.89);
    CHECK(d.engine.state() == risk_state::reduce_only);  // a tenth below the peak, whatever was resumed on the way
  }
}

TEST_CASE("an entry that is at work gets smaller when the state becomes REDUCED") {
  auto s = all_in();
  s.states.reduced_drawdown = 0.01;
  auto d = ready(s);
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  d.enter(1, side::buy, 500'001);
  const auto open = d.engine.account().open().open_entry(instrument_id{2});
  REQUIRE(open == nullptr);
  const auto entry = ordered(d, 2);
  d.out.clear();
  d.give(quote(1, 494'000, 494'001));
  CHECK(d.engine.state() == risk_state::reduced);
  CHECK(d.only<parent_amended>().id == entry.id);
  CHECK(d.only<parent_amended>().size.lots == entry.granted.size.lots / 2);
}

TEST_CASE("an exit that the market has left behind is taken back, and the next one follows it") {
  auto d = ready();
  d.enter(1, side::buy, 500'001);
  d.out.clear();
  d.give(quote(1, 499'000, 499'001));
  const auto first = d.only<parent_ordered>();
  d.out.clear();
  d.give(quote(1, 490'000, 490'001));
  CHECK(d.only<grant_revoked>().id == first.id);
  d.finish(first);
  d.pass(seconds(1));
  CHECK(d.only<parent_ordered>().reference == price{490'000});
}

TEST_CASE("a view that differs from the venue's stops new risk until an operator resumes") {
  auto d = ready();
  const auto p = ordered(d);
  d.give(account_reconciled{1, true, {}});
  CHECK(d.engine.state() == risk_state::normal);
  d.out.clear();
  d.give(account_reconciled{2, false, {"the venue holds 7 lots and the ledger 5"}});
  CHECK(d.only<grant_revoked>().id == p.id);
  CHECK(last_news(d).causes.at(0).name == "reconciliation");
  d.give(account_reconciled{3, true, {}});
  d.restart();
  CHECK(refuses(d, "breaker_closed"));
  command(d, operator_action::resume);
  d.finish(p);
  ordered(d);
}

TEST_CASE("resume does not hide the loss of this day, nor anything without a reason") {
  auto s = all_in();
  s.limits.max_daily_drawdown = 0.03;
  auto d = ready(s);
  d.enter(1, side::buy, 500'001);
  d.give(quote(1, 484'000, 484'001));
  CHECK(d.only<breaker_tripped>().breaker == "daily_loss");
  CHECK(d.engine.state() == risk_state::reduce_only);
  command(d, operator_action::halt);
  CHECK(d.engine.state() == risk_state::halted);
  command(d, operator_action::resume, "");
  CHECK(d.engine.state() == risk_state::halted);
  CHECK(last_news(d).causes.back().name == "resume");
  command(d, operator_action::resume);
  CHECK(d.engine.state() == risk_state::reduce_only);
  CHECK(d.engine.causes().names() == "daily_loss");
  d.now += std::chrono::hours(12);
  d.give(quote(1, 484'000, 484'001));
  CHECK(d.engine.state() == risk_state::normal);
}

TEST_CASE("flatten leaves every position at once, also out of a halt and a pause, and until it is resumed") {
  auto d = ready();
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  d.enter(1, side::buy, 500'001);
  d.enter(2, side::sell, 500'000);
  d.give(quote(1, 499'000, 499'001));
  d.finish(d.only<parent_ordered>());  // an exit that filled nothing: the next would wait
  command(d, operator_action::halt);
  command(d, operator_action::flatten, "going home");
  CHECK(d.engine.state() == risk_state::reduce_only);
  const auto exits = d.all<parent_ordered>();
  REQUIRE(exits.size() == 2);
  for (const auto& exit : exits) {
    CHECK(exit.purpose == order_purpose::flatten);
    d.fill(exit, 499'500);
  }
  CHECK(d.engine.account().positions().flat());
  d.restart();
  CHECK(refuses(d, "breaker_closed"));
  command(d, operator_action::resume);
  CHECK(d.engine.state() == risk_state::normal);
}

TEST_CASE("funding is booked once, changes equity, and is told with the books of each venue and kind of account") {
  auto d = ready();
  instrument spot = perpetual(2, "ETHUSDT");
  spot.where = venue::binance_spot;
  spot.account = account_type::spot;
  d.open(2, spot, 500'000, 500'001);
  d.enter(1, side::buy, 500'001);
  funding_charged charge;
  charge.instrument = btc;
  charge.funding_id = 4;
  charge.paid = amount::units(3);
  d.give(charge);
  d.give(charge);
  const auto report = d.only<risk_reported>();
  CHECK(report.funding == amount::units(3));
  CHECK(report.fees == amount{});
  CHECK(report.equity == amount::units(100'000) - amount::units(3) + report.unrealised);
  REQUIRE(report.books.size() == 1);  // of spot there is nothing yet
  CHECK(report.books[0].funding == amount::units(3));
  CHECK(report.books[0].gross_exposure == report.gross_exposure);
  d.enter(2, side::buy, 500'001);
  d.give(charge);
  charge.funding_id = 5;
  d.give(charge);
  const auto both = d.only<risk_reported>();
  REQUIRE(both.books.size() == 2);
  amount unrealised, gross, worst;
  for (const auto& book : both.books) {
    unrealised += book.unrealised;
    gross += book.gross_exposure;
    worst += book.worst_case_exposure;
  }
  CHECK(unrealised == both.unrealised);
  CHECK(gross == both.gross_exposure);
  CHECK(worst == both.worst_case_exposure);
  charge.instrument = instrument_id{9};
  d.out.clear();
  d.give(charge);
  CHECK(d.only<breaker_tripped>().breaker == "accounting");
}
