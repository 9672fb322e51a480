#pragma once

#include "remora/swarm/swarm_engine.hpp"

#include "remora/swarm/client_id.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace remora::swarm {

struct started {
  std::string version;
  bool lock_step = false;
};

inline constexpr instrument_id btc{1}, eth{2};

/// An engine with a live market in 1-cent ticks at 100.00/100.10, and what it has said so far.
struct desk {
  explicit desk(swarm_settings settings = {}) : engine(std::move(settings)) {
    open(btc);
  }

  void open(instrument_id id) {
    instrument what;
    what.id = id;
    what.tick_size = {1, 2};
    what.lot_size = {1, 3};
    give(instrument_listed{what});
    give(feed_changed{id, feed_state::live, ""});
    quote(10'000, 10'010, id);
  }

  template <class Message>
  void give(const Message& message) {
    engine.on(message, context{now, {{publisher::gateway, 1, 7}, 99}}, out);
  }
  void quote(std::int64_t bid, std::int64_t ask, instrument_id id = btc) { give(quote_seen{id, 1, {{bid}, {1000}}, {{ask}, {1000}}, now}); }
  void wait(nanoseconds time) {
    const timestamp end = now + time;
    while (engine.next_wake() && *engine.next_wake() <= end) {
      now = std::max(now, *engine.next_wake());
      engine.wake(context{now, {}}, out);
    }
    now = end;
  }

  parent_ordered parent(std::uint64_t id, std::int64_t lots, double urgency = 0.5, order_purpose purpose = order_purpose::entry) const {
    parent_ordered p;
    p.id = parent_id{id};
    p.instrument = btc;
    p.purpose = purpose;
    p.granted.direction = purpose == order_purpose::entry ? side::buy : side::sell;
    p.granted.size = {lots};
    p.granted.notional_max = amount::units(1'000'000);
    p.granted.collar_low = {9'900};
    p.granted.collar_high = {10'100};
    p.granted.valid_until = now + seconds(10);
    p.granted.reduce_only = purpose != order_purpose::entry;
    p.urgency = urgency;
    p.reference = {10'005};
    return p;
  }

  execution_reported report(const order_intended& intent, report_kind kind, std::int64_t filled = 0, std::int64_t last = 0) {
    execution_reported r;
    r.id = intent.id;
    r.instrument = intent.instrument;
    r.direction = intent.direction;
    r.kind = kind;
    r.filled = {filled};
    r.remaining = {intent.size.lots - filled};
    if (last > 0) {
      r.fill_id = ++fill_id;
      r.last_price = intent.limit;
      r.last_size = {last};
      r.fee = amount::units(1);
      r.role = liquidity::maker;
    }
    return r;
  }

  template <class Message>
  std::vector<Message> all() const {
    std::vector<Message> found;
    for (const auto& entry : out) {
      if (const auto* m = std::get_if<Message>(&entry.body)) found.push_back(*m);
    }
    return found;
  }

  /// Answers every unanswered intent by a complete fill.
  void fill_all() {
    const auto intents = all<order_intended>();
    for (; answered < intents.size(); ++answered) {
      give(report(intents[answered], report_kind::filled, intents[answered].size.lots, intents[answered].size.lots));
    }
  }

  timestamp now = timestamp_of(1'000'000'000'000);
  swarm_engine engine;
  swarm_engine::outputs_type out;
  std::uint64_t fill_id = 0;
  std::size_t answered = 0, cancelled = 0;
};

/// How the children of a parent stand that are not what they were when they left.
inline std::map<client_order_id, order_state> states_of(const desk& d, parent_id id) {
  std::map<client_order_id, order_state> last;
  for (const auto& update : d.all<order_updated>())
    if (update.parent == id) last[update.id] = update.state;
  return last;
}

/// Whether there are any, and all stand so.
inline bool all_stand(const desk& d, parent_id id, order_state state) {
  const auto last = states_of(d, id);
  return !last.empty() && std::all_of(last.begin(), last.end(), [&](const auto& each) { return each.second == state; });
}

inline std::int64_t sum_of(const std::vector<order_filled>& fills) {
  std::int64_t sum = 0;
  for (const auto& fill : fills) sum += fill.size.lots;
  return sum;
}

}  // namespace remora::swarm
