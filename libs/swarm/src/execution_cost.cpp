#include "remora/swarm/execution_cost.hpp"

#include <algorithm>
#include <cmath>

namespace remora::swarm {
namespace {

/// sinh(a) / sinh(b) for 0 <= a <= b, where sinh itself would overflow.
double ratio_of_sinh(double a, double b) noexcept { return std::exp(a - b) * std::expm1(-2 * a) / std::expm1(-2 * b); }

/// What is left of one while it is worked, along sinh or, circular, along sin.
struct curve {
  double angle;  // κτ
  bool circular;
  double slices;

  [[nodiscard]] double left_after(double done) const noexcept {
    if (angle == 0) return 1 - done / slices;
    const double rest = angle * (slices - done), whole = angle * slices;
    return circular ? std::sin(rest) / std::sin(whole) : ratio_of_sinh(rest, whole);
  }
};

/// None when it would turn round before the horizon ends.
std::optional<curve> curve_of(double cosine, std::size_t slices) noexcept {
  const auto n = static_cast<double>(slices);
  if (cosine >= 1) return curve{std::acosh(cosine), false, n};
  constexpr double half_turn = 3.141592653589793;
  if (!(cosine > -1) || !(std::acos(cosine) * n < half_turn)) return std::nullopt;
  return curve{std::acos(cosine), true, n};
}

bool is_sound(const liquidation& t, const linear_market& m) noexcept {
  const double all[] = {t.size, t.horizon, t.risk_aversion, m.deviation, m.half_spread, m.permanent, m.temporary};
  return std::ranges::all_of(all, [](double x) { return std::isfinite(x); }) && t.horizon > 0 && t.slices > 0;
}

}  // namespace

std::optional<schedule> best_schedule(const liquidation& task, const linear_market& market) {
  if (!is_sound(task, market)) return std::nullopt;
  const double tau = task.horizon / static_cast<double>(task.slices);
  const double eta = market.temporary - market.permanent * tau / 2;
  if (!(eta > 0)) return std::nullopt;
  const double variance_rate = market.deviation * market.deviation;
  const auto path = curve_of(task.risk_aversion * variance_rate / eta * tau * tau / 2 + 1, task.slices);
  if (!path) return std::nullopt;
  schedule best{path->angle / tau, {task.size}, market.permanent / 2 * task.size * task.size + market.half_spread * std::abs(task.size), 0};
  for (std::size_t j = 1; j <= task.slices; ++j) {
    const double left = j == task.slices ? 0 : task.size * path->left_after(static_cast<double>(j));
    const double sold = best.holdings.back() - left;
    best.cost += eta / tau * sold * sold;
    best.variance += variance_rate * tau * left * left;
    best.holdings.push_back(left);
  }
  return best;
}

std::optional<refill_schedule> refill_schedule_of(double resilience_horizon) {
  if (!(resilience_horizon >= 0) || std::isinf(resilience_horizon)) return std::nullopt;
  return refill_schedule{1 / (resilience_horizon + 2), resilience_horizon / (resilience_horizon + 2)};
}

std::optional<equity_impact> equity_impact_of(const equity_order& order) {
  if (!(order.turnover > 0 && order.days > 0 && order.day_share >= 0 && order.deviation >= 0)) return std::nullopt;
  constexpr double permanent = 0.314, temporary = 0.142;
  return equity_impact{permanent * order.deviation * order.day_share * std::pow(order.turnover, -0.25),
                       temporary * order.deviation * std::pow(order.day_share / order.days, 0.6)};
}

}  // namespace remora::swarm
