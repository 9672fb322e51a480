#pragma once

#include "remora/signal/settings.hpp"
#include "remora/stats/atr.hpp"
#include "remora/stats/ewma.hpp"
#include "remora/stats/window.hpp"

#include <optional>

namespace remora::signal {

/// Direction and strength of the price's own movement.
struct momentum_reading {
  double t = 0;              ///< √L · risk_adjusted
  double spread = 0;         ///< fast over slow average, relative
  double risk_adjusted = 0;  ///< mean / deviation of the last L log returns, the deviation not below one tick
  double trend = 0;          ///< (fast - slow) / average true range, the range not below one tick: comparable between instruments
  [[nodiscard]] double strength() const noexcept;  ///< |t| / 3, in [0, 1]; 0 when the averages contradict
};

/// Risk-adjusted momentum of one instrument on bars of one second.
class momentum {
 public:
  momentum() = default;
  explicit momentum(const momentum_settings& settings)
      : fast_(settings.fast_period), slow_(settings.slow_period), range_(settings.range_period), returns_(settings.period) {}

  /// Takes a bar in ticks, 0 < low <= close <= high; returns the log return, if there was a bar before.
  std::optional<double> add(const stats::bar_range& bar);
  /// The same of a bar of which only the close is known.
  std::optional<double> add(double close) { return add(stats::bar_range{close, close, close}); }
  /// None until the window is full and the averages are warm.
  [[nodiscard]] std::optional<momentum_reading> reading() const;
  /// Bars taken.
  [[nodiscard]] std::uint64_t count() const noexcept { return slow_.count(); }

  template <class Archive>
  void archive(Archive& a) {
    a(last_close_, fast_, slow_, range_, returns_);
  }

 private:
  double last_close_ = 0;
  stats::ema fast_{10};
  stats::ema slow_{30};
  stats::atr range_{14};
  stats::window returns_{20};
};

}  // namespace remora::signal
