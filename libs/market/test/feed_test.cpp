#include "remora/market/feed.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <type_traits>

using namespace remora;

namespace {

using messages = feed::outputs_type;

constexpr auto first_id = instrument_id{1};

instrument symbol(const char* name, venue where = venue::binance_spot) {
  instrument what;
  what.symbol = name;
  what.where = where;
  return what;
}

trade_seen trade(std::uint64_t id, std::int64_t ticks = 100, std::int64_t lots = 1) {
  trade_seen print;
  print.instrument = first_id;
  print.trade_id = id;
  print.at = {ticks};
  print.size = {lots};
  return print;
}

depth_update update(std::uint64_t first, std::uint64_t last, std::vector<level> bids = {}, std::vector<level> asks = {}) {
  return {first_id, first, last, std::nullopt, std::move(bids), std::move(asks), {}};
}

depth_snapshot snapshot(std::uint64_t id, std::vector<level> bids = {{{99}, {5}}}, std::vector<level> asks = {{{101}, {5}}}) {
  return {first_id, id, std::move(bids), std::move(asks), {}};
}

/// A feed with one spot instrument, called as a gateway calls it.
struct fixture {
  feed market;
  messages out;
  std::uint64_t line = 0;

  fixture() { market.list(symbol("BTCUSDT"), out); }
  timestamp begin(std::int64_t ms) { return market.begin({"day.gz", ++line, timestamp(milliseconds(ms))}, out); }
  void take(decoded_message message, std::int64_t ms = 0) {
    begin(ms);
    market.take(std::move(message), out);
  }
  template <class Message>
  [[nodiscard]] std::vector<Message> all() const {
    std::vector<Message> found;
    for (const auto& each : out)
      if (const auto* body = std::get_if<Message>(&each)) found.push_back(*body);
    return found;
  }
};

/// The kinds of the messages, to compare orders at a glance.
std::string kinds(const messages& out) {
  std::string text;
  for (const auto& each : out) text += "ltqcsbfxe"[each.index()];
  return text;
}

/// The book that a consumer builds from what the feed publishes.
order_book rebuilt(const messages& out) {
  order_book book;
  for (const auto& each : out) {
    if (const auto* part = std::get_if<book_snapshot>(&each)) book.apply(*part);
    if (const auto* change = std::get_if<book_changed>(&each)) book.apply(*change);
  }
  return book;
}

}  // namespace

TEST_CASE("instruments get ids in the order of first sight and are announced once") {
  feed market;
  messages out;
  CHECK(market.list(symbol("BTCUSDT"), out) == instrument_id{1});
  CHECK(market.list(symbol("ETHUSDT"), out) == instrument_id{2});
  CHECK(market.list(symbol("BTCUSDT", venue::binance_usdm), out) == instrument_id{3});
  CHECK(market.list(symbol("ETHUSDT"), out) == instrument_id{2});
  CHECK(kinds(out) == "lflflf");
  CHECK(std::get<instrument_listed>(out[2]).what.id == instrument_id{2});
  CHECK(std::get<feed_changed>(out[3]).state == feed_state::syncing);
  CHECK(market.find(venue::binance_usdm, "BTCUSDT")->id == instrument_id{3});
  CHECK(market.find(venue::binance_coinm, "BTCUSDT") == nullptr);
  CHECK(market.instrument_count() == 3);
}

TEST_CASE_FIXTURE(fixture, "a snapshot after some updates makes the book live: snapshot, state, then the updates that follow it") {
  take(update(90, 95, {{{98}, {1}}}));
  take(update(96, 102, {{{98}, {2}}}));
  CHECK(out.size() == 2);
  out.clear();
  take(snapshot(100));
  CHECK(kinds(out) == "sfc");
  CHECK(std::get<book_snapshot>(out[0]).update_id == 100);
  CHECK(market.state_of(first_id) == feed_state::live);
  CHECK(std::get<book_changed>(out[2]).update_id == 102);
  CHECK(market.book(first_id).size_at(side::buy, {98}) == quantity{2});
}

TEST_CASE_FIXTURE(fixture, "a snapshot before any update is published when the first update joins it") {
  out.clear();
  take(snapshot(100));
  CHECK(out.empty());
  take(update(100, 100, {{{50}, {1}}}));
  CHECK(out.empty());
  take(update(101, 103, {{{98}, {2}}}));
  CHECK(kinds(out) == "sfc");
  CHECK(std::get<book_snapshot>(out[0]).bids == std::vector<level>{{{99}, {5}}});
  take(update(101, 103, {{{98}, {7}}}));
  CHECK(kinds(out) == "sfc");
  CHECK(market.sync(first_id).counters().ignored == 2);
}

TEST_CASE_FIXTURE(fixture, "a gap voids the book until the next snapshot, with the ids in the reason") {
  take(snapshot(100));
  take(update(101, 101));
  out.clear();
  take(update(105, 106));
  REQUIRE(kinds(out) == "f");
  CHECK(std::get<feed_changed>(out[0]).state == feed_state::syncing);
  CHECK(std::get<feed_changed>(out[0]).reason == "Updates are missing: after 101 came 105 to 106; the book waits for a snapshot.");
  take(update(107, 107));
  take(snapshot(102));
  CHECK(kinds(out) == "fx");
  CHECK(market.state_of(first_id) == feed_state::syncing);
  take(snapshot(104, {{{90}, {1}}}, {{{95}, {1}}}));
  CHECK(kinds(out) == "fxsfcc");
  CHECK(market.book(first_id).levels(side::buy, 9) == std::vector<level>{{{90}, {1}}});
}

TEST_CASE_FIXTURE(fixture, "a crossed book is not published and leads to a new synchronisation") {
  take(snapshot(100));
  take(update(101, 101));
  out.clear();
  take(update(102, 102, {{{101}, {1}}}));
  CHECK(kinds(out) == "f");
  CHECK(market.state_of(first_id) == feed_state::syncing);
  CHECK(market.sync(first_id).counters().crossed == 1);
  take(snapshot(110, {{{120}, {1}}}, {{{110}, {1}}}));
  CHECK(kinds(out) == "fx");
  CHECK(!market.sync(first_id).in_step());
}

TEST_CASE_FIXTURE(fixture, "an update that crosses the book only on its way is fine") {
  take(snapshot(100));
  take(update(101, 101, {{{103}, {1}}}, {{{101}, {0}}, {{104}, {1}}}));
  CHECK(market.state_of(first_id) == feed_state::live);
  CHECK(market.book(first_id).best(side::buy)->at == price{103});
}

TEST_CASE_FIXTURE(fixture, "a large book is published in parts of at most 500 levels a side") {
  std::vector<level> bids, asks;
  for (std::int64_t i = 0; i < 1001; ++i) bids.push_back({{10'000 - i}, {i + 1}});
  for (std::int64_t i = 0; i < 500; ++i) asks.push_back({{10'001 + i}, {i + 1}});
  take(snapshot(100, bids, asks));
  take(update(101, 101));
  const auto parts = all<book_snapshot>();
  REQUIRE(parts.size() == 3);
  CHECK((parts[0].first && !parts[1].first && !parts[2].first));
  CHECK((!parts[0].last && !parts[1].last && parts[2].last));
  CHECK(parts[0].bids.size() == 500);
  CHECK(parts[0].asks.size() == 500);
  CHECK(parts[2].bids.size() == 1);
  CHECK(parts[1].asks.empty());
  CHECK(rebuilt(out).levels(side::buy, 2000) == bids);
  CHECK(rebuilt(out).levels(side::sell, 2000) == asks);
}

TEST_CASE_FIXTURE(fixture, "an empty snapshot is one empty part") {
  take(snapshot(100, {}, {}));
  take(update(101, 101));
  REQUIRE(all<book_snapshot>().size() == 1);
  CHECK((all<book_snapshot>()[0].first && all<book_snapshot>()[0].last));
}

TEST_CASE_FIXTURE(fixture, "trades seen before and trades without price or size are skipped and counted") {
  take(trade(10));
  take(trade(12));
  out.clear();
  take(trade(12));
  take(trade(11));
  take(trade(13, 0));
  take(trade(14, 100, -1));
  CHECK(kinds(out) == "xxxx");
  const auto skipped = all<input_skipped>();
  CHECK(skipped[0].source == "day.gz");
  CHECK(skipped[0].line == 3);
  CHECK(skipped[0].reason == "BTCUSDT: trade id 12 does not follow 12.");
  CHECK(market.counters().skipped == 4);
  CHECK(market.counters().messages == 2);
  take(trade(13));
  take(trade(0));
  take(trade(0));
  CHECK(all<trade_seen>().size() == 3);  // without an id nothing can be told apart
}

TEST_CASE_FIXTURE(fixture, "quotes seen before and older ones are skipped; those without an id are all passed on") {
  const auto quote = [](std::uint64_t id) { return quote_seen{first_id, id, {{99}, {1}}, {{100}, {1}}, {}}; };
  for (const std::uint64_t id : {7, 9, 7, 9, 10}) take(quote(id));
  CHECK(all<quote_seen>().size() == 3);
  REQUIRE(all<input_skipped>().size() == 2);
  CHECK(all<input_skipped>()[0].reason == "BTCUSDT: quote of update 7 does not follow that of 9.");
  take(quote(0));
  take(quote(0));
  CHECK(all<quote_seen>().size() == 5);
}

TEST_CASE_FIXTURE(fixture, "one absurd id does not silence trades, quotes and book for good") {
  take(update(6, 8));
  take(snapshot(7));
  take(trade(std::uint64_t{1} << 63));
  take(quote_seen{first_id, std::uint64_t{1} << 63, {{99}, {1}}, {{100}, {1}}, {}});
  take(update(9, std::uint64_t{1} << 63));
  REQUIRE(market.state_of(first_id) == feed_state::live);
  for (std::uint64_t id = 1; id <= 1'001; ++id) {
    take(trade(id));
    take(quote_seen{first_id, id, {{99}, {1}}, {{100}, {1}}, {}});
    take(update(9 + id, 9 + id));
  }
  CHECK(all<trade_seen>().back().trade_id == 1'001);
  CHECK(all<quote_seen>().back().update_id == 1'001);
  CHECK(market.state_of(first_id) == feed_state::syncing);
  CHECK(market.sync(first_id).counters().gaps == 1);
  CHECK(market.counters().skipped == 2 * 999);
}

TEST_CASE_FIXTURE(fixture, "an id far beyond the last one is refused by itself") {
  take(trade(1));
  take(trade(std::uint64_t{1} << 63));
  take(trade(2));
  CHECK(all<trade_seen>().size() == 2);
  CHECK(all<input_skipped>().size() == 1);
}

TEST_CASE_FIXTURE(fixture, "a book that comes back is quoted again, also with the touch from before the gap") {
  market.quote_from_book(first_id);
  take(update(6, 8));
  take(snapshot(7));
  take(update(20, 21));  // 9 to 19 are missing
  take(snapshot(21));
  take(update(22, 22));
  REQUIRE(all<quote_seen>().size() == 2);
  CHECK(all<quote_seen>()[0].bid == all<quote_seen>()[1].bid);
}

TEST_CASE_FIXTURE(fixture, "without quotes from the source the touch of the live book is the quote, told when it changes") {
  market.quote_from_book(first_id);
  take(update(6, 8));
  CHECK(all<quote_seen>().empty());  // not live yet
  take(snapshot(7));
  REQUIRE(all<quote_seen>().size() == 1);
  CHECK(all<quote_seen>()[0].update_id == 8);
  CHECK(all<quote_seen>()[0].bid == level{{99}, {5}});
  CHECK(all<quote_seen>()[0].ask == level{{101}, {5}});
  take(update(9, 9, {{{98}, {1}}}));
  CHECK(all<quote_seen>().size() == 1);  // below the touch
  take(update(10, 10, {}, {{{101}, {2}}}));
  REQUIRE(all<quote_seen>().size() == 2);
  CHECK(all<quote_seen>()[1].ask == level{{101}, {2}});
  take(update(11, 11, {}, {{{101}, {0}}}));
  REQUIRE(all<quote_seen>().size() == 3);
  CHECK(all<quote_seen>()[2].ask == level{});  // none is left
}

TEST_CASE_FIXTURE(fixture, "event time never runs backwards") {
  CHECK(begin(1'000) == timestamp(milliseconds(1'000)));
  CHECK(begin(400) == timestamp(milliseconds(1'000)));
  CHECK(begin(1'000) == timestamp(milliseconds(1'000)));
  CHECK(begin(1'001) == timestamp(milliseconds(1'001)));
  CHECK(market.counters().clamped == 1);
  CHECK(market.counters().lines == 4);
}

TEST_CASE_FIXTURE(fixture, "bars close before the event that ends them, whatever it is and whosever it is") {
  market.list(symbol("ETHUSDT"), out);
  take(trade(1, 100), 58'500);
  take(trade(2, 110), 58'900);
  out.clear();
  take(quote_seen{instrument_id{2}, 1, {}, {}, {}}, 59'000);
  CHECK(kinds(out) == "bq");
  take(trade(3, 120), 60'000);
  CHECK(kinds(out) == "bqbbt");
  const auto bars = all<bar_closed>();
  CHECK(bars[0].high == price{110});
  CHECK(bars[0].open_time == timestamp(milliseconds(58'000)));
  CHECK(bars[1].trades == 0);
  CHECK(bars[2].period == seconds(60));
  CHECK(bars[2].trades == 2);
}

TEST_CASE_FIXTURE(fixture, "the end of the stream ends every feed and tells the counts") {
  market.list(symbol("ETHUSDT"), out);
  take(trade(1));
  take(trade(1));
  begin(0);
  market.skip("not JSON", out);
  out.clear();
  market.end(out);
  CHECK(kinds(out) == "ffe");
  CHECK(market.state_of(first_id) == feed_state::ended);
  const auto& ended = std::get<stream_ended>(out[2]);
  CHECK(ended.lines == 3);
  CHECK(ended.messages == 1);
  CHECK(ended.skipped == 2);
}

TEST_CASE_FIXTURE(fixture, "the owner of the transport can void a book and judge its health") {
  take(snapshot(100));
  take(update(101, 101));
  out.clear();
  market.set_state(first_id, feed_state::stale, "silent for 5 s", out);
  market.set_state(first_id, feed_state::stale, "silent for 6 s", out);
  take(update(102, 102));
  CHECK(kinds(out) == "fc");
  CHECK(market.state_of(first_id) == feed_state::stale);
  market.resync(first_id, "connection lost", out);
  CHECK(std::get<feed_changed>(out.back()).reason == "connection lost");
  take(update(103, 103));
  CHECK(market.sync(first_id).first_buffered_id() == 103);
  take(snapshot(102));
  CHECK(market.state_of(first_id) == feed_state::live);
}

TEST_CASE("a feed that is saved and restored at any point says the same as one that never stopped") {
  philox random(21);
  std::uint64_t id = 100;
  std::vector<decoded_message> inputs;
  std::vector<std::int64_t> times;
  std::int64_t now = 0;
  for (int i = 0; i < 150; ++i) {
    now += static_cast<std::int64_t>(random.below(700)) - 50;
    times.push_back(now);
    const auto kind = random.below(10);
    const auto ticks = static_cast<std::int64_t>(random.below(90));
    if (kind < 3) inputs.emplace_back(trade(static_cast<std::uint64_t>(i) - random.below(2), 50 + ticks));
    else if (kind < 4) inputs.emplace_back(snapshot(id));
    else {
      const std::uint64_t first = id + 1 + (random.below(20) == 0 ? 3 : 0);
      id = first + random.below(4);
      inputs.emplace_back(update(first, id, {{{ticks}, {ticks % 3}}}, {{{101 + ticks}, {ticks % 4}}}));
    }
  }
  const auto run = [&](std::size_t split) {
    messages out;
    auto market = std::make_unique<feed>();
    market->list(symbol("BTCUSDT"), out);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (i == split) {
        state_writer writer;
        writer(*market);
        market = std::make_unique<feed>();
        state_reader reader(writer.bytes());
        reader(*market);
        REQUIRE(reader.complete());
      }
      market->begin({"x", i + 1, timestamp(milliseconds(times[i]))}, out);
      market->take(inputs[i], out);
    }
    market->end(out);
    return out;
  };
  const auto texts = [](const messages& out) {
    std::vector<std::string> found;
    for (const auto& each : out) {
      state_writer writer;
      std::visit([&](const auto& body) {
        using body_type = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<body_type, book_changed>) writer(body.update_id, body.bids, body.asks);
        if constexpr (std::is_same_v<body_type, book_snapshot>) writer(body.update_id, body.bids, body.asks);
        if constexpr (std::is_same_v<body_type, bar_closed>) {
          writer(body.period, body.open_time, body.open, body.high, body.low, body.close, body.volume, body.trades);
        }
        if constexpr (std::is_same_v<body_type, trade_seen>) writer(body.trade_id, body.at);
        if constexpr (std::is_same_v<body_type, feed_changed>) writer(body.state, body.reason);
        if constexpr (std::is_same_v<body_type, input_skipped>) writer(body.source, body.line, body.reason);
        if constexpr (std::is_same_v<body_type, stream_ended>) writer(body.lines, body.messages, body.skipped);
      }, each);
      found.push_back(writer.take());
    }
    return found;
  };
  const auto whole = run(inputs.size());
  const auto expected = texts(whole);
  for (const char kind : {'t', 'c', 's', 'b', 'f', 'x'}) REQUIRE(kinds(whole).find(kind) != std::string::npos);
  for (std::size_t split = 0; split < inputs.size(); ++split) {
    CAPTURE(split);
    const auto out = run(split);
    REQUIRE(kinds(out) == kinds(whole));
    REQUIRE(texts(out) == expected);
  }
}
