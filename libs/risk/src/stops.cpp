#include "remora/risk/stops.hpp"

#include <algorithm>
#include <cmath>

namespace remora::risk {

void range_gauge::push(const bar_closed& bar) noexcept {
  const stats::bar_range range{static_cast<double>(bar.high.ticks), static_cast<double>(bar.low.ticks), static_cast<double>(bar.close.ticks)};
  if (bar.period == std::chrono::minutes(1)) minutes_.push(range);
  if (bar.period == seconds(1)) seconds_.push(range);
}

double range_gauge::atr_ticks(price at, double atr_min_bp) const noexcept {
  const double floor = static_cast<double>(at.ticks) * atr_min_bp * 1e-4;
  if (const auto atr = minutes_.value()) return std::max(floor, *atr);
  return std::max(floor, seconds_.value().value_or(0) * std::sqrt(60.0));
}

stop_levels levels_of(side held, price average, double atr_ticks, const stop_settings& settings) noexcept {
  const auto distance = [&](double multiple) { return sign_of(held) * std::max(1LL, std::llround(std::min(atr_ticks * multiple, 1e15))); };
  return {{average.ticks - distance(settings.stop_loss_atr)}, {average.ticks + distance(settings.take_profit_atr)}};
}

std::optional<order_purpose> exit_due(const exit_view& v) noexcept {
  const bool is_long = v.held == side::buy;
  if (v.closing) return order_purpose::close_out;
  if (is_long ? v.mark <= v.levels.stop : v.mark >= v.levels.stop) return order_purpose::stop_loss;
  if (is_long ? v.mark >= v.levels.take : v.mark <= v.levels.take) return order_purpose::take_profit;
  if (v.market_regime == regime::crisis && v.unrealised.nanos > 0) return order_purpose::crisis_exit;
  return std::nullopt;
}

}  // namespace remora::risk
