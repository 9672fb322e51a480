#pragma once

#include <optional>
#include <string>

namespace remora::swarm {

/// What entries are paused by: prices in ticks, none where it is not known yet.
struct pause_view {
  std::optional<double> spread, spread_median;
  std::optional<double> deviation;   ///< σ of the middle, per √second
  double seconds = 0;                ///< since the parent started
  double slippage = 0;               ///< mean paid less arrival, so far
  std::optional<double> touch_cost;  ///< what the next lot would pay at the other touch, less arrival
};

/// What a parent is expected to pay beyond its arrival after that time: half the usual spread, and one deviation of the middle.
[[nodiscard]] double modelled_slippage(double spread_median, double deviation, double seconds) noexcept;

/// Why an entry should wait, or nothing: the spread is over five times its median; or what was paid is over twice the model, and the market is
/// still there. It ends with its cause.
[[nodiscard]] std::optional<std::string> pause_of(const pause_view& view);

}  // namespace remora::swarm
