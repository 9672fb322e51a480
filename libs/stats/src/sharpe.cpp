#include "remora/stats/sharpe.hpp"

#include "remora/stats/kernels.hpp"
#include "remora/stats/normal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace remora::stats {
namespace {

/// 1 - skew SR + (kurtosis - 1)/4 SR²: the variance of an estimated ratio, times its periods (Mertens 2002).
double spread_of(const sharpe_sample& s) noexcept { return 1 - s.skew * s.ratio + (s.kurtosis - 1) / 4 * s.ratio * s.ratio; }

}  // namespace

std::optional<sharpe_sample> sharpe_of(std::span<const double> returns) {
  if (returns.size() < 2 || !std::ranges::all_of(returns, is_sample)) return std::nullopt;
  const auto [mean, deviation] = mean_and_deviation(returns);
  if (!(deviation > 0)) return std::nullopt;
  double second = 0, third = 0, fourth = 0;
  for (const double r : returns) {
    const double d = (r - mean) / deviation;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  const auto n = static_cast<double>(returns.size());
  return sharpe_sample{mean / deviation, returns.size(), third / n / std::pow(second / n, 1.5), n * fourth / (second * second)};
}

std::optional<double> sharpe_error(const sharpe_sample& of) {
  if (of.returns == 0) return std::nullopt;
  return std::sqrt((1 + 0.5 * of.ratio * of.ratio) / static_cast<double>(of.returns));
}

std::optional<double> aggregation_factor(std::span<const double> autocorrelations) {
  const auto q = static_cast<double>(autocorrelations.size() + 1);
  double variance = q;
  for (std::size_t i = 0; i < autocorrelations.size(); ++i) variance += 2 * (q - static_cast<double>(i + 1)) * autocorrelations[i];
  if (!(variance > 0)) return std::nullopt;
  return q / std::sqrt(variance);
}

std::optional<double> probabilistic_sharpe(const sharpe_sample& of, double benchmark) {
  const double spread = spread_of(of);
  if (of.returns < 2 || !(spread > 0) || std::isnan(benchmark)) return std::nullopt;
  return normal_cdf((of.ratio - benchmark) * std::sqrt(static_cast<double>(of.returns - 1) / spread));
}

std::optional<double> track_record_min(const sharpe_sample& of, double benchmark, double confidence) {
  const auto z = normal_quantile(confidence);
  const double spread = spread_of(of);
  if (!z || !(spread > 0) || !(of.ratio > benchmark)) return std::nullopt;
  return 1 + spread * std::pow(*z / (of.ratio - benchmark), 2);
}

std::optional<double> expected_maximum(std::uint64_t trials) {
  if (trials == 0) return std::nullopt;
  if (trials == 1) return 0;
  const auto n = static_cast<double>(trials);
  // Φ⁻¹(1 - p) = -Φ⁻¹(p), which keeps its digits for many trials.
  const double g = std::numbers::egamma;
  return -(1 - g) * normal_quantile(1 / n).value() - g * normal_quantile(1 / (n * std::numbers::e)).value();
}

std::optional<double> luck_of(const trial_count& tried) {
  const auto maximum = expected_maximum(tried.trials);
  if (!maximum || !(tried.variance >= 0)) return std::nullopt;
  return std::sqrt(tried.variance) * *maximum;
}

std::optional<double> deflated_sharpe(const sharpe_sample& of, const trial_count& tried) {
  const auto luck = luck_of(tried);
  if (!luck) return std::nullopt;
  return probabilistic_sharpe(of, *luck);
}

std::optional<double> backtest_years_min(std::uint64_t trials, double ratio) {
  const auto maximum = expected_maximum(trials);
  if (!maximum || !(ratio > 0)) return std::nullopt;
  return std::pow(*maximum / ratio, 2);
}

}  // namespace remora::stats
