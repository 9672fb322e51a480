#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/entry_pace.hpp"
#include "remora/risk/round_trip.hpp"
#include "remora/risk/stops.hpp"

#include <optional>

namespace remora::risk {

/// What RISK knows of one instrument's market, and how leaving its position goes.
class market_view {
 public:
  explicit market_view(std::uint32_t atr_period = 14) : range(atr_period) {}

  /// The price at which an order of this side would take: ask for a buy, bid for a sell.
  [[nodiscard]] std::optional<price> touch(side direction) const noexcept { return direction == side::buy ? ask_ : bid_; }
  /// The touch, or the last trade where there is no quote.
  [[nodiscard]] std::optional<price> value_for(side direction) const noexcept { return touch(direction) ? touch(direction) : last_; }

  [[nodiscard]] std::optional<price> bid() const noexcept { return bid_; }
  [[nodiscard]] std::optional<price> ask() const noexcept { return ask_; }
  /// Of the last trade.
  [[nodiscard]] std::optional<price> last() const noexcept { return last_; }

  instrument what;
  feed_state feed = feed_state::syncing;
  regime market_regime = regime::normal;
  range_gauge range;

  exit_plan exit;                      ///< of the position, if there is one
  round_trip trip;                     ///< of the same
  entry_pace pace;
  timestamp heard{};                   ///< its last quote, change of the book or of the feed: trades go on where quotes have stopped
  place cause;                         ///< market record behind the last fill or end of a parent; timers inherit it

  template <class Archive>
  void archive(Archive& a) {
    a(what, feed, bid_, ask_, last_, market_regime, range, exit, trip, pace, heard, cause.who, cause.epoch,
      cause.position);
  }

 private:
  friend class account;  // which counts what is held anew when prices change

  void show(std::optional<price> bid, std::optional<price> ask) noexcept {
    if (!last_ && !bid && !ask) last_ = value_for(side::buy);  // where nothing was ever traded, what is held must have a value all the same
    bid_ = bid;
    ask_ = ask;
  }
  void print(price at) noexcept { last_ = at; }

  std::optional<price> bid_, ask_, last_;
};

}  // namespace remora::risk
