#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/entry_pace.hpp"
#include "remora/risk/round_trip.hpp"
#include "remora/risk/stops.hpp"

#include <optional>

namespace remora::risk {

/// What RISK knows of one instrument's market, and how leaving its position goes.
struct market_view {
  explicit market_view(std::uint32_t atr_period = 14) : range(atr_period) {}

  /// The price at which an order of this side would take: ask for a buy, bid for a sell.
  [[nodiscard]] std::optional<price> touch(side direction) const noexcept { return direction == side::buy ? ask : bid; }
  /// The touch, or the last trade where there is no quote.
  [[nodiscard]] std::optional<price> value_for(side direction) const noexcept { return touch(direction) ? touch(direction) : last; }

  /// An empty side is none.
  void show(std::optional<price> bid_now, std::optional<price> ask_now) noexcept {
    if (!last && !bid_now && !ask_now) last = value_for(side::buy);  // where nothing was ever traded, what is held must have a value all the same
    bid = bid_now;
    ask = ask_now;
  }

  instrument what;
  feed_state feed = feed_state::syncing;
  std::optional<price> bid, ask, last;
  regime market_regime = regime::normal;
  range_gauge range;

  exit_plan exit;                      ///< of the position, if there is one
  round_trip trip;                     ///< of the same
  entry_pace pace;
  timestamp heard{};                   ///< its last quote, change of the book or of the feed: trades go on where quotes have stopped
  place cause;                         ///< market record behind the last fill or end of a parent; timers inherit it

  template <class Archive>
  void archive(Archive& a) {
    a(what, feed, bid, ask, last, market_regime, range, exit, trip, pace, heard, cause.who, cause.epoch,
      cause.position);
  }
};

}  // namespace remora::risk
