#include "remora/signal/signal_engine.hpp"

#include "remora/base/random.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>

using namespace remora;

namespace {

constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max() / 2;

instrument listed() {
  instrument what;
  what.id = instrument_id{1};
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

void check_number(double x) { CHECK(std::isfinite(x)); }
void check_number(const std::optional<double>& x) {
  if (x) CHECK(std::isfinite(*x));
}

void check(const aggressor_order_seen&) {}
void check(const whale_seen& m) {
  for (const double x : {m.z, m.impact, m.confidence, m.size_evidence, m.sign_evidence, m.impact_ratio, m.book_support}) check_number(x);
  CHECK(m.confidence >= 0);
  CHECK(m.confidence <= 1);
}
void check(const regime_changed& m) { for (const double x : {m.volatility_ratio, m.trend, m.criticality}) check_number(x); }
void check(const signal_raised& m) {
  check_number(m.score);
  for (const auto& part : m.parts) CHECK(part.value >= 0);
}
void check(const flow_measured& m) {
  for (const auto& x : {m.queue_imbalance, m.weighted_mid, m.micro_price, m.micro_adjustment, m.order_flow, m.deep_order_flow, m.order_flow_slope, m.order_flow_r2, m.vpin, m.vpin_rank,
                        m.kyle_lambda, m.kyle_t, m.effective_half_spread, m.realised_half_spread, m.impact, m.roll_spread, m.realised_variance, m.bipower_variation, m.jump_share,
                        m.wall_pressure})
    check_number(x);
}
void check(const criticality_measured& m) {
  for (const auto& x : {m.soc, m.branching_quarter, m.branching_second, m.branching_ten, m.fano, m.autocorrelation, m.variance_ratio, m.avalanche_exponent, m.sweep_share}) check_number(x);
}

/// The engine and the time, with everything it says held against being a number.
struct subject {
  signal_engine engine{signal_settings{}};
  signal_engine::outputs_type said;
  timestamp now = timestamp_of(1'000'000'000'000);
  std::uint64_t id = 0;
  std::size_t signals = 0;
  std::optional<criticality_measured> criticality;
  std::optional<candidate_weighed> candidate;

  template <class Message>
  void give(const Message& message) {
    engine.on(message, {now, {}}, said);
    while (engine.next_wake() && *engine.next_wake() <= now) engine.wake({now, {}}, said);
    for (const auto& entry : said) {
      std::visit([](const auto& body) { check(body); }, entry.body);
      if (const auto* told = std::get_if<criticality_measured>(&entry.body)) criticality = *told;
      if (const auto* told = std::get_if<candidate_weighed>(&entry.body)) candidate = *told;
      signals += std::holds_alternative<signal_raised>(entry.body) ? 1 : 0;
    }
    said.clear();
  }

  void trade(std::int64_t ticks, std::int64_t lots, side aggressor = side::buy) { give(trade_seen{instrument_id{1}, ++id, {ticks}, {lots}, aggressor, now}); }
  void second(std::int64_t ticks) {
    now += seconds(1);
    give(bar_closed{instrument_id{1}, seconds(1), now - seconds(1), {ticks}, {ticks}, {ticks}, {ticks}, {100}, {50}, 10});
  }
  /// An ordinary second at a price.
  void live(std::int64_t ticks, philox& draws) {
    give(quote_seen{instrument_id{1}, id, {{ticks}, {10}}, {{ticks + 1}, {12}}, now});
    for (int i = 0; i < 10; ++i) {
      now += milliseconds(90);
      trade(ticks + static_cast<std::int64_t>(draws.below(2)), 1 + static_cast<std::int64_t>(draws.below(50)), draws.below(2) == 0 ? side::buy : side::sell);
    }
    now += milliseconds(100);
    second(ticks);
  }
};

subject started() {
  subject s;
  s.give(instrument_listed{listed()});
  s.give(feed_changed{instrument_id{1}, feed_state::live, ""});
  return s;
}

}  // namespace

TEST_CASE("prices that jump a million-fold up and down leave numbers behind and raise no signal") {
  subject s = started();
  philox draws(1);
  for (int i = 0; i < 700; ++i) s.live(100'000 + static_cast<std::int64_t>(draws.below(20)), draws);
  s.live(100'000'000'000, draws);
  s.live(1, draws);
  for (int i = 0; i < 700; ++i) s.live(100'000 + static_cast<std::int64_t>(draws.below(20)), draws);
  CHECK(s.signals == 0);
}

TEST_CASE("a price that jumps a million-fold and back is forgotten by regime, volatility and impact within five minutes") {
  subject jumped = started(), calm = started();
  philox draws(5);
  const auto both = [&](int seconds_of_it) {
    for (int i = 0; i < seconds_of_it; ++i) {
      const std::int64_t ticks = 100'000 + static_cast<std::int64_t>(draws.below(20));
      philox one(11, static_cast<std::uint64_t>(i)), other(one);
      jumped.live(ticks, one);
      calm.live(ticks, other);
    }
  };
  both(900);
  philox lost(6);
  for (const std::int64_t ticks : {std::int64_t{100'000'000'000}, std::int64_t{1}}) {
    jumped.live(ticks, lost);
    calm.live(100'000, lost);
  }
  both(300);
  CHECK(jumped.criticality->state == calm.criticality->state);
  CHECK(jumped.criticality->volatility_ratio < 1.5 * calm.criticality->volatility_ratio);
  CHECK(*jumped.criticality->variance_ratio < 1.5 * *calm.criticality->variance_ratio);
  for (subject* each : {&jumped, &calm}) {
    each->candidate.reset();
    each->trade(100'000, 100'000, side::sell);
    each->trade(99'000, 100'000, side::sell);
    each->trade(100'000, 1);
    REQUIRE(each->candidate);
  }
  CHECK(jumped.candidate->impact_ratio > 0.4 * calm.candidate->impact_ratio);
}

TEST_CASE("sizes and prices that cannot be are passed over, those at the end of their type are borne") {
  subject s = started();
  philox draws(2);
  for (int i = 0; i < 200; ++i) s.live(100'000, draws);
  for (const std::int64_t bad : {std::int64_t{0}, std::int64_t{-1}, -huge, huge, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    s.trade(100'000, bad);
    s.trade(bad, 5);
    s.give(quote_seen{instrument_id{1}, 1, {{bad}, {5}}, {{100'001}, {5}}, s.now});
    s.give(quote_seen{instrument_id{1}, 1, {{100'000}, {bad}}, {{100'001}, {bad}}, s.now});
    s.give(book_changed{instrument_id{1}, 1, 2, {{{bad}, {5}}}, {{{100'001}, {bad}}}, s.now});
    s.give(bar_closed{instrument_id{1}, seconds(1), s.now, {bad}, {bad}, {bad}, {bad}, {bad}, {bad}, 1});
    s.now += seconds(1);
  }
  CHECK(s.engine.refused() >= 25);
  const auto before = s.engine.refused();
  for (int i = 0; i < 200; ++i) s.live(100'000, draws);
  CHECK(s.engine.refused() == before);
}

TEST_CASE("quotes that cross, books of one side, in parts or never begun, and bars upside down say nothing that is no number") {
  subject s = started();
  philox draws(3);
  s.give(book_changed{instrument_id{1}, 1, 2, {{{99}, {5}}}, {}, s.now});
  s.give(book_snapshot{instrument_id{1}, 5, true, false, {{{100'000}, {5}}}, {}});
  s.live(100'000, draws);
  s.give(book_changed{instrument_id{1}, 6, 7, {{{99'999}, {5}}}, {}, s.now});
  s.give(book_snapshot{instrument_id{1}, 8, true, true, {}, {}});
  CHECK(s.engine.refused() == 3);  // a change before a snapshot, one inside a snapshot, and a book without a level
  s.give(book_changed{instrument_id{1}, 9, 9, {{{100'005}, {5}}}, {{{100'001}, {5}}}, s.now});
  CHECK(s.engine.refused() == 4);
  s.give(quote_seen{instrument_id{1}, 1, {{100'005}, {5}}, {{100'001}, {5}}, s.now});
  s.give(bar_closed{instrument_id{1}, seconds(1), s.now, {100}, {90}, {110}, {100}, {1}, {5}, 1});
  CHECK(s.engine.refused() == 6);
  s.give(book_snapshot{instrument_id{1}, 20, true, true, {{{99'999}, {5}}, {{-1}, {5}}}, {{{100'001}, {5}}, {{100'002}, {huge}}}});
  CHECK(s.engine.refused() == 8);
  s.give(book_snapshot{instrument_id{1}, 21, false, true, {{{100'000}, {5}}}, {}});
  CHECK(s.engine.refused() == 9);  // a later part of a snapshot that is whole already
  for (int i = 0; i < 100; ++i) s.live(100'000, draws);
  CHECK(s.signals == 0);
}

TEST_CASE("time that runs backwards, unknown instruments and a listing that comes again change nothing that was learned for the worse") {
  subject s = started();
  philox draws(4);
  for (int i = 0; i < 100; ++i) s.live(100'000, draws);
  const timestamp before = s.now;
  s.now -= seconds(50);
  for (int i = 0; i < 20; ++i) s.live(100'000, draws);
  CHECK(s.engine.refused() >= 200);  // 20 × 10 trades; a bar says nothing of the order of trades
  s.now = timestamp_of(-5'000'000'000);
  s.trade(100'000, 5);
  s.now = before;
  const auto refused = s.engine.refused();
  for (int i = 0; i < 20; ++i) s.give(trade_seen{instrument_id{7}, 1, {100}, {5}, side::buy, s.now});
  s.give(quote_seen{instrument_id{7}, 1, {{100}, {5}}, {{101}, {5}}, s.now});
  s.give(bar_closed{instrument_id{7}, seconds(1), s.now, {100}, {100}, {100}, {100}, {1}, {1}, 1});
  s.give(feed_changed{instrument_id{7}, feed_state::live, ""});
  CHECK(s.engine.refused() == refused + 22);
  s.give(instrument_listed{listed()});
  for (int i = 0; i < 100; ++i) s.live(100'000, draws);
  CHECK(s.signals == 0);
}

TEST_CASE("an instrument listed again keeps what was learned, unless its ticks mean something else") {
  subject s = started();
  philox draws(7);
  for (int i = 0; i < 100; ++i) s.live(100'000, draws);
  const auto bars = s.criticality->bars;
  s.give(instrument_listed{listed()});
  s.live(100'000, draws);
  CHECK(s.criticality->bars == bars + 1);
  instrument coarser = listed();
  coarser.tick_size = {1, 0};
  s.give(instrument_listed{coarser});
  s.live(10'000, draws);
  s.live(10'000, draws);
  CHECK(s.criticality->bars == 1);  // the first has no return yet
}
