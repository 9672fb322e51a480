#include "remora/signal/relative_volatility.hpp"

#include "remora/stats/kernels.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {
namespace {

constexpr double calm_quantile = 0.1;
constexpr double fifth_of_normal = -0.8416212335729143;  // Φ⁻¹(0.2)

/// The 20 % point of √(χ²_n / n), by Wilson and Hilferty (1931).
double fifth_of_root_mean_square(double n) noexcept {
  const double variance = 2 / (9 * n);
  return std::pow(std::max(1 - variance + fifth_of_normal * std::sqrt(variance), 0.1), 1.5);
}

}  // namespace

relative_volatility::relative_volatility(const settings& rule)
    : below_middle_(fifth_of_root_mean_square(rule.window)), returns_(rule.window), past_(rule.past) {}

bool relative_volatility::push(double log_return) {
  if (!stats::is_sample(log_return)) return false;
  returns_.push(log_return);
  if (const auto value = now()) past_.push(*value);
  return true;
}

std::optional<double> relative_volatility::now() const {
  if (!returns_.full()) return std::nullopt;
  return std::sqrt(stats::dot(returns_.values(), returns_.values()) / static_cast<double>(returns_.size()));
}

std::optional<double> relative_volatility::calm(double floor) const {
  const auto decile = past_.quantile(calm_quantile);
  return decile ? std::optional(std::max(*decile / below_middle_, floor)) : std::nullopt;
}

}  // namespace remora::signal
