#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/minute_returns.hpp"
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
  minute_returns returns;

  stop_levels levels;                  ///< of the position, if there is one
  std::optional<timestamp> retry_at;   ///< no exit is tried before
  std::uint32_t failures = 0;          ///< exits in a row that filled nothing
  std::uint32_t closing_attempts = 0;  ///< exits since the data ended
  place cause;                         ///< market record behind the last fill or end of a parent; timers inherit it

  template <class Archive>
  void archive(Archive& a) {
    a(what, feed, bid, ask, last, market_regime, range, returns, levels, retry_at, failures, closing_attempts, cause.who, cause.epoch,
      cause.position);
  }
};

}  // namespace remora::risk
