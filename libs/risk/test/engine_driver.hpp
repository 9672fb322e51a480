#pragma once

#include "remora/base/archive.hpp"
#include "remora/risk/risk_engine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

namespace remora::risk {

using engine_input = std::variant<instrument_listed, trade_seen, quote_seen, bar_closed, feed_changed, stream_ended, signal_raised, regime_changed,
                                  order_updated, order_filled, parent_finished, funding_charged, account_reconciled, operator_commanded>;

/// 2024-08-08, in the middle of the day.
inline constexpr timestamp noon = timestamp(seconds(1'723'118'400));

/// Ticks of 0.1, lots of 0.001, cheap enough that 1 lot at 500000 ticks is 50 USD.
inline instrument perpetual(std::uint32_t id, std::string symbol) {
  instrument what;
  what.id = instrument_id{id};
  what.symbol = std::move(symbol);
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

inline quote_seen quote(std::uint32_t id, std::int64_t bid, std::int64_t ask) {
  quote_seen q;
  q.instrument = instrument_id{id};
  q.bid = {{bid}, {1'000}};
  q.ask = {{ask}, {1'000}};
  return q;
}

inline signal_raised signal(std::uint32_t id, side direction, timestamp valid_until, regime r = regime::normal) {
  signal_raised s;
  s.instrument = instrument_id{id};
  s.direction = direction;
  s.score = 0.8;
  s.threshold = 0.7;
  s.market_regime = r;
  s.valid_until = valid_until;
  return s;
}

/// Settings under which the limits bind, and not the share of equity that a Kelly bet may be.
inline risk_settings unbridled() {
  risk_settings s;
  s.sizing.max_kelly_share = 1;
  s.limits.max_correlation = 1;  // names of which nothing is known yet are not one
  s.states.operator_resumes = operator_lifts::losses;
  return s;
}

/// An engine with its clock; outputs of all calls since the last take() are kept.
class engine_driver {
 public:
  explicit engine_driver(risk_settings settings = unbridled()) : engine(settings), settings_(std::move(settings)) {}

  /// Another engine goes on from the checkpoint of this one, with other settings.
  void restart(risk_settings settings) {
    settings_ = std::move(settings);
    restart();
  }
  /// Another engine goes on from the checkpoint of this one.
  void restart() {
    state_writer written;
    written(engine);
    engine = risk_engine(settings_);
    state_reader reader(written.bytes());
    reader(engine);
    REQUIRE(reader.complete());
  }

  template <class Message>
  void give(Message message) {
    engine.on(message, {now, {{publisher::gateway, 1, ++position_}, 77}}, out);
  }
  /// Lists an instrument with a live feed and a quote.
  void open(std::uint32_t id, const instrument& what, std::int64_t bid, std::int64_t ask) {
    give(instrument_listed{what});
    give(feed_changed{instrument_id{id}, feed_state::live, ""});
    give(quote(id, bid, ask));
  }
  void pass(nanoseconds time) {
    const timestamp until = now + time;
    for (auto next = engine.next_wake(); next && *next <= until; next = engine.next_wake()) {
      now = std::max(now, *next);
      engine.wake({now, {}}, out);
    }
    now = until;
  }
  /// EXECUTION fills a parent completely and ends it.
  void fill(const parent_ordered& p, std::int64_t ticks, amount fee = {}) {
    part(p, p.granted.size, ticks, fee);
    finish(p);
  }
  void part(const parent_ordered& p, quantity size, std::int64_t ticks, amount fee = {}) {
    give(order_filled{++fills_, "child", p.id, p.instrument, p.granted.direction, {ticks}, size, fee, liquidity::taker});
  }
  void finish(const parent_ordered& p) { give(parent_finished{p.id, p.instrument, p.granted.size, {}, 1, ""}); }

  template <class Message>
  [[nodiscard]] std::vector<Message> all() const {
    std::vector<Message> found;
    for (const auto& entry : out) {
      if (const auto* message = std::get_if<Message>(&entry.body)) found.push_back(*message);
    }
    return found;
  }
  template <class Message>
  [[nodiscard]] Message only() const {
    const auto found = all<Message>();
    REQUIRE(found.size() == 1);
    return found.front();
  }
  /// Holds a little longer than any before, so that it is none of them.
  signal_raised fresh_signal(std::uint32_t id, side direction) { return signal(id, direction, now + seconds(5) + nanoseconds(++signals_)); }
  /// Enters with a signal and fills it at `ticks`.
  parent_ordered enter(std::uint32_t id, side direction, std::int64_t ticks) {
    out.clear();
    give(fresh_signal(id, direction));
    const auto entry = only<parent_ordered>();
    fill(entry, ticks);
    out.clear();
    return entry;
  }

  risk_engine engine;
  timestamp now = noon;
  risk_engine::outputs_type out;

 private:
  risk_settings settings_;
  std::uint64_t position_ = 0;
  std::uint64_t fills_ = 0;
  std::int64_t signals_ = 0;
};

inline constexpr instrument_id btc{1};

/// One that knows BTCUSDT at 50000 USD, with nothing held.
inline engine_driver ready(risk_settings settings = unbridled()) {
  engine_driver d(std::move(settings));
  d.open(1, perpetual(1, "BTCUSDT"), 500'000, 500'001);
  d.out.clear();
  return d;
}

inline std::string denied_by(engine_driver& d, const signal_raised& s) {
  d.out.clear();
  d.give(s);
  CHECK(d.all<parent_ordered>().empty());
  return d.only<parent_denied>().rule;
}

inline signal_raised buy_signal(engine_driver& d) { return d.fresh_signal(1, side::buy); }

/// Every rule that refuses a signal to buy.
inline std::vector<std::string> refusals(engine_driver& d, std::uint32_t id = 1) {
  d.out.clear();
  d.give(d.fresh_signal(id, side::buy));
  CHECK(d.all<parent_ordered>().empty());
  const auto denied = d.only<parent_denied>();
  std::vector<std::string> rules{denied.rule};
  for (const auto& one : denied.further) rules.push_back(one.rule);
  return rules;
}
inline bool refuses(engine_driver& d, const std::string& rule, std::uint32_t id = 1) {
  const auto rules = refusals(d, id);
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

inline parent_ordered ordered(engine_driver& d, std::uint32_t id = 1) {
  d.out.clear();
  d.give(d.fresh_signal(id, side::buy));
  return d.only<parent_ordered>();
}

inline void command(engine_driver& d, operator_action action, std::string reason = "drill") {
  d.out.clear();
  d.give(operator_commanded{action, "ada", std::move(reason)});
}

inline risk_state_changed last_news(const engine_driver& d) {
  const auto all = d.all<risk_state_changed>();
  REQUIRE(!all.empty());
  return all.back();
}

/// One position of all equity, and no stop but the account's own.
inline risk_settings all_in() {
  risk_settings s = unbridled();
  s.starting_balance = amount::units(10'000);
  s.sizing.method = sizing_method::fixed;
  s.sizing.fixed_size = amount::units(10'000);
  s.limits.max_position_pct = 2;
  s.limits.max_daily_drawdown = 1;
  s.stops.stop_loss_atr = s.stops.take_profit_atr = 10'000;
  s.stops.trailing_stop_atr = 0;
  return s;
}

}  // namespace remora::risk
