#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/order_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/settings.hpp"
#include "remora/stats/atr.hpp"

#include <optional>

namespace remora::risk {

/// The average true range of an instrument over one-minute bars, in ticks. While fewer than a period of them closed, it is the one of the
/// last one-second bars times √60, as ranges of a random walk grow; before those, and never below, a configured share of the price.
class range_gauge {
 public:
  static constexpr std::uint32_t second_bars = 60;

  explicit range_gauge(std::uint32_t atr_period = 14) : minutes_(atr_period), seconds_(second_bars) {}

  void push(const bar_closed& bar) noexcept;
  [[nodiscard]] double atr_ticks(price at, double atr_min_bp) const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(minutes_, seconds_);
  }

 private:
  stats::atr minutes_;
  stats::atr seconds_;
};

/// Prices at which a position is left; fixed when it is opened or grows.
struct stop_levels {
  price stop, take;
};

/// `stop_loss_atr` and `take_profit_atr` ATR from the average entry, each at least a tick away.
[[nodiscard]] stop_levels levels_of(side held, price average, double atr_ticks, const stop_settings& settings) noexcept;

/// A position that is held, as far as leaving it is concerned.
struct exit_view {
  side held = side::buy;
  price mark;                  ///< at which it could be left now
  stop_levels levels;
  regime market_regime = regime::normal;
  amount unrealised{};
  bool closing = false;        ///< it has to go whatever its price: the data ended, a breaker holds, it is too old
};

/// Why the position has to be left now, or nothing. Closing comes before stop, stop before profit, profit before the CRISIS exit,
/// which takes any profit there is.
[[nodiscard]] std::optional<order_purpose> exit_due(const exit_view& view) noexcept;

}  // namespace remora::risk
