#include "pit.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace remora::exchange;

/// How the paper exchange stands in a market that feels us: our fill comes back as a print of ours and as a change of the book.
namespace {

struct felt_pit : pit {
  void own_print(std::int64_t at, std::int64_t size, side direction) { give(trade_seen{one, 1, {at}, {size}, direction, now, 1}); }
};

}  // namespace

TEST_CASE("what we took is missing once: before the market shows it, between its print and its book, and afterwards") {
  felt_pit f;
  f.submit("a", side::buy, ioc, 101, 3);
  REQUIRE(f.filled("a") == 3);
  const auto left_for = [&](const char* id) {
    paper_market copy = f.market;
    std::vector<order_event> events;
    copy.submit({id, side::buy, ioc, {101}, {9}, {}, false, {}, {}}, {f.now, f.settings, f.random, events});
    std::int64_t sum = 0;
    for (const auto& event : events) sum += event.report.last_size.lots;
    return sum;
  };
  CHECK(left_for("before") == 1);
  f.own_print(101, 3, side::buy);
  CHECK(left_for("between") == 1);
  f.ask(101, 1);
  CHECK(left_for("after") == 1);
  f.now += f.settings.consumed_decay;
  CHECK(left_for("later") == 1);  // the book has it now, so it does not come back by itself
}

TEST_CASE("our own print fills no order of ours: not at its price, where it only moves the queue, and not through it") {
  felt_pit f;
  f.submit("waits", side::sell, post_only, 101, 2);  // behind 4
  f.own_print(101, 3, side::buy);
  CHECK(f.market.resting()[0].queue.front() == 1);
  f.ask(101, 1);
  f.own_print(101, 5, side::buy);
  CHECK(f.filled("waits") == 0);
  f.own_print(102, 5, side::buy);
  CHECK(f.filled("waits") == 0);
  f.print(101, 1, side::buy);  // the crowd's does
  CHECK(f.filled("waits") == 1);
}

TEST_CASE("what is left of an order that took and waits is not filled by the prints of what it took") {
  felt_pit f;
  f.submit("a", side::buy, gtc, 102, 15);
  REQUIRE(f.filled("a") == 10);  // both levels; the rest waits at 102
  f.own_print(101, 4, side::buy);
  f.ask(101, 0);
  CHECK(f.filled("a") == 10);
  f.own_print(102, 6, side::buy);
  f.ask(102, 0);
  CHECK(f.filled("a") == 10);
  f.print(101, 1, side::sell);  // somebody sells through it
  CHECK(f.filled("a") == 15);
}
