#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/signal/settings.hpp"
#include "remora/stats/ewma.hpp"
#include "remora/stats/window.hpp"

#include <optional>

namespace remora::signal {

/// What the market's state is judged by, raw.
struct regime_measures {
  double volatility_ratio = 1;  ///< deviation of the last returns over the long-run deviation
  double trend = 0;             ///< t statistic of the mean return
  double criticality = 0;       ///< branching ratio of the order flow, 1 - √(mean / variance) of orders a second (Hardiman–Bouchaud), in [0, 1]
};

/// One of four states for an instrument, from bars of one second:
///
///   CRISIS           criticality and volatility both beyond their thresholds
///   HIGH_VOLATILITY  volatility alone
///   TRENDING         the mean return is far from zero
///   NORMAL           otherwise
///
/// A worse state is entered at once; any state is left only after `min_dwell` and below `hysteresis` times what it took to enter it,
/// so a measure that oscillates around a threshold causes one transition.
class regime_detector {
 public:
  regime_detector() = default;
  explicit regime_detector(const regime_settings& settings);

  /// Takes the return of a bar and the number of aggressor orders in it; returns the change, if there is one.
  [[nodiscard]] std::optional<regime_changed> add(double log_return, double orders, timestamp now, const regime_settings& settings);
  [[nodiscard]] regime current() const noexcept { return current_; }

  template <class Archive>
  void archive(Archive& a) {
    a(current_, since_, short_returns_, trend_returns_, long_variance_, counts_);
  }

 private:
  [[nodiscard]] regime_measures measure() const;

  regime current_ = regime::normal;
  timestamp since_{};
  stats::window short_returns_{20};
  stats::window trend_returns_{50};
  stats::ewma long_variance_;
  stats::ewma counts_;
};

/// Whether the measures hold an instrument in `state` when each threshold is multiplied by `share`.
[[nodiscard]] bool holds(regime state, const regime_measures& measured, const regime_settings& settings, double share) noexcept;

}  // namespace remora::signal
