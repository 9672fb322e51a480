#include "remora/risk/value_at_risk.hpp"

#include "remora/stats/normal.hpp"
#include "remora/stats/sample.hpp"
#include "remora/stats/student_t.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace remora::risk {
namespace {

double normal_density(double z) noexcept { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

bool is_sound(const return_moments& r) noexcept {
  const double all[] = {r.mean, r.deviation, r.skew, r.excess_kurtosis};
  return r.deviation > 0 && std::ranges::all_of(all, stats::is_sample);
}

std::vector<double> ascending(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  return sorted;
}

bool are_samples(std::span<const double> values) { return !values.empty() && std::ranges::all_of(values, stats::is_sample); }

}  // namespace

std::optional<tail_loss> normal_tail(const return_moments& returns, double level) {
  const auto z = stats::normal_quantile(level);
  if (!z || !is_sound(returns)) return std::nullopt;
  return tail_loss{*z * returns.deviation - returns.mean, returns.deviation * normal_density(*z) / (1 - level) - returns.mean};
}

std::optional<tail_loss> student_tail(const return_moments& returns, double degrees, double level) {
  const auto q = stats::student_quantile(level, degrees);
  if (!q || !(degrees > 2) || !is_sound(returns)) return std::nullopt;
  const double scale = returns.deviation * std::sqrt((degrees - 2) / degrees);
  const double beyond = *stats::student_density(*q, degrees) / (1 - level) * (degrees + *q * *q) / (degrees - 1);
  return tail_loss{scale * *q - returns.mean, scale * beyond - returns.mean};
}

bool is_cornish_fisher_valid(const return_moments& returns) noexcept {
  const double s2 = returns.skew * returns.skew, k = returns.excess_kurtosis;
  return s2 / 9 - 4 * (k / 8 - s2 / 6) * (1 - k / 8 + 5 * s2 / 36) <= 0;
}

std::optional<tail_loss> cornish_fisher_tail(const return_moments& returns, double level) {
  const auto upper = stats::normal_quantile(level);
  if (!upper || !is_sound(returns) || !is_cornish_fisher_valid(returns)) return std::nullopt;
  const double z = -*upper, s = returns.skew, k = returns.excess_kurtosis;
  const double bent = z + (z * z - 1) * s / 6 + (z * z * z - 3 * z) * k / 24 - (2 * z * z * z - 5 * z) * s * s / 36;
  const double beyond = normal_density(z) / (1 - level) * (1 + z * s / 6 + (z * z - 1) * k / 24 - (2 * z * z - 1) * s * s / 36);
  return tail_loss{-bent * returns.deviation - returns.mean, beyond * returns.deviation - returns.mean};
}

std::optional<tail_loss> historical_tail(std::span<const double> losses, double level) {
  if (!are_samples(losses) || !(level > 0 && level < 1)) return std::nullopt;
  const std::vector<double> sorted = ascending(losses);
  const auto n = static_cast<double>(sorted.size());
  constexpr double rounding = 1e-9;  // 0.95 · 100 shall be 95, whatever its last bit
  const auto rank = static_cast<std::size_t>(std::clamp(std::ceil(level * n - rounding), 1.0, n));
  const double worst = (1 - level) * n;
  double left = worst, sum = 0;
  for (auto loss = sorted.rbegin(); left > 0 && loss != sorted.rend(); ++loss, left -= 1) sum += *loss * std::min(left, 1.0);
  return tail_loss{sorted[rank - 1], sum / worst};
}

std::optional<double> interpolated_quantile(std::span<const double> values, double p) {
  if (!are_samples(values) || !(p >= 0 && p <= 1)) return std::nullopt;
  const std::vector<double> sorted = ascending(values);
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 == sorted.size()) return sorted.back();
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace remora::risk
