#include "remora/signal/signal_engine.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace remora;

namespace {

instrument listed() {
  instrument what;
  what.id = instrument_id{1};
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

signal_settings easy() {
  signal_settings settings;
  settings.whale.min_whale_size = amount::units(1000);
  settings.composite.signal_threshold = 0.3;
  return settings;
}

/// A seeded stream of trades, quotes and bars with a large order now and then.
class stream {
 public:
  explicit stream(std::uint64_t seed) : random_(seed) {}

  void feed(signal_engine& engine, int events, std::vector<std::string>& told) {
    signal_engine::outputs_type out;
    for (int i = 0; i < events; ++i) {
      now_ += milliseconds(static_cast<std::int64_t>(1 + random_.below(40)));
      while (engine.next_wake() && *engine.next_wake() <= now_) engine.wake({*engine.next_wake(), {}}, out);
      const double kind = random_.uniform();
      const std::int64_t ticks = 600'000 + static_cast<std::int64_t>(random_.below(21)) - 10;
      if (kind < 0.6)
        engine.on(trade_seen{instrument_id{1}, ++id_, {ticks}, {random_.uniform() < 0.02 ? 900 : 10 + static_cast<std::int64_t>(random_.below(9))},
                             random_.uniform() < 0.5 ? side::buy : side::sell, now_},
                  {now_, {}}, out);
      else if (kind < 0.9)
        engine.on(quote_seen{instrument_id{1}, 1, {{ticks}, {5}}, {{ticks + 1}, {7}}, now_}, {now_, {}}, out);
      else
        engine.on(bar_closed{instrument_id{1}, seconds(1), now_, {ticks}, {ticks}, {ticks}, {ticks}, {1}, {1}, 1}, {now_, {}}, out);
    }
    for (const auto& entry : out) told.push_back(std::to_string(entry.body.index()) + (std::holds_alternative<signal_raised>(entry.body) ? std::to_string(std::get<signal_raised>(entry.body).score) : ""));
  }

 private:
  philox random_;
  timestamp now_{};
  std::uint64_t id_ = 0;
};

signal_engine started() {
  signal_engine engine(easy());
  signal_engine::outputs_type out;
  engine.on(instrument_listed{listed()}, {}, out);
  engine.on(feed_changed{instrument_id{1}, feed_state::live, ""}, {}, out);
  return engine;
}

}  // namespace

TEST_CASE("large orders become whales and signals with their parts visible") {
  auto engine = started();
  std::vector<std::string> told;
  stream(1).feed(engine, 3000, told);
  CHECK(std::count(told.begin(), told.end(), "1") > 5);
  CHECK(std::any_of(told.begin(), told.end(), [](const std::string& t) { return t.starts_with("3"); }));
}

TEST_CASE("an engine restored from its state goes on exactly as if it had never stopped") {
  for (const int split : {1, 50, 333, 1000}) {
    CAPTURE(split);
    std::vector<std::string> whole, parts;
    auto one = started(), two = started();
    stream a(7), b(7);
    a.feed(one, split, whole);
    a.feed(one, 2000 - split, whole);
    b.feed(two, split, parts);
    state_writer writer;
    writer(two);
    signal_engine restored(easy());
    state_reader reader(writer.bytes());
    reader(restored);
    REQUIRE(reader.complete());
    b.feed(restored, 2000 - split, parts);
    CHECK(whole == parts);
  }
}

TEST_CASE("each second tells its criticality, from the orders that ended in it") {
  auto engine = started();
  signal_engine::outputs_type out;
  timestamp now{};
  std::uint64_t id = 0;
  for (int second = 0; second < 700; ++second) {
    for (int i = 0; i < 9; ++i) {  // two orders of one price, then one that sweeps two, 100 ms apart each
      const bool sweep = i % 3 == 2;
      now = timestamp{} + seconds(second) + milliseconds(100 * i);
      while (engine.next_wake() && *engine.next_wake() <= now) engine.wake({*engine.next_wake(), {}}, out);
      engine.on(trade_seen{instrument_id{1}, ++id, {600'000}, {sweep ? 1 : 2}, side::buy, now}, {now, {}}, out);
      if (sweep) engine.on(trade_seen{instrument_id{1}, ++id, {600'001}, {1}, side::buy, now}, {now, {}}, out);
    }
    now = timestamp{} + seconds(second + 1);
    while (engine.next_wake() && *engine.next_wake() <= now) engine.wake({*engine.next_wake(), {}}, out);
    engine.on(bar_closed{instrument_id{1}, seconds(1), now, {600'000}, {600'001}, {600'000}, {600'000 + second % 2}, {1}, {1}, 1}, {now, {}}, out);
  }
  std::vector<criticality_measured> told;
  for (const auto& entry : out)
    if (const auto* m = std::get_if<criticality_measured>(&entry.body)) told.push_back(*m);
  REQUIRE(told.size() == 699);  // the first bar has no return
  const criticality_measured& last = told.back();
  CHECK(last.instrument == instrument_id{1});
  CHECK(last.bars == 699);
  CHECK(*last.sweep_share == doctest::Approx(1.0 / 3));
  CHECK(*last.fano < 0.01);  // nine orders in every second
  CHECK(*last.branching_second == 0);
  CHECK(*last.branching_quarter == 0);
  CHECK(last.soc.has_value());
  CHECK_FALSE(told[500].soc.has_value());
  CHECK(last.volatility_ratio == doctest::Approx(1).epsilon(0.2));
  CHECK(last.state != regime::crisis);
}

TEST_CASE("seconds of a feed that is not live say nothing about the market") {
  auto engine = started();
  std::vector<std::string> told;
  stream market(3);
  market.feed(engine, 2'000, told);
  signal_engine::outputs_type out;
  engine.on(feed_changed{instrument_id{1}, feed_state::stale, ""}, {}, out);
  told.clear();
  market.feed(engine, 500, told);
  const auto criticality = std::to_string(signal_engine::outputs_type::message(criticality_measured{}).index());
  CHECK(std::count(told.begin(), told.end(), criticality) == 0);
  engine.on(feed_changed{instrument_id{1}, feed_state::live, ""}, {}, out);
  market.feed(engine, 500, told);
  CHECK(std::count(told.begin(), told.end(), criticality) > 30);
}

TEST_CASE("no signal is raised on a feed that is not live, nor for instruments and sizes that cannot be") {
  auto engine = started();
  signal_engine::outputs_type out;
  engine.on(feed_changed{instrument_id{1}, feed_state::stale, ""}, {}, out);
  std::vector<std::string> told;
  stream(1).feed(engine, 3000, told);
  CHECK(std::none_of(told.begin(), told.end(), [](const std::string& t) { return t.starts_with("3"); }));
  const std::size_t before = out.size();
  engine.on(trade_seen{instrument_id{9}, 1, {1}, {1}, side::buy, {}}, {}, out);
  engine.on(trade_seen{instrument_id{1}, 1, {-1}, {1}, side::buy, {}}, {}, out);
  engine.on(trade_seen{instrument_id{1}, 1, {1}, {0}, side::buy, {}}, {}, out);
  CHECK(out.size() == before);
}
