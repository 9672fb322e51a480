#include "remora/sim/market_generator.hpp"

#include "remora/market/order_book.hpp"

#include <doctest/doctest.h>

using namespace remora;

namespace {

sim::generator_options options_with(std::uint64_t seed) {
  sim::generator_options options;
  options.seed = seed;
  options.duration = seconds(60);
  options.what.symbol = "SIMUSD";
  options.what.where = venue::simulated;
  options.what.tick_size = {1, 1};
  options.what.lot_size = {1, 3};
  return options;
}

std::vector<source_batch> play(std::uint64_t seed) {
  sim::market_generator market(options_with(seed));
  std::vector<source_batch> batches;
  while (auto batch = market.next()) batches.push_back(std::move(*batch));
  return batches;
}

}  // namespace

TEST_CASE("a generated market is never crossed, its quotes are the touch of its book, and it ends") {
  order_book book;
  std::uint64_t quotes = 0, trades = 0;
  bool ended = false;
  timestamp last{};
  for (const source_batch& batch : play(3)) {
    CHECK(batch.event_time >= last);
    last = batch.event_time;
    for (const market_message& message : batch.messages) {
      if (const auto* m = std::get_if<book_snapshot>(&message)) book.apply(*m);
      if (const auto* m = std::get_if<book_changed>(&message)) {
        book.apply(*m);
        REQUIRE_FALSE(book.crossed());
      }
      if (const auto* m = std::get_if<quote_seen>(&message)) {
        ++quotes;
        REQUIRE(book.best(side::buy) == m->bid);
        REQUIRE(book.best(side::sell) == m->ask);
      }
      trades += std::holds_alternative<trade_seen>(message) ? 1 : 0;
      ended = ended || std::holds_alternative<stream_ended>(message);
    }
  }
  CHECK(ended);
  CHECK(quotes > 1000);
  CHECK(trades > 1000);
}

TEST_CASE("the same seed gives the same market and another seed another one") {
  const auto a = play(1), b = play(1), c = play(2);
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].event_time == b[i].event_time);
    CHECK(a[i].messages.size() == b[i].messages.size());
  }
  CHECK(a.size() != c.size());
}

TEST_CASE("whales are planted and stand out") {
  sim::market_generator market(options_with(5));
  while (market.next()) {
  }
  REQUIRE(market.whales().size() >= 3);
  for (const auto& whale : market.whales()) CHECK(whale.size.lots > 20 * 40 * 5);
}
