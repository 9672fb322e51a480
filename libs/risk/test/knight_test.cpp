#include "engine_driver.hpp"

/// Lessons of Knight Capital, 2012, that are RISK's.
using namespace remora;
using namespace remora::risk;

TEST_CASE("K4: a breach of the limits of a position or of the account stops order entry by the next event") {
  SUBCASE("more was filled than was granted: every entry ends with that very event") {
    auto d = ready();
    d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
    const auto one = ordered(d), other = ordered(d, 2);
    d.out.clear();
    d.part(one, {2'001}, 500'001);  // 100,050 against 100,000
    CHECK(d.engine.state() == risk_state::reduce_only);
    CHECK(d.all<grant_revoked>().size() == 2);
    CHECK(last_news(d).causes.at(0).name == "limit_broken");
    d.finish(other);
    CHECK(refuses(d, "breaker_closed", 2));
    CHECK(refuses(d, "breaker_closed", 1));
  }
  SUBCASE("prices move the account beyond its leverage") {
    auto s = all_in();
    s.sizing.fixed_size = amount::units(4'900);
    s.limits.max_leverage = 1;
    s.states.max_drawdown = 1;
    auto d = ready(s);
    d.enter(1, side::buy, 500'001);
    d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
    d.give(quote(1, 500'000, 500'001));
    d.enter(2, side::sell, 500'000);
    d.out.clear();
    d.give(quote(2, 530'000, 530'001));
    CHECK(d.engine.state() == risk_state::reduce_only);
    CHECK(refuses(d, "breaker_closed"));
  }
  SUBCASE("a price takes a position beyond its share of equity: its own entry ends") {
    auto d = ready();
    const auto p = ordered(d);
    d.part(p, {190}, 500'001);
    d.out.clear();
    d.give(quote(1, 500'020, 500'021));
    CHECK(d.all<grant_revoked>().empty());
    d.part(p, {20}, 500'021);
    CHECK(d.all<grant_revoked>().size() == 1);
    CHECK(d.engine.state() == risk_state::normal);
    d.finish(p);
    CHECK(refuses(d, "concentration"));
  }
  SUBCASE("the loss of the day") {
    auto s = all_in();
    s.limits.max_daily_drawdown = 0.01;
    auto d = ready(s);
    const auto p = ordered(d);
    d.part(p, {150}, 500'001);
    d.out.clear();
    d.give(quote(1, 490'000, 490'001));
    CHECK(d.only<grant_revoked>().id == p.id);
    d.finish(p);
    CHECK(refuses(d, "daily_loss"));
  }
}

TEST_CASE("K5: what gives an alarm acts with it: the same event tells the cause, takes back what is open and orders what has to leave") {
  auto d = ready();
  d.enter(1, side::buy, 500'001);
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  ordered(d, 2);
  d.out.clear();
  d.give(quote(1, 100'000, 100'001));  // four fifths of the position are gone
  CHECK(d.only<breaker_tripped>().breaker == "daily_loss");
  CHECK(last_news(d).after == risk_state::reduce_only);
  CHECK(d.all<grant_revoked>().size() == 1);
  CHECK(d.only<parent_ordered>().purpose == order_purpose::stop_loss);
}

TEST_CASE("K6: halt blocks entry, survives a restart, needs a person") {
  auto d = ready();
  d.open(2, perpetual(2, "ETHUSDT"), 500'000, 500'001);
  d.enter(1, side::buy, 500'001);
  d.give(quote(1, 499'000, 499'001));
  const auto exit = d.only<parent_ordered>();
  const auto entry = ordered(d, 2);
  command(d, operator_action::halt, "something is wrong");
  const auto revoked = d.all<grant_revoked>();
  REQUIRE(revoked.size() == 2);  // entries and exits
  CHECK(revoked[0].id == exit.id);
  CHECK(revoked[1].id == entry.id);
  const auto news = d.only<risk_state_changed>();
  CHECK(news.after == risk_state::halted);
  CHECK(news.causes.at(0).needs_operator);
  CHECK(news.causes.at(0).reason == "ada commanded to halt: something is wrong");
  d.finish(exit);
  d.finish(entry);
  for (int day = 0; day < 3; ++day) {
    d.restart();
    d.now += std::chrono::hours(24);
    d.out.clear();
    d.give(quote(1, 400'000, 400'001));
    d.give(quote(2, 500'000, 500'001));
    d.give(account_reconciled{1, true, {}});
    d.pass(seconds(60));
    CHECK(d.all<parent_ordered>().empty());
    d.give(quote(2, 500'000, 500'001));
    CHECK(refusals(d, 2).front() == "kill_switch");
  }
  command(d, operator_action::resume, "");
  CHECK(d.engine.state() == risk_state::halted);
  command(d, operator_action::resume, "it was the cable");
  CHECK(d.engine.state() == risk_state::normal);
  CHECK(d.only<parent_ordered>().purpose == order_purpose::stop_loss);  // what was due is done
  ordered(d, 2);
}
