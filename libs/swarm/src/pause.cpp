#include "remora/swarm/pause.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace remora::swarm {
namespace {

constexpr double spread_ratio_max = 5;
constexpr double slippage_ratio_max = 2;

std::optional<std::string> wide_spread(const pause_view& v) {
  if (!v.spread || !v.spread_median || *v.spread <= spread_ratio_max * std::max(1.0, *v.spread_median)) return std::nullopt;
  return fmt::format("the spread of {:.0f} ticks is over {:.0f} times its median", *v.spread, spread_ratio_max);
}

std::optional<std::string> overpaid(const pause_view& v) {
  if (!v.spread_median || !v.deviation || !v.touch_cost) return std::nullopt;
  const double allowed = slippage_ratio_max * modelled_slippage(*v.spread_median, *v.deviation, v.seconds);
  if (v.slippage <= allowed || *v.touch_cost <= allowed) return std::nullopt;
  return fmt::format("the slippage of {:.1f} ticks is over {:.0f} times the model", v.slippage, slippage_ratio_max);
}

}  // namespace

double modelled_slippage(double spread_median, double deviation, double seconds) noexcept {
  return spread_median / 2 + deviation * std::sqrt(std::max(0.0, seconds));
}

std::optional<std::string> pause_of(const pause_view& view) {
  if (auto why = wide_spread(view)) return why;
  return overpaid(view);
}

}  // namespace remora::swarm
