#include "remora/exchange/exchange_engine.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <doctest/doctest.h>

using namespace remora;

namespace {

constexpr instrument_id one{1};

/// An exchange with bids 100x5 and asks 101x4, and what it has said.
struct hall {
  explicit hall(exchange_settings settings = exact()) : engine(settings) {
    instrument what;
    what.id = one;
    what.tick_size = {1, 0};
    what.lot_size = {1, 0};
    give(instrument_listed{what});
    give(book_snapshot{one, 1, true, true, {{{100}, {5}}}, {{{101}, {4}}}});
  }
  static exchange_settings exact() {
    exchange_settings s;
    s.prob_fill_on_limit = 1;
    s.prob_slippage = 0;
    return s;
  }

  template <class Message>
  void give(const Message& message) {
    engine.on(message, context{now, {{publisher::gateway, 1, ++position}, 5}}, out);
  }
  order_intended intent(const std::string& id, std::int64_t limit, std::int64_t size, time_in_force force = time_in_force::ioc) const {
    order_intended i;
    i.id = id;
    i.instrument = one;
    i.limit = {limit};
    i.size = {size};
    i.force = force;
    i.valid_until = now + seconds(2);
    return i;
  }
  void wait(nanoseconds time) {
    const timestamp end = now + time;
    while (engine.next_wake() && *engine.next_wake() <= end) {
      now = std::max(now, *engine.next_wake());
      engine.wake(context{now, {}}, out);
    }
    now = end;
  }
  std::vector<execution_reported> reports() const {
    std::vector<execution_reported> found;
    for (const auto& entry : out) {
      if (const auto* r = std::get_if<execution_reported>(&entry.body)) found.push_back(*r);
    }
    return found;
  }
  std::vector<account_reported> accounts() const {
    std::vector<account_reported> found;
    for (const auto& entry : out) {
      if (const auto* r = std::get_if<account_reported>(&entry.body)) found.push_back(*r);
    }
    return found;
  }

  timestamp now = timestamp_of(1'000'000'000'000);
  std::uint64_t position = 0;
  exchange_engine engine;
  exchange_engine::outputs_type out;
};

}  // namespace

TEST_CASE("a book that lost its step is not traded against: quotes count until the next book") {
  hall h;
  h.give(feed_changed{one, feed_state::syncing, "updates are missing"});
  h.give(h.intent("a", 101, 4));
  h.wait(seconds(1));
  REQUIRE(h.reports().size() == 1);
  CHECK(h.reports()[0].reason == "there is no market yet");
  h.give(quote_seen{one, 2, {{90}, {5}}, {{91}, {4}}, {}});
  h.give(h.intent("b", 101, 4));
  h.wait(seconds(1));
  CHECK(h.reports().back().last_price == price{91});
  h.give(book_snapshot{one, 3, true, true, {{{95}, {5}}}, {{{96}, {4}}}});
  h.give(quote_seen{one, 4, {{97}, {5}}, {{98}, {4}}, {}});
  h.give(h.intent("c", 101, 4));
  h.wait(seconds(1));
  CHECK(h.reports().back().last_price == price{96});
}

TEST_CASE("an order meets the market as it is when it arrives, and the report comes a latency later") {
  hall h;
  h.give(h.intent("a", 101, 4));
  CHECK(h.engine.next_wake() == h.now + milliseconds(5));
  h.wait(milliseconds(4));
  h.give(book_changed{one, 2, 2, {}, {{{101}, {1}}}, h.now});
  h.wait(microseconds(1999));
  CHECK(h.reports().empty());
  h.wait(microseconds(1));
  REQUIRE(h.reports().size() == 3);
  CHECK(h.reports()[1].last_size.lots == 1);
  CHECK(h.reports()[2].kind == report_kind::expired);
  CHECK(h.out.begin()->from.cause == place{publisher::gateway, 1, 3});
  CHECK(h.out.begin()->from.ingest_time == 0);
}

TEST_CASE("an exchange without latency answers at once") {
  auto settings = hall::exact();
  settings.order_latency = settings.response_latency = microseconds(0);
  hall h(settings);
  h.give(h.intent("a", 101, 4));
  CHECK(h.reports().size() == 2);
  CHECK(!h.engine.next_wake());
}

TEST_CASE("late, unknown and repeated orders are refused with their reason") {
  hall h;
  auto late = h.intent("late", 101, 1);
  late.valid_until = h.now + milliseconds(4);
  h.give(late);
  auto just = h.intent("just", 101, 1);
  just.valid_until = h.now + milliseconds(5);
  h.give(just);
  auto nowhere = h.intent("nowhere", 101, 1);
  nowhere.instrument = instrument_id{8};
  h.give(nowhere);
  h.wait(milliseconds(10));
  h.give(h.intent("just", 101, 1));   // long ended
  h.give(h.intent("late", 101, 1));   // was refused
  h.wait(milliseconds(10));
  const auto reports = h.reports();
  REQUIRE(reports.size() == 6);
  CHECK(reports[0].reason == "the order came after its time of validity");
  CHECK(reports[1].kind == report_kind::accepted);
  CHECK(reports[2].kind == report_kind::filled);
  CHECK(reports[3].reason == "the instrument is not listed");
  CHECK(reports[4].reason == "the client order id has been used before");
  CHECK(reports[5].reason == "the client order id has been used before");
}

TEST_CASE("ids of orders that could only come too late again are forgotten, so the state stays small") {
  hall h;
  const auto bytes = [&] {
    state_writer writer;
    writer(h.engine);
    return writer.bytes().size();
  };
  std::size_t early = 0;
  for (int n = 0; n < 20'000; ++n) {
    h.give(h.intent("order-" + std::to_string(n), 99, 1));  // expires unfilled
    h.wait(milliseconds(20));
    if (n == 3'000) early = bytes();
  }
  CHECK(bytes() < early + 60'000);  // all ids would take eight times as much
  auto again = h.intent("order-0", 99, 1);
  again.valid_until = h.now - seconds(300);
  h.give(again);
  h.wait(milliseconds(20));
  CHECK(h.reports().back().reason == "the order came after its time of validity");
}

TEST_CASE("the account states the average entry: arithmetic for linear contracts, harmonic for inverse ones") {
  for (const bool inverse : {false, true}) {
    instrument what;
    what.id = one;
    what.tick_size = {1, 0};
    what.lot_size = {1, 0};
    what.inverse = inverse;
    what.multiplier = {inverse ? 100 : 1, 0};
    exchange::account held;
    held.book(what, side::buy, {10'000}, {1}, {});
    held.book(what, side::buy, {20'000}, {1}, {});
    CHECK(held.report(what, price{20'000}).average == price{inverse ? 13'333 : 15'000});
    held.book(what, side::sell, {20'000}, {1}, {});
    CHECK(held.report(what, price{20'000}).average == price{inverse ? 13'333 : 15'000});
  }
}

TEST_CASE("a cancel ends a resting order and is refused for any other") {
  hall h;
  h.give(h.intent("a", 100, 4, time_in_force::post_only));
  h.give(cancel_intended{"a", one, "test"});
  h.give(cancel_intended{"a", one, "again"});
  h.give(cancel_intended{"b", instrument_id{9}, "unknown"});
  h.wait(milliseconds(10));
  const auto reports = h.reports();
  REQUIRE(reports.size() == 4);
  CHECK(reports[1].kind == report_kind::cancelled);
  CHECK(reports[1].reason == "test");
  CHECK(reports[2].kind == report_kind::cancel_rejected);
  CHECK(reports[3].kind == report_kind::cancel_rejected);
}

TEST_CASE("the account tells positions, open orders, fees and fills as of its place among the reports") {
  hall h;
  h.give(h.intent("a", 101, 4));
  h.give(h.intent("b", 100, 3, time_in_force::post_only));
  h.give(account_requested{17});
  h.wait(milliseconds(10));
  REQUIRE(h.accounts().size() == 1);
  const auto account = h.accounts()[0];
  CHECK(account.request == 17);
  REQUIRE(account.positions.size() == 1);
  CHECK(account.positions[0].size.lots == 4);
  REQUIRE(account.orders.size() == 1);
  CHECK(account.orders[0].id == "b");
  CHECK(account.orders[0].remaining.lots == 3);
  CHECK(account.fills == 1);
  CHECK(account.fees == fee_of(amount::units(404), 500));
}

TEST_CASE("a spot account sells only what it holds") {
  hall h;
  instrument what;
  what.id = one;
  what.tick_size = {1, 0};
  what.lot_size = {1, 0};
  what.account = account_type::spot;
  h.give(instrument_listed{what});
  auto sell = h.intent("a", 99, 2);
  sell.direction = side::sell;
  h.give(sell);
  h.give(h.intent("b", 101, 1));
  sell.id = "c";
  h.give(sell);
  h.wait(milliseconds(10));
  CHECK(h.reports()[0].kind == report_kind::rejected);
  h.give(account_requested{1});
  h.wait(milliseconds(10));
  CHECK(h.accounts()[0].positions[0].size.lots == 0);
}

TEST_CASE("after the end of the data the last book can still be traded against") {
  hall h;
  h.give(stream_ended{});
  h.wait(seconds(3));
  h.give(h.intent("a", 101, 4));
  h.wait(milliseconds(10));
  CHECK(h.reports().back().kind == report_kind::filled);
}

namespace {

void random_step(hall& h, philox& random, int i) {
  const auto any = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
  h.wait(microseconds(any(3000)));
  switch (any(7)) {
    case 0: h.give(book_changed{one, 0, 0, {{{95 + any(6)}, {any(10)}}}, {}, h.now}); break;
    case 1: h.give(book_changed{one, 0, 0, {}, {{{101 + any(6)}, {any(10)}}}, h.now}); break;
    case 2: h.give(trade_seen{one, 1, {97 + any(8)}, {1 + any(12)}, any(2) == 0 ? side::buy : side::sell, h.now}); break;
    case 3: h.give(cancel_intended{std::to_string(any(static_cast<std::uint64_t>(i) + 1)), one, "random"}); break;
    case 4: h.give(account_requested{static_cast<std::uint64_t>(i)}); break;
    default: {
      auto intent = h.intent(std::to_string(any(20) == 0 ? 0 : i), 96 + any(10), 1 + any(15), static_cast<time_in_force>(1 + any(3)));
      intent.direction = any(2) == 0 ? side::buy : side::sell;
      intent.reduce_only = any(4) == 0;
      h.give(intent);
    }
  }
}

std::string text_of(const exchange_engine::outputs_type& out) {
  std::string text;
  for (const auto& entry : out) {
    if (const auto* r = std::get_if<execution_reported>(&entry.body)) {
      text += r->id + " " + std::to_string(static_cast<int>(r->kind)) + " " + std::to_string(r->filled.lots) + "@" +
              std::to_string(r->last_price.ticks);
    } else {
      const auto& a = std::get<account_reported>(entry.body);
      text += "account " + std::to_string(a.request) + " " + std::to_string(a.orders.size()) + " " + to_text(a.fees) + " " +
              std::to_string(a.fills);
      for (const auto& p : a.positions)
        text += " " + std::to_string(p.size.lots) + "@" + std::to_string(p.average.ticks) + "=" + to_text(p.unrealised);
    }
    text += " " + std::to_string(entry.from.cause.position) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a killed exchange restored from its archive at any moment goes on as if it had never stopped") {
  constexpr int steps = 150;
  exchange_settings settings;
  settings.prob_fill_on_limit = 0.5;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    hall whole(settings);
    philox random(seed);
    for (int i = 0; i < steps; ++i) random_step(whole, random, i);
    for (int split = 0; split < steps; split += 11) {
      hall part(settings);
      philox again(seed);
      for (int i = 0; i < steps; ++i) {
        if (i == split) {
          state_writer writer;
          writer(part.engine);
          part.engine = exchange_engine(settings);
          state_reader reader(writer.bytes());
          reader(part.engine);
          REQUIRE(reader.complete());
        }
        random_step(part, again, i);
      }
      CAPTURE(seed);
      CAPTURE(split);
      CHECK(text_of(part.out) == text_of(whole.out));
    }
  }
}

TEST_CASE("recorded latencies are drawn at random, and nothing overtakes what was said before") {
  exchange_settings settings = hall::exact();
  settings.latencies = {{microseconds(1'000), microseconds(9'000), {}}, {microseconds(8'000), microseconds(500), {}}, {microseconds(3'000), microseconds(3'000), {}}};
  hall h(settings), again(settings);
  for (hall* each : {&h, &again}) {
    for (int i = 0; i < 200; ++i) {
      each->give(each->intent("o" + std::to_string(i), 90, 1, time_in_force::gtc));
      each->wait(microseconds(700));
    }
    each->wait(seconds(1));
  }
  REQUIRE(h.reports().size() == 200);
  for (std::size_t i = 0; i < 200; ++i) {
    CHECK(h.reports()[i].id == "o" + std::to_string(i));
    CHECK(again.reports()[i].id == h.reports()[i].id);
  }
}

TEST_CASE("a market that was seen late is met as late, by the sample's own delay where it has one") {
  exchange_settings settings = hall::exact();
  settings.market_data_latency = milliseconds(50);
  const auto due_after = [&](std::optional<microseconds> market_data) {
    settings.latencies = {{milliseconds(2), milliseconds(1), market_data}};
    hall h(settings);
    h.give(h.intent("a", 101, 4));
    return *h.engine.next_wake() - h.now;
  };
  CHECK(due_after(std::nullopt) == milliseconds(52));
  CHECK(due_after(milliseconds(30)) == milliseconds(32));
  CHECK(due_after(milliseconds(0)) == milliseconds(2));
}

TEST_CASE("funding is charged at midnight, eight and sixteen o'clock UTC while something is held, and no timer holds up the end of the data") {
  exchange_settings settings = hall::exact();
  settings.funding_rate_e9 = 100'000;  // a hundredth of a percent
  hall h(settings);
  h.now = timestamp(std::chrono::hours(24 * 19'000 + 7));
  h.give(trade_seen{one, 1, {100}, {1}, side::buy, h.now});
  h.wait(std::chrono::hours(10));
  CHECK_FALSE(h.engine.next_wake());
  h.give(h.intent("a", 101, 4));
  h.wait(seconds(1));
  CHECK(h.engine.next_wake() == timestamp(std::chrono::hours(24 * 19'001)));
  state_writer saved;
  saved(h.engine);
  h.engine = exchange_engine(settings);
  state_reader reader(saved.bytes());
  reader(h.engine);
  h.wait(std::chrono::hours(24));
  std::vector<funding_reported> charges;
  for (const auto& entry : h.out)
    if (const auto* charge = std::get_if<funding_reported>(&entry.body)) charges.push_back(*charge);
  REQUIRE(charges.size() == 3);
  CHECK(charges[0].due == timestamp(std::chrono::hours(24 * 19'001)));
  CHECK(charges[0].paid == amount{40'000'000});  // 4 lots at 100, a ten-thousandth of it
  CHECK(charges[2].funding_id == 3);
  h.give(stream_ended{});
  h.wait(seconds(1));
  CHECK_FALSE(h.engine.next_wake());
}
