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

std::int64_t distance_of(double atr_ticks, double multiple) noexcept { return std::max(1LL, std::llround(std::min(atr_ticks * multiple, 1e15))); }

stop_levels levels_of(side held, price average, double atr_ticks, const stop_settings& settings) noexcept {
  const auto distance = [&](double multiple) { return sign_of(held) * distance_of(atr_ticks, multiple); };
  return {{average.ticks - distance(settings.stop_loss_atr)}, {average.ticks + distance(settings.take_profit_atr)}};
}

std::optional<order_purpose> exit_due(const exit_view& v) noexcept {
  const auto fell_to = [&](price level) { return v.held == side::buy ? v.mark <= level : v.mark >= level; };
  if (v.must) return v.must;
  if (fell_to(v.levels.stop)) return order_purpose::stop_loss;
  if (v.levels.trail && fell_to(*v.levels.trail)) return order_purpose::trailing_stop;
  if (v.held == side::buy ? v.mark >= v.levels.take : v.mark <= v.levels.take) return order_purpose::take_profit;
  if (v.market_regime == regime::crisis && v.unrealised.nanos > 0) return order_purpose::crisis_exit;
  return std::nullopt;
}

void exit_plan::opened(side held, price entry) noexcept {
  held_ = held;
  best_ = entry;
}

void exit_plan::place(price average, double atr_ticks, const stop_settings& settings) noexcept {
  fixed_ = levels_of(held_, average, atr_ticks, settings);
  trail_ticks_.reset();
  if (settings.trailing_stop_atr > 0) trail_ticks_ = distance_of(atr_ticks, settings.trailing_stop_atr);
}

void exit_plan::see(price mark) noexcept { best_ = held_ == side::buy ? std::max(best_, mark) : std::min(best_, mark); }

void exit_plan::closed() noexcept {
  retry_at_.reset();
  failures_ = 0;
}

stop_levels exit_plan::levels() const noexcept {
  stop_levels levels = fixed_;
  if (trail_ticks_) levels.trail = price{best_.ticks - sign_of(held_) * *trail_ticks_};
  return levels;
}

void exit_plan::ended(bool filled, timestamp now, const stop_settings& settings) noexcept {
  failures_ = filled ? 0 : failures_ + 1;
  retry_at_ = now + settings.exit_retry * (1 << std::min<std::uint32_t>(failures_, 6));
}

}  // namespace remora::risk
