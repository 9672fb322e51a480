#include "remora/signal/relative_volatility.hpp"

#include "remora/stats/kernels.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace remora::signal {
namespace {

constexpr double calm_quantile = 0.1;
constexpr double fifth_of_normal = -0.8416212335729143;  // Φ⁻¹(0.2)

/// The 20 % point of √(χ²_n / n), by Wilson and Hilferty (1931).
double fifth_of_root_mean_square(double n) noexcept {
  const double variance = 2 / (9 * n);
  return std::pow(std::max(1 - variance + fifth_of_normal * std::sqrt(variance), 0.1), 1.5);
}

double root_mean_square(std::span<const double> returns) noexcept {
  return std::sqrt(stats::dot(returns, returns) / static_cast<double>(returns.size()));
}

}  // namespace

relative_volatility::relative_volatility(const settings& rule)
    : below_middle_(fifth_of_root_mean_square(rule.calm_window)), returns_(rule.window), calm_returns_(rule.calm_window), past_(rule.past) {}

bool relative_volatility::push(double log_return) {
  if (!stats::is_sample(log_return)) return false;
  ++count_;
  returns_.push(log_return);
  calm_returns_.push(log_return);
  if (returns_.full()) past_.push(root_mean_square(calm_returns_.values()));
  return true;
}

std::optional<double> relative_volatility::now() const {
  return returns_.full() ? std::optional(root_mean_square(returns_.values())) : std::nullopt;
}

std::optional<double> relative_volatility::calm(double floor) const {
  const auto decile = past_.quantile(calm_quantile);
  return decile ? std::optional(std::max(*decile / below_middle_, floor)) : std::nullopt;
}

}  // namespace remora::signal
