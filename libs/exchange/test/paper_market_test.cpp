#include "pit.hpp"

#include <doctest/doctest.h>
#include <map>

using namespace remora;
using namespace remora::exchange;

TEST_CASE("an IOC walks the shown levels up to its limit and the rest expires") {
  pit f;
  f.submit("a", side::buy, ioc, 101, 6);
  CHECK(f.kinds("a") == kinds{accepted, partially_filled, expired});
  CHECK(f.filled("a") == 4);
  CHECK(f.events[1].report.last_price.ticks == 101);
  CHECK(f.events[1].report.remaining.lots == 2);
  CHECK(f.events[2].report.remaining.lots == 0);
  f.submit("b", side::sell, ioc, 99, 8);
  CHECK(f.kinds("b") == kinds{accepted, partially_filled, filled});
  CHECK(f.events.back().report.last_price.ticks == 99);
  CHECK(f.events.back().report.filled.lots == 8);
  CHECK(f.market.position().size.lots == -4);
}

TEST_CASE("what an order took is not there for the next one until the level is restated or time has passed") {
  pit f;
  f.submit("a", side::buy, ioc, 101, 4);
  f.submit("b", side::buy, ioc, 101, 4);
  CHECK(f.filled("b") == 0);
  f.ask(101, 3);
  f.submit("c", side::buy, ioc, 101, 4);
  CHECK(f.filled("c") == 3);
  f.now += seconds(1);
  f.submit("d", side::buy, ioc, 101, 4);
  CHECK(f.filled("d") == 3);
}

TEST_CASE("a taker loses a tick with the set probability but never more than its limit allows") {
  pit f;
  f.settings.prob_slippage = 1;
  f.submit("a", side::buy, ioc, 102, 6);
  CHECK(f.events[1].report.last_price.ticks == 102);
  CHECK(f.events[2].report.last_price.ticks == 102);
  f.submit("b", side::sell, ioc, 90, 12);
  CHECK(f.events[4].report.last_price.ticks == 99);
  CHECK(f.events[5].report.last_price.ticks == 98);
}

TEST_CASE("a post-only order that would take is rejected, one that would not rests behind the shown quantity") {
  pit f;
  f.submit("a", side::buy, post_only, 101, 1);
  CHECK(f.kinds("a") == kinds{rejected});
  f.submit("b", side::buy, post_only, 100, 3);
  CHECK(f.kinds("b") == kinds{accepted});
  CHECK(f.market.resting()[0].queue.front() == 5);
  f.print(100, 5, side::sell);
  CHECK(f.filled("b") == 0);
  f.print(100, 2, side::sell);
  CHECK(f.filled("b") == 2);
  CHECK(f.events.back().report.role == liquidity::maker);
  f.print(100, 2, side::sell);
  CHECK(f.kinds("b") == kinds{accepted, partially_filled, filled});
  CHECK(f.market.resting().empty());
}

TEST_CASE("the queue ahead shrinks to what is shown and never grows; prints of the own side do not move it") {
  pit f;
  f.bid(100, 100);
  f.bid(100, 40);
  f.submit("a", side::buy, post_only, 100, 3);
  f.bid(100, 80);
  CHECK(f.market.resting()[0].queue.front() == 40);
  f.print(100, 5, side::sell);
  CHECK(f.market.resting()[0].queue.front() == 35);
  f.bid(100, 75);
  CHECK(f.market.resting()[0].queue.front() == 35);
  f.print(100, 30, side::buy);
  CHECK(f.market.resting()[0].queue.front() == 35);
  f.bid(100, 30);
  CHECK(f.market.resting()[0].queue.front() == 30);
  f.bid(100, 0);
  CHECK(f.market.resting()[0].queue.front() == 0);
}

TEST_CASE("a print is shared by our orders in order of arrival and never filled beyond itself") {
  pit f;
  f.submit("a", side::buy, post_only, 100, 3);
  f.submit("b", side::buy, post_only, 100, 3);
  f.bid(100, 8);
  f.submit("c", side::buy, post_only, 100, 3);  // 8 shown ahead of it: 3 joined after a and b
  f.print(100, 9, side::sell);
  CHECK(f.filled("a") == 3);
  CHECK(f.filled("b") == 1);
  CHECK(f.filled("c") == 0);
  f.print(100, 5, side::sell);
  CHECK(f.filled("b") == 3);
  CHECK(f.filled("c") + f.filled("a") + f.filled("b") <= 9);
}

TEST_CASE("a print that only touches our price fills with the set probability, one through it always") {
  pit f;
  f.settings.prob_fill_on_limit = 0;
  f.submit("a", side::buy, post_only, 100, 3);
  f.print(100, 50, side::sell);
  CHECK(f.filled("a") == 0);
  f.print(99, 1, side::sell);
  CHECK(f.filled("a") == 3);
  CHECK(f.events.back().report.last_price.ticks == 100);

  int hits = 0;
  f.settings.prob_fill_on_limit = 0.2;
  for (int i = 0; i < 2000; ++i) {
    f.market = paper_market(listed());
    f.events.clear();
    f.give(book_snapshot{one, 1, true, true, {{{100}, {5}}}, {{{101}, {4}}}});
    f.submit("x", side::buy, post_only, 100, 1);
    f.print(100, 6, side::sell);
    hits += f.filled("x") > 0;
  }
  CHECK(hits > 340);
  CHECK(hits < 460);
}

TEST_CASE("an opposite quote at our price fills us completely at our price") {
  pit f;
  f.submit("a", side::buy, post_only, 100, 30);
  f.ask(100, 1);
  CHECK(f.kinds("a") == kinds{accepted, filled});
  CHECK(f.events.back().report.last_price.ticks == 100);
}

TEST_CASE("a GTC limit takes what is shown and rests with the remainder, and is not filled again by what it took") {
  pit f;
  f.submit("a", side::buy, gtc, 101, 6);
  CHECK(f.kinds("a") == kinds{accepted, partially_filled});
  REQUIRE(f.market.resting().size() == 1);
  f.bid(99, 3);
  CHECK(f.filled("a") == 4);
  CHECK(f.market.cancel("a", "test", f.context()));
  CHECK(f.kinds("a") == kinds{accepted, partially_filled, cancelled});
  CHECK(!f.market.cancel("a", "test", f.context()));
}

TEST_CASE("orders off the limits are rejected with the reason") {
  instrument what = listed();
  what.quantity_min = {2};
  what.quantity_max = {10};
  what.notional_min = amount::units(250);
  pit f(what);
  f.submit("small", side::buy, ioc, 102, 1);
  f.submit("poor", side::buy, ioc, 102, 2);
  f.submit("large", side::buy, ioc, 102, 11);
  f.submit("free", side::buy, ioc, 0, 5);
  f.submit("none", side::buy, ioc, 102, 0);
  f.submit("minus", side::buy, ioc, 102, -5);
  for (const char* id : {"small", "poor", "large", "free", "none", "minus"}) CHECK_MESSAGE(f.kinds(id) == kinds{rejected}, id);
  for (const auto& event : f.events) CHECK(!event.report.reason.empty());
  paper_market empty(what);
  empty.submit({"early", side::buy, ioc, {102}, {5}, {}, false, {}, {}}, f.context());
  CHECK(f.kinds("early") == kinds{rejected});
}

TEST_CASE("a reducing order fills no more than the position, whatever its size and the minima") {
  instrument what = listed();
  what.notional_min = amount::units(400);
  pit f(what);
  f.submit("nothing", side::sell, ioc, 99, 5, true);
  CHECK(f.kinds("nothing") == kinds{rejected});
  f.submit("open", side::buy, ioc, 101, 4);
  f.submit("wrong", side::buy, ioc, 102, 4, true);
  CHECK(f.kinds("wrong") == kinds{rejected});
  f.submit("close", side::sell, ioc, 99, 9, true);
  CHECK(f.kinds("close") == kinds{accepted, partially_filled, cancelled});
  CHECK(f.filled("close") == 4);
  CHECK(f.market.position().size.lots == 0);
}

TEST_CASE("resting reducing orders end when the position is flat") {
  pit f;
  f.submit("open", side::buy, ioc, 101, 3);
  f.submit("a", side::sell, post_only, 102, 2, true);
  f.submit("b", side::sell, post_only, 102, 2, true);
  f.print(103, 1, side::buy);
  CHECK(f.filled("a") == 2);
  CHECK(f.filled("b") == 1);
  CHECK(f.kinds("b") == kinds{accepted, partially_filled, cancelled});
  CHECK(f.market.resting().empty());
}

TEST_CASE("fees follow the role, are rounded in the venue's favour, and the average entry follows the fills") {
  instrument what = listed();
  what.maker_fee_e6 = -100;
  what.taker_fee_e6 = 333;
  pit f(what);
  f.submit("a", side::buy, ioc, 102, 10);
  CHECK(f.events[1].report.fee == fee_of(amount::units(404), 333));
  CHECK(f.events[2].report.fee == fee_of(amount::units(612), 333));
  CHECK(f.market.position().average.ticks == 102);  // 101.6 to the nearest tick
  f.submit("b", side::sell, post_only, 103, 10);
  f.print(104, 1, side::buy);
  CHECK(f.events.back().report.fee == fee_of(amount::units(1030), -100));
  CHECK(f.market.position().size.lots == 0);
  f.submit("c", side::sell, ioc, 99, 12);
  CHECK(f.market.position().size.lots == -12);
  CHECK(f.market.position().average.ticks == 99);  // (5 at 100 + 7 at 99) / 12
  CHECK(f.market.fills() == 5);
}

TEST_CASE("without a book a quote is the market") {
  pit f;
  f.market = paper_market(listed());
  f.events.clear();
  f.give(quote_seen{one, 1, {{100}, {5}}, {{101}, {4}}, f.now});
  f.submit("a", side::buy, ioc, 105, 6);
  CHECK(f.filled("a") == 4);
  f.submit("b", side::buy, post_only, 99, 1);
  f.print(99, 1000, side::sell);
  CHECK(f.filled("b") == 0);  // nothing is known about the queue there
  f.give(quote_seen{one, 2, {{99}, {2}}, {{100}, {4}}, f.now});
  f.print(99, 3, side::sell);
  CHECK(f.filled("b") == 1);
}

TEST_CASE("the position is the sum of the fills and no order overfills, whatever comes") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    pit f;
    f.settings.prob_fill_on_limit = 0.5;
    f.settings.prob_slippage = 0.5;
    f.settings.own_orders = static_cast<self_trade>(1 + seed % 3);
    philox random(seed);
    const auto any = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> wanted;  // size, limit
    for (int i = 0; i < 600; ++i) {
      f.now += milliseconds(any(400));
      const side direction = any(2) == 0 ? side::buy : side::sell;
      switch (any(5)) {
        case 0: f.bid(95 + any(6), any(10)); break;
        case 1: f.ask(101 + any(6), any(10)); break;
        case 2: f.print(97 + any(8), 1 + any(12), direction); break;
        case 3: f.market.cancel(std::to_string(any(static_cast<std::uint64_t>(i) + 1)), "random", f.context()); break;
        default: {
          const std::string id = std::to_string(i);
          const std::int64_t size = 1 + any(15), limit = 96 + any(10);
          wanted[id] = {size, limit};
          f.submit(id.c_str(), direction, static_cast<time_in_force>(1 + any(5)), limit, size, any(3) == 0);
        }
      }
    }
    std::int64_t position = 0;
    std::uint64_t last_fill = 0;
    std::map<std::string, std::int64_t> sums;
    std::map<std::string, bool> ended;
    for (const auto& [report, cause] : f.events) {
      CHECK_MESSAGE(!ended[report.id], report.id);
      ended[report.id] =
          report.kind == rejected || report.kind == report_kind::filled || report.kind == cancelled || report.kind == expired;
      sums[report.id] += report.last_size.lots;
      CHECK(report.filled.lots == sums[report.id]);
      CHECK(sums[report.id] <= wanted[report.id].first);
      CHECK((report.kind != report_kind::filled || sums[report.id] == wanted[report.id].first));
      if (report.fill_id == 0) continue;
      CHECK(report.fill_id == ++last_fill);
      position += sign_of(report.direction) * report.last_size.lots;
      const std::int64_t limit = wanted[report.id].second;
      CHECK((report.direction == side::buy ? report.last_price.ticks <= limit : report.last_price.ticks >= limit));
    }
    for (const live_order& order : f.market.resting()) CHECK(order.rest().lots == wanted[order.id].first - sums[order.id]);
    CHECK(f.market.position().size.lots == position);
    CHECK(last_fill > 20);
  }
}

TEST_CASE("a fill-or-kill order is filled wholly or not at all; a market order takes what there is up to its protection") {
  pit f;
  f.submit("a", side::buy, time_in_force::fok, 102, 11);
  CHECK(f.kinds("a") == kinds{accepted, expired});
  CHECK(f.filled("a") == 0);
  f.submit("b", side::buy, time_in_force::fok, 102, 10);
  CHECK(f.filled("b") == 10);
  CHECK(f.kinds("b") == kinds{accepted, partially_filled, filled});
  f.submit("c", side::sell, time_in_force::market, 99, 20);
  CHECK(f.filled("c") == 12);
  CHECK(f.kinds("c").back() == expired);
  CHECK(f.market.resting().empty());
}

TEST_CASE("what a long position pays for funding a short one of the same size receives, to the last 1e-9; a spot account knows none") {
  philox draws(3);
  for (int i = 0; i < 500; ++i) {
    instrument what = listed();
    what.tick_size = {static_cast<std::int64_t>(1 + draws.below(9)), static_cast<std::uint8_t>(draws.below(8))};
    what.inverse = draws.below(3) == 0;
    paper_market buys(what), sells(what);
    exchange_settings settings;
    settings.prob_slippage = 0;
    std::vector<order_event> events;
    const matching_context c{timestamp_of(1'000'000'000), settings, draws, events};
    const std::int64_t lots = 1 + static_cast<std::int64_t>(draws.below(1'000'000));
    const auto rate = static_cast<std::int64_t>(draws.below(2'000'001)) - 1'000'000;
    for (paper_market* each : {&buys, &sells}) {
      each->apply(book_snapshot{one, 1, true, true, {{{100}, {lots}}}, {{{101}, {lots}}}}, c);
      each->apply(trade_seen{one, 1, {100}, {1}, side::buy, c.now}, c);
    }
    buys.submit({"b", side::buy, ioc, {101}, {lots}, {}, false, {}, {}}, c);
    sells.submit({"s", side::sell, ioc, {100}, {lots}, {}, false, {}, {}}, c);
    const auto paid = buys.charge_funding(rate, c.now), received = sells.charge_funding(rate, c.now);
    REQUIRE(paid.has_value() == (rate != 0));
    if (!paid) continue;
    CHECK(paid->paid + received->paid == amount{});
    CHECK((paid->paid.nanos >= 0) == (rate > 0 || paid->paid.nanos == 0));
    CHECK(buys.held().funding() == paid->paid);
    CHECK(buys.charge_funding(rate, c.now)->funding_id == 2);
    what.account = account_type::spot;
    buys.relist(what);
    CHECK_FALSE(buys.charge_funding(rate, c.now));
  }
}
