#include "continued.hpp"
#include "remora/base/random.hpp"
#include "remora/signal/microstructure.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <variant>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

constexpr instrument_id one{1};

struct event {
  std::variant<trade_seen, quote_seen, book_snapshot, book_changed> body;
  timestamp time{};
};

bool feed(microstructure& m, const event& e) {
  return std::visit([&](const auto& body) { return m.on(body, e.time); }, e.body);
}

/// A market that is one book: orders of either side eat its best level, others refill it, quotes follow.
class market {
 public:
  explicit market(std::uint64_t seed) : draws_(seed) {
    for (int i = 0; i < 20; ++i) {
      book_.apply(side::buy, {{bid_ - i}, {lots()}});
      book_.apply(side::sell, {{bid_ + 1 + i}, {lots()}});
    }
    put(book_snapshot{one, 1, true, true, book_.levels(side::buy, 20), book_.levels(side::sell, 20)});
    quote();
  }

  std::vector<event> play(int steps) {
    for (int i = 0; i < steps; ++i) step();
    return std::move(events_);
  }

 private:
  std::int64_t lots() { return 5 + static_cast<std::int64_t>(draws_.below(20)); }

  template <class Message>
  void put(const Message& message) {
    events_.push_back({message, now_});
  }
  void quote() {
    put(quote_seen{one, 1, *book_.best(side::buy), *book_.best(side::sell), now_});
  }
  void set(side which, const level& value) {
    book_.apply(which, value);
    book_changed change{one, 1, 1, {}, {}, now_};
    (which == side::buy ? change.bids : change.asks).push_back(value);
    put(change);
  }
  void step() {
    now_ += milliseconds(20 + static_cast<std::int64_t>(draws_.below(160)));
    const side hit = draws_.uniform() < 0.5 ? side::buy : side::sell;
    const level best = *book_.best(hit);
    if (draws_.uniform() < 0.4) {
      const quantity size{std::min(best.size.lots, lots())};
      put(trade_seen{one, ++id_, best.at, size, opposite(hit), now_});
      set(hit, {best.at, best.size - size});
      if (!book_.best(hit) || book_.level_count(hit) < 15) add_far(hit);
      if (book_.best(side::sell)->at.ticks - book_.best(side::buy)->at.ticks > 2) set(opposite(hit), {{best.at.ticks}, {lots()}});
    } else {
      set(hit, {{best.at.ticks - sign_of(hit) * static_cast<std::int64_t>(draws_.below(8))}, {lots()}});
    }
    quote();
  }
  void add_far(side which) {
    const auto all = book_.levels(which, book_.level_count(which));
    set(which, {{all.back().at.ticks - sign_of(which)}, {lots()}});
  }

  philox draws_;
  order_book book_;
  std::int64_t bid_ = 100'000;
  std::uint64_t id_ = 0;
  timestamp now_ = timestamp(seconds(1'000'000));
  std::vector<event> events_;
};

microstructure_settings quick() {
  microstructure_settings settings;
  settings.micro_price_fit_every = 1000;
  settings.toxicity = {100, 20, 200};
  settings.kyle.bin = seconds(5);
  settings.volatility_window = 60;
  return settings;
}

const std::vector<event>& one_market() {
  static const std::vector<event> events = market(5).play(3000);
  return events;
}

}  // namespace

TEST_CASE("nothing is read before anything was seen") {
  const flow_measured reading = microstructure(quick()).reading(timestamp{});
  CHECK_FALSE(reading.queue_imbalance);
  CHECK_FALSE(reading.micro_price);
  CHECK_FALSE(reading.order_flow_slope);
  CHECK_FALSE(reading.vpin);
  CHECK_FALSE(reading.kyle_lambda);
  CHECK_FALSE(reading.impact);
  CHECK_FALSE(reading.realised_variance);
  CHECK_FALSE(reading.wall_pressure);
}

TEST_CASE("after some minutes of one market all estimators are ready and within their bounds") {
  microstructure m(quick());
  for (const event& each : one_market()) REQUIRE(feed(m, each));
  m.rest();
  const flow_measured r = m.reading(one_market().back().time);
  REQUIRE(r.queue_imbalance);
  CHECK(std::abs(*r.queue_imbalance) <= 1);
  REQUIRE(r.micro_price);
  CHECK(std::abs(*r.micro_price - *r.weighted_mid) < 5);
  CHECK(r.order_flow);
  CHECK(r.deep_order_flow);
  REQUIRE(r.order_flow_slope);
  CHECK(*r.order_flow_slope > 0);  // this market moves by its flow alone
  CHECK(*r.order_flow_r2 > 0.2);
  CHECK(*r.deep_order_flow_slope > 0);
  REQUIRE(r.vpin);
  CHECK(*r.vpin > 0);
  CHECK(*r.vpin < 1);
  CHECK(r.vpin_rank);
  REQUIRE(r.kyle_lambda);
  CHECK(*r.kyle_t > 2);
  REQUIRE(r.effective_half_spread);
  CHECK(*r.effective_half_spread > 0);
  CHECK(r.realised_half_spread);
  CHECK(r.impact);
  CHECK(r.roll_spread);
  CHECK(*r.realised_variance > 0);
  CHECK(*r.jump_share >= 0);
  CHECK(m.refused() == 0);
}

TEST_CASE("the reading is that of the last quote") {
  microstructure m(quick());
  const timestamp now = timestamp(seconds(5));
  REQUIRE(m.on(quote_seen{one, 1, {{100}, {14}}, {{101}, {9}}, now}, now));
  CHECK(*m.reading(now).weighted_mid == Approx(100.6086957));
  CHECK(*m.reading(now).queue_imbalance == Approx(0.2173913));
}

TEST_CASE("realised variance is that of the mid at the ends of seconds, silent ones included") {
  microstructure_settings settings;
  settings.volatility_window = 5;
  microstructure m(settings);
  const auto quote = [&](std::int64_t ms, std::int64_t bid) {
    const timestamp now = timestamp(milliseconds(ms));
    REQUIRE(m.on(quote_seen{one, 1, {{bid}, {5}}, {{bid + 2}, {5}}, now}, now));
  };
  quote(100, 999);
  quote(1100, 1009);  // mid 1000 at the first second
  quote(1200, 1099);
  quote(2100, 1199);  // 1100 at the second
  quote(7100, 1199);  // 1200 at the third, and the same four times
  const double r = std::log(1.2 / 1.1);
  CHECK(*m.reading(timestamp(milliseconds(7100))).realised_variance == Approx(r * r));
}

TEST_CASE("a bucket of VPIN is a fiftieth of a day at the pace of the first sample") {
  microstructure_settings settings;
  settings.volume_sample = seconds(3600);
  settings.toxicity.buckets = 2;
  microstructure m(settings);
  // 24 lots in the sample's hour: a day would trade 576, a bucket holds 11
  for (int minute = 0; minute <= 60; ++minute) {
    const timestamp now = timestamp(seconds(60 * minute));
    m.on(trade_seen{one, 1, {100}, {minute == 60 ? 4 : minute < 20 ? 1 : 0}, side::buy, now}, now);
  }
  const timestamp later = timestamp(seconds(3700));
  m.on(trade_seen{one, 1, {100}, {21}, side::buy, later}, later);
  CHECK_FALSE(m.reading(later).vpin);
  m.on(trade_seen{one, 1, {100}, {1}, side::buy, later}, later);
  CHECK(m.reading(later).vpin == 1.0);
}

TEST_CASE("an iceberg and a wall in the fed book are read") {
  microstructure m;
  timestamp now = timestamp(seconds(100));
  std::vector<level> bids, asks;
  for (int i = 0; i < 12; ++i) {
    bids.push_back({{10'000 - i}, {10}});
    asks.push_back({{10'001 + i}, {10}});
  }
  m.on(book_snapshot{one, 1, true, true, bids, asks}, now);
  for (int i = 0; i < 20; ++i) {
    now += seconds(1);
    m.on(book_changed{one, 1, 1, {{{9'995}, {10 + i % 2}}}, {}, now}, now);
  }
  m.on(book_changed{one, 1, 1, {}, {{{10'008}, {400}}}, now}, now);
  for (int i = 0; i < 3; ++i) {
    now += seconds(2);
    m.on(trade_seen{one, 1, {10'000}, {10}, side::sell, now}, now);
    m.on(book_changed{one, 1, 1, {{{10'000}, {0}}}, {}, now}, now);
    now += milliseconds(10);
    m.on(book_changed{one, 1, 1, {{{10'000}, {10}}}, {}, now}, now);
  }
  const flow_measured r = m.reading(now);
  REQUIRE(r.buying_iceberg);
  CHECK(*r.buying_iceberg == Approx(0.875));
  CHECK(m.last_iceberg()->at.ticks == 10'000);
  CHECK_FALSE(r.selling_iceberg);
  CHECK(r.ask_wall == 400.0);
  CHECK(r.wall_pressure == -1.0);
  CHECK_FALSE(r.bid_wall);
}

TEST_CASE("events that cannot be used are refused and counted, and leave no trace in the estimators") {
  microstructure m(quick());
  for (std::size_t i = 0; i < 500; ++i) feed(m, one_market()[i]);
  const timestamp now = one_market()[499].time;
  const auto learned = [&] { return state_of(m.quote_flow()) + state_of(m.kyle()) + state_of(m.spreads()) + state_of(m.walls()) + state_of(m.icebergs()); };
  const std::string before = learned();
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  CHECK_FALSE(m.on(trade_seen{one, 1, {0}, {5}, side::buy, now}, now));
  CHECK_FALSE(m.on(trade_seen{one, 1, {100}, {0}, side::buy, now}, now));
  CHECK_FALSE(m.on(trade_seen{one, 1, {100}, {huge}, side::buy, now}, now));
  CHECK_FALSE(m.on(trade_seen{one, 1, {100}, {5}, side::buy, now}, now - nanoseconds(1)));
  CHECK_FALSE(m.on(quote_seen{one, 1, {{101}, {5}}, {{100}, {5}}, now}, now));
  CHECK_FALSE(m.on(quote_seen{one, 1, {{100}, {0}}, {{101}, {5}}, now}, now));
  CHECK_FALSE(m.on(quote_seen{one, 1, {{100}, {5}}, {{101}, {-5}}, now}, now));
  CHECK(m.refused() == 7);
  CHECK(m.on(book_changed{one, 1, 1, {{{0}, {5}}, {{100}, {-5}}, {{100}, {huge}}}, {}, now}, now));
  CHECK(m.refused() == 10);
  CHECK(learned() == before);
  microstructure without_book(quick());
  CHECK_FALSE(without_book.on(book_changed{one, 1, 1, {{{100}, {5}}}, {}, now}, now));
  CHECK_FALSE(without_book.on(book_snapshot{one, 1, false, true, {{{100}, {5}}}, {}}, now));
}

TEST_CASE("a price a million times the last leaves every reading finite") {
  microstructure m(quick());
  for (const event& each : one_market()) feed(m, each);
  timestamp now = one_market().back().time;
  for (int i = 0; i < 30; ++i) {
    now += seconds(3);
    const std::int64_t bid = i % 2 == 0 ? 100'000'000'000 : 100'000;
    m.on(quote_seen{one, 1, {{bid}, {5}}, {{bid + 1}, {5}}, now}, now);
    m.on(trade_seen{one, 1, {bid}, {5}, side::sell, now}, now);
  }
  const flow_measured r = m.reading(now);
  for (const auto& each : {r.order_flow_slope, r.order_flow_r2, r.kyle_lambda, r.kyle_t, r.effective_half_spread, r.impact, r.roll_spread,
                           r.realised_variance, r.bipower_variation, r.jump_share, r.micro_price})
    if (each) CHECK(std::isfinite(*each));
}

TEST_CASE("a break of the feed is no flow, no return and no step") {
  microstructure m(quick());
  for (const event& each : one_market()) feed(m, each);
  const timestamp now = one_market().back().time + seconds(100);
  const double variance = *m.reading(now).realised_variance;
  const std::uint64_t steps = m.fair_price().count();
  m.restart();
  CHECK_FALSE(m.reading(now).queue_imbalance);
  m.on(quote_seen{one, 1, {{500'000}, {5}}, {{500'001}, {5}}, now}, now);
  m.on(quote_seen{one, 1, {{500'000}, {5}}, {{500'001}, {5}}, now}, now + seconds(1));
  CHECK(*m.reading(now).realised_variance == variance);
  CHECK(m.fair_price().count() == steps);
}

TEST_CASE("the whole of an instrument's microstructure goes on with the same bits after a restart") {
  const std::vector<event> events(one_market().begin(), one_market().begin() + 2500);
  CHECK(continues(microstructure(quick()), events, [](microstructure& m, const event& e) { feed(m, e); }));
}
