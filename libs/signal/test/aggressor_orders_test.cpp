#include "remora/signal/aggressor_orders.hpp"

#include <doctest/doctest.h>

using namespace remora;

namespace {

struct tape {
  signal::aggressor_orders orders;
  instrument what;
  std::uint64_t id = 0;

  std::optional<signal::aggressor_orders::order> print(std::int64_t venue_us, std::int64_t ticks, std::int64_t lots, side aggressor) {
    const timestamp venue = timestamp(microseconds(venue_us));
    return orders.add({instrument_id{1}, ++id, {ticks}, {lots}, aggressor, venue}, what, {venue, {}});
  }
};

}  // namespace

TEST_CASE("prints of one stamp and side are one order, a sweep keeps its first and last price") {
  tape t;
  CHECK_FALSE(t.print(1000, 100, 1, side::buy));
  CHECK_FALSE(t.print(1000, 101, 2, side::buy));
  CHECK_FALSE(t.print(1000, 103, 3, side::buy));
  const auto done = t.print(5000, 103, 1, side::buy);
  REQUIRE(done);
  CHECK(done->seen.size.lots == 6);
  CHECK(done->seen.prints == 3);
  CHECK(done->seen.first_price.ticks == 100);
  CHECK(done->seen.last_price.ticks == 103);
  CHECK(done->seen.first_trade_id == 1);
  CHECK(done->seen.last_trade_id == 3);
}

TEST_CASE("a change of side ends an order") {
  tape t;
  CHECK_FALSE(t.print(1000, 100, 1, side::buy));
  CHECK(t.print(1000, 100, 1, side::sell));
}

TEST_CASE("prints within a millisecond belong together only while the price moves with the aggressor") {
  tape with, against;
  CHECK_FALSE(with.print(1000, 100, 1, side::sell));
  CHECK_FALSE(with.print(1900, 99, 1, side::sell));
  CHECK_FALSE(against.print(1000, 100, 1, side::sell));
  CHECK(against.print(1900, 101, 1, side::sell));
}

TEST_CASE("an order is complete five milliseconds after its last print") {
  tape t;
  CHECK_FALSE(t.orders.deadline());
  CHECK_FALSE(t.print(1000, 100, 4, side::buy));
  REQUIRE(t.orders.deadline() == timestamp(microseconds(6000)));
  CHECK_FALSE(t.orders.expire(timestamp(microseconds(5999))));
  const auto done = t.orders.expire(timestamp(microseconds(6000)));
  REQUIRE(done);
  CHECK(done->seen.size.lots == 4);
  CHECK_FALSE(t.orders.deadline());
}
