#include "remora/market/book_sync.hpp"
#include "remora/market/order_book.hpp"
#include "remora/sim/flow_tape.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace remora::sim;

namespace {

constexpr timestamp start = timestamp_of(1'704'067'200'000'000'000);

/// Rebuilds the book from what is published, by the rules of futures, and holds every quote against it.
struct follower {
  book_sync sync{sync_rule::chained};
  order_book book;
  timestamp last = start;
  quote_seen quote;
  std::uint64_t trades = 0, quotes = 0, updates = 0, compared = 0;

  void take(const taped& message) {
    REQUIRE(message.sent >= last);
    last = message.sent;
    std::visit([&](const auto& what) { take(what, message.sent); }, message.what);
  }

  void take(const trade_seen& trade, timestamp sent) {
    REQUIRE(trade.trade_id == ++trades);
    REQUIRE(trade.size.lots > 0);
    REQUIRE(trade.venue_time == sent);
  }

  void take(const quote_seen& what, timestamp) {
    REQUIRE(what.update_id > quote.update_id);
    REQUIRE((what.bid != quote.bid || what.ask != quote.ask));
    REQUIRE(what.bid.at < what.ask.at);
    quote = what;
    ++quotes;
    compare();
  }

  void take(const depth_update& update, timestamp sent) {
    REQUIRE(sync.take(update) == sync_verdict::apply);
    REQUIRE(update.venue_time <= sent);
    apply(update.bids, update.asks);
    ++updates;
    compare();
  }

  void take(const depth_snapshot& snapshot, timestamp) {
    REQUIRE(sync.take(snapshot).verdict == snapshot_verdict::adopted);
    apply(snapshot.bids, snapshot.asks);
  }

  void apply(const std::vector<level>& bids, const std::vector<level>& asks) {
    for (const level& each : bids) book.apply(side::buy, each);
    for (const level& each : asks) book.apply(side::sell, each);
    REQUIRE_FALSE(book.crossed());
  }

  void compare() {
    if (sync.update_id() != quote.update_id) return;
    REQUIRE(book.best(side::buy) == quote.bid);
    REQUIRE(book.best(side::sell) == quote.ask);
    ++compared;
  }
};

follower follow(nanoseconds depth_interval, double seconds) {
  flow_market market;
  flow_tape tape(market, {instrument_id{1}, start, depth_interval});
  follower seen;
  seen.take(tape.snapshot());
  while (market.time() < seconds)
    for (const auto& each : tape.next()) seen.take(each);
  if (const auto last = tape.rest()) seen.take(*last);
  CHECK_FALSE(tape.rest().has_value());
  CHECK(seen.trades == tape.trades());
  for (const side which : {side::buy, side::sell}) CHECK(seen.book.best(which) == market.book().best(which));
  return seen;
}

}  // namespace

TEST_CASE("the published book is the market's, its quotes the touch of it, whether each event is told or a tenth of a second at once") {
  const auto each = follow(nanoseconds(0), 300), gathered = follow(std::chrono::milliseconds(100), 300);
  CHECK(each.trades == gathered.trades);
  CHECK(each.quotes == gathered.quotes);
  CHECK(each.trades > 5'000);
  CHECK(each.quotes > 5'000);
  CHECK(each.compared >= each.quotes);       // a difference for each event: every quote has its book
  CHECK(gathered.updates <= 3'001);
  CHECK(gathered.updates > 2'900);
  CHECK(gathered.compared > 300);            // where the last event of a tenth moved the touch
}

TEST_CASE("differences are sent at the ends of their intervals, in whole multiples") {
  flow_market market;
  flow_tape tape(market, {instrument_id{1}, start, std::chrono::milliseconds(100)});
  while (market.time() < 20)
    for (const auto& each : tape.next())
      if (std::holds_alternative<depth_update>(each.what)) CHECK((each.sent - start).count() % 100'000'000 == 0);
}
