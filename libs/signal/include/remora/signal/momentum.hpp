#pragma once

#include "remora/signal/settings.hpp"
#include "remora/stats/ewma.hpp"
#include "remora/stats/window.hpp"

#include <optional>

namespace remora::signal {

/// Direction and strength of the price's own movement.
struct momentum_reading {
  double t = 0;          ///< √L · mean / deviation of the last L log returns
  double spread = 0;     ///< fast over slow average, relative
  [[nodiscard]] double strength() const noexcept;  ///< |t| / 3, in [0, 1]; 0 when the averages contradict
};

/// Risk-adjusted momentum of one instrument on bars of one second.
class momentum {
 public:
  momentum() = default;
  explicit momentum(const momentum_settings& settings)
      : fast_(settings.fast_period), slow_(settings.slow_period), returns_(settings.period) {}

  /// Takes a closing price in ticks, > 0; returns the log return, if there was a bar before.
  std::optional<double> add(double close);
  /// None until the window is full.
  [[nodiscard]] std::optional<momentum_reading> reading() const;

  template <class Archive>
  void archive(Archive& a) {
    a(last_close_, fast_, slow_, returns_);
  }

 private:
  double last_close_ = 0;
  stats::ema fast_{10};
  stats::ema slow_{30};
  stats::window returns_{20};
};

}  // namespace remora::signal
