#include "remora/sim/market_generator.hpp"

#include "remora/market/order_book.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <utility>

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

namespace {

own_trade taking(side direction, std::int64_t lots, timestamp at, std::uint64_t fill_id = 1, std::int64_t limit = 0) {
  const price any{direction == side::buy ? 1'000'000 : 1};
  return {instrument_id{1}, fill_id, direction, limit > 0 ? price{limit} : any, {lots}, at};
}

/// Every message of the batches as one text, so that markets can be compared.
std::string text_of(const std::vector<source_batch>& batches) {
  std::string text;
  const auto put = [&](const auto&... values) { ((text += std::to_string(values) + ' '), ...); };
  for (const source_batch& batch : batches)
    for (const market_message& message : batch.messages) {
      put(count_of(batch.event_time), message.index());
      if (const auto* m = std::get_if<trade_seen>(&message)) put(m->trade_id, m->at.ticks, m->size.lots, static_cast<int>(m->aggressor), m->own_fill);
      if (const auto* m = std::get_if<book_changed>(&message))
        for (const auto* levels : {&m->bids, &m->asks})
          for (const level& each : *levels) put(each.at.ticks, each.size.lots);
    }
  return text;
}

/// The market played to its end, told what we took before its first batch after the opening.
std::vector<source_batch> play(const sim::generator_options& options, const std::vector<own_trade>& ours) {
  sim::market_generator market(options);
  std::vector<source_batch> batches;
  batches.push_back(*market.next());
  for (const own_trade& each : ours) CHECK(market.feel(each));
  while (auto batch = market.next()) batches.push_back(std::move(*batch));
  return batches;
}

std::vector<trade_seen> own_prints(const std::vector<source_batch>& batches) {
  std::vector<trade_seen> found;
  for (const source_batch& batch : batches)
    for (const market_message& message : batch.messages)
      if (const auto* m = std::get_if<trade_seen>(&message); m != nullptr && m->own_fill != 0) found.push_back(*m);
  return found;
}

/// The middle of the last quote at or before `until`, in half ticks.
std::int64_t middle(const std::vector<source_batch>& batches, timestamp until) {
  std::int64_t found = 0;
  for (const source_batch& batch : batches)
    for (const market_message& message : batch.messages)
      if (const auto* m = std::get_if<quote_seen>(&message); m != nullptr && batch.event_time <= until) found = m->bid.at.ticks + m->ask.at.ticks;
  return found;
}

}  // namespace

TEST_CASE("what we took is missing from the book at its time, printed as ours, and nothing else is in that batch") {
  sim::market_generator market(options_with(7));
  order_book book;
  const auto see = [&](const source_batch& batch) {
    for (const market_message& message : batch.messages) {
      if (const auto* m = std::get_if<book_snapshot>(&message)) book.apply(*m);
      if (const auto* m = std::get_if<book_changed>(&message)) book.apply(*m);
    }
  };
  const timestamp at = options_with(7).start + seconds(5);
  while (*market.next_time() < at) see(*market.next());
  const level ask = *book.best(side::sell);
  CHECK(market.feel(taking(side::buy, ask.size.lots - 1, at, 42)));
  CHECK(market.next_time() == at);
  const auto felt = market.next();
  REQUIRE(felt);
  CHECK(felt->event_time == at);
  const auto prints = own_prints({*felt});
  REQUIRE(prints.size() == 1);
  CHECK(prints[0].own_fill == 42);
  CHECK(prints[0].at == ask.at);
  CHECK(prints[0].size.lots == ask.size.lots - 1);
  CHECK(prints[0].aggressor == side::buy);
  see(*felt);
  CHECK(book.best(side::sell) == level{ask.at, {1}});
}

TEST_CASE("nothing worse than what we paid is taken for us, and what is gone meanwhile is not taken") {
  sim::market_generator market(options_with(7));
  const auto opening = market.next();
  const timestamp at = options_with(7).start + milliseconds(1);
  const std::int64_t start = options_with(7).start_price_ticks;
  CHECK(market.feel(taking(side::buy, 1'000'000'000, at, 1, start + 2)));
  CHECK(market.feel(taking(side::buy, 5, at, 2, start + 2)));
  CHECK(market.feel(taking(side::sell, 1'000'000'000, at, 3, start - 1)));
  std::vector<source_batch> felt;
  for (int i = 0; i < 3; ++i) felt.push_back(*market.next());
  std::vector<std::pair<std::uint64_t, std::int64_t>> prints;
  for (const trade_seen& each : own_prints(felt)) prints.emplace_back(each.own_fill, each.at.ticks - start);
  CHECK(prints == std::vector<std::pair<std::uint64_t, std::int64_t>>{{1, 1}, {1, 2}, {3, -1}});
}

TEST_CASE("a trade that is told late is felt at once, and event time never runs backwards") {
  sim::market_generator market(options_with(7));
  timestamp last{};
  for (int i = 0; i < 200; ++i) last = market.next()->event_time;
  CHECK(market.feel(taking(side::buy, 5, last - seconds(1))));
  CHECK(market.next_time() == last);
  const auto felt = market.next();
  CHECK(felt->event_time == last);
  CHECK(own_prints({*felt}).size() == 1);
}

TEST_CASE("the same seed and the same trades of ours give the same market, whenever it is told of them") {
  const auto options = options_with(11);
  std::vector<own_trade> ours;
  for (std::uint64_t i = 1; i <= 40; ++i) ours.push_back(taking(i % 3 == 0 ? side::sell : side::buy, static_cast<std::int64_t>(200 * i), options.start + milliseconds(1'300 * i), i));
  const std::string told_at_first = text_of(play(options, ours));
  CHECK(told_at_first == text_of(play(options, ours)));
  CHECK(told_at_first != text_of(play(options, {})));

  sim::market_generator market(options);
  std::vector<source_batch> batches;
  auto next = ours.begin();
  while (const auto due = market.next_time()) {
    if (next != ours.end() && next->at <= *due + milliseconds(1)) {
      CHECK(market.feel(*next++));
      continue;
    }
    batches.push_back(*market.next());
  }
  CHECK(next == ours.end());
  CHECK(told_at_first == text_of(batches));
}

TEST_CASE("the crowd's next order is the same whatever we took before it") {
  const auto options = options_with(13);
  const auto advanced = [&](int batches) {
    auto market = std::make_unique<sim::market_generator>(options);
    while (batches-- > 0) CHECK(market->next());
    return market;
  };
  const auto order_of = [](const std::optional<source_batch>& batch) {
    std::pair<std::int64_t, timestamp> lots_and_time;
    for (const market_message& message : batch->messages)
      if (const auto* m = std::get_if<trade_seen>(&message)) lots_and_time = {lots_and_time.first + sign_of(m->aggressor) * m->size.lots, m->venue_time};
    return lots_and_time;
  };
  int compared = 0;
  for (int batches = 2; batches < 60; ++batches) {
    const auto calm = advanced(batches), hit = advanced(batches);
    CHECK(hit->feel(taking(side::buy, 3'000, options.start)));  // some levels, each with its chance
    CHECK(own_prints({*hit->next()}).size() > 2);
    const auto without = order_of(calm->next());
    if (without.first == 0) continue;  // the makers'
    CHECK(order_of(hit->next()) == without);
    ++compared;
  }
  CHECK(compared > 20);
}

TEST_CASE("what we take moves the price our way on average, and part of it stays: paired markets with and without") {
  std::int64_t bought = 0, sold = 0, up = 0;
  constexpr std::uint64_t pairs = 30;
  for (std::uint64_t seed = 1; seed <= pairs; ++seed) {
    auto options = options_with(seed);
    options.whales_per_minute = 0;
    options.duration = seconds(20);
    const timestamp first = options.start + seconds(5);
    const auto moved_by = [&](side direction) {
      std::vector<own_trade> ours;
      for (int i = 0; i < 10; ++i) ours.push_back(taking(direction, 800, first + milliseconds(100 * i)));
      return middle(play(options, ours), options.start + seconds(15)) - middle(play(options, {}), options.start + seconds(15));
    };
    const std::int64_t by_buying = moved_by(side::buy);
    bought += by_buying;
    sold += moved_by(side::sell);
    up += by_buying > 0 ? 1 : 0;
  }
  MESSAGE("half ticks a pair: bought " << static_cast<double>(bought) / static_cast<double>(pairs) << ", sold " << static_cast<double>(sold) / static_cast<double>(pairs) << "; up " << up);
  CHECK(bought > static_cast<std::int64_t>(pairs) * 4);
  CHECK(sold < -static_cast<std::int64_t>(pairs) * 4);
  CHECK(up >= 22);
}

TEST_CASE("a market refuses what it cannot feel: too much at a time, another instrument, anything before its opening or after its end") {
  auto options = options_with(3);
  options.duration = seconds(1);
  sim::market_generator market(options);
  CHECK_FALSE(market.feel(taking(side::buy, 1, options.start)));
  CHECK(market.next());
  own_trade foreign = taking(side::buy, 1, options.start);
  foreign.instrument = instrument_id{2};
  CHECK_FALSE(market.feel(foreign));
  const own_trade beyond = taking(side::buy, 1, options.start + seconds(9));
  for (std::size_t i = 0; i < sim::market_generator::felt_max; ++i) REQUIRE(market.feel(beyond));
  CHECK_FALSE(market.feel(beyond));
  bool ended = false;
  while (const auto batch = market.next()) {
    CHECK(own_prints({*batch}).empty());
    ended = std::any_of(batch->messages.begin(), batch->messages.end(), [](const auto& m) { return std::holds_alternative<stream_ended>(m); });
  }
  CHECK(ended);
  CHECK_FALSE(market.next_time());
  CHECK_FALSE(market.feel(beyond));
}

TEST_CASE("a market that shall not feel us says so") {
  auto options = options_with(3);
  CHECK(sim::market_generator(options).feeling() != nullptr);
  options.feels_us = false;
  CHECK(sim::market_generator(options).feeling() == nullptr);
}
