#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/order_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/settings.hpp"
#include "remora/stats/atr.hpp"

#include <cstdint>
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

/// A multiple of the ATR in whole ticks, at least one.
[[nodiscard]] std::int64_t distance_of(double atr_ticks, double multiple) noexcept;

/// Prices at which a position is left.
struct stop_levels {
  price stop, take;             ///< fixed when it is opened or grows
  std::optional<price> trail{}; ///< follows the best price since it was opened
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
  std::optional<order_purpose> must{};  ///< it has to go whatever its price, and why
};

/// Why the position has to be left now, or nothing. What has to go comes before stop, stop before trailing stop and profit, profit before the
/// CRISIS exit, which takes any profit there is.
[[nodiscard]] std::optional<order_purpose> exit_due(const exit_view& view) noexcept;

/// Where an instrument's position is left, and how trying to leave it goes.
///
///     flat ──opened──▶ held: best price followed ──exit ordered──▶ leaving ──nothing filled──▶ waits, twice as long each time ──▶ held
class exit_plan {
 public:
  /// A position was opened or turned: the best price is that of its entry.
  void opened(side held, price entry) noexcept;
  /// Levels from the average entry; the best price stays.
  void place(price average, double atr_ticks, const stop_settings& settings) noexcept;
  /// A price at which it could have been left.
  void see(price mark) noexcept;
  /// Nothing is held any more.
  void closed() noexcept;

  [[nodiscard]] stop_levels levels() const noexcept;
  [[nodiscard]] price best() const noexcept { return best_; }

  /// An exit ended: it is tried again after a pause, twice as long after each in a row that filled nothing.
  void ended(bool filled, timestamp now, const stop_settings& settings) noexcept;
  /// The pause is over, or there was none.
  [[nodiscard]] bool ready(timestamp now) const noexcept { return !retry_at_ || now >= *retry_at_; }
  void tried() noexcept { retry_at_.reset(); }
  [[nodiscard]] std::optional<timestamp> retry_at() const noexcept { return retry_at_; }
  /// Exits ordered since the data ended.
  void count_closing() noexcept { ++closing_attempts_; }
  [[nodiscard]] std::uint32_t closing_attempts() const noexcept { return closing_attempts_; }

  template <class Archive>
  void archive(Archive& a) {
    a(held_, fixed_.stop, fixed_.take, trail_ticks_, best_, retry_at_, failures_, closing_attempts_);
  }

 private:
  side held_ = side::buy;
  stop_levels fixed_;
  std::optional<std::int64_t> trail_ticks_;  // distance from the best price
  price best_;
  std::optional<timestamp> retry_at_;
  std::uint32_t failures_ = 0;               // exits in a row that filled nothing
  std::uint32_t closing_attempts_ = 0;
};

}  // namespace remora::risk
