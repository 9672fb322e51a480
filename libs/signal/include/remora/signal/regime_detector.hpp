#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/signal/drift_filter.hpp"
#include "remora/signal/relative_volatility.hpp"
#include "remora/signal/settings.hpp"
#include "remora/stats/window.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

/// What the state is judged by, a bar of one second.
struct regime_input {
  double log_return = 0;
  std::optional<double> soc;  ///< criticality score in [0, 1]; none while it warms up, and then there is no CRISIS
  double tick = 0;            ///< of the price, relative: volatility is not measured finer
};

/// What the market's state is judged by, raw.
struct regime_measures {
  double volatility_ratio = 1;    ///< deviation of the last returns over its calm level
  double trend_probability = 0.5; ///< that the price drifts; in turbulence 0.5, for it is not asked there
  double direction = 1;           ///< of the likelier drift: 1 or -1
  double crisis_probability = 0.5;///< that turbulence is a crisis, by the size of returns and by soc; without turbulence 0.5
  bool critical = false;          ///< soc has reached its threshold and not fallen below hysteresis times it since
};

/// One of four states for an instrument, from bars of one second:
///
///   NORMAL ◀────── a drift, or none ──────▶ TRENDING
///      │ ▲                                     │
///    high calm                                high
///      ▼ │                                     ▼
///   HIGH_VOLATILITY ◀── signs of crisis, or none ──▶ CRISIS ── calm ──▶ NORMAL
///
///   TRENDING         probability of a drift at least `trend_probability`
///   HIGH_VOLATILITY  volatility at least `high_volatility_ratio` times its calm level
///   CRISIS           that, and critical, and the bars since its beginning speak rather for crisis: each adds to the log-odds by its
///                    square over that of `crisis_volatility_ratio`, and by its soc
///
/// A worse state is entered at once. Any is left only after `min_dwell`, and below `hysteresis` times what it took to enter it, so a
/// measure that oscillates around a threshold causes one transition.
class regime_detector {
 public:
  regime_detector() = default;
  explicit regime_detector(const regime_settings& settings);

  /// Takes a bar; returns the change, if there is one. A return that is not finite changes nothing. O(volatility_window + calm_window).
  [[nodiscard]] std::optional<regime_changed> add(const regime_input& bar, timestamp now, const regime_settings& settings);

  [[nodiscard]] regime current() const noexcept { return current_; }
  /// Bars so far.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] const regime_measures& measures() const noexcept { return measured_; }
  /// √W mean / deviation of the last `trend_window` returns; none before there are so many. O(trend_window).
  [[nodiscard]] std::optional<double> trend_t() const;
  /// |Σ r| / Σ|r| of the same, in [0, 1] (Kaufman's efficiency ratio).
  [[nodiscard]] std::optional<double> efficiency() const;

  template <class Archive>
  void archive(Archive& a) {
    a(current_, since_, count_, measured_.volatility_ratio, measured_.trend_probability, measured_.direction, measured_.crisis_probability,
      measured_.critical, returns_, volatility_, drift_);
  }

 private:
  void measure(const regime_input& bar, const regime_settings& settings);
  void weigh_crisis(double relative_square, const std::optional<double>& soc, const regime_settings& settings);

  regime current_ = regime::normal;
  timestamp since_{};
  std::uint64_t count_ = 0;
  regime_measures measured_;
  stats::window returns_{50};
  relative_volatility volatility_;
  drift_filter drift_;
};

/// The state that follows `current`, before its time of dwell: the worst whose conditions hold, those of the states that last already
/// multiplied by the hysteresis.
[[nodiscard]] regime regime_after(regime current, const regime_measures& measured, const regime_settings& settings) noexcept;

}  // namespace remora::signal
