#include "remora/stats/hac_regression.hpp"

#include "remora/stats/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace remora::stats {
namespace {

constexpr std::size_t pairs_min = 3;

bool are_samples(std::span<const double> values) noexcept { return std::ranges::all_of(values, is_sample); }

centred about_mean(std::span<const double> values) noexcept { return {values, sum(values) / static_cast<double>(values.size())}; }

/// (x - mean x)(y - a - b x) of each pair: what the slope's error is made of.
std::vector<double> scores_of(const centred& x, const centred& y, double slope) {
  std::vector<double> scores(x.values.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double dx = x.values[i] - x.mean;
    scores[i] = dx * (y.values[i] - y.mean - slope * dx);
  }
  return scores;
}

/// Σu² + 2 Σ_l (1 - l/(L + 1)) Σ u_t u_{t-l}; not negative, by the choice of the weights.
double long_run_sum(std::span<const double> scores, std::size_t lag) noexcept {
  double total = dot(scores, scores);
  for (std::size_t l = 1; l <= lag; ++l) {
    const double weight = 1 - static_cast<double>(l) / static_cast<double>(lag + 1);
    total += 2 * weight * dot(scores.subspan(l), scores.first(scores.size() - l));
  }
  return std::max(0.0, total);
}

}  // namespace

std::size_t newey_west_lag(std::size_t n) noexcept {
  if (n < 2) return 0;
  const auto lag = static_cast<std::size_t>(4 * std::pow(static_cast<double>(n) / 100, 2.0 / 9));
  return std::min(lag, n - 1);
}

std::optional<hac_line> hac_regression(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size() || x.size() < pairs_min || !are_samples(x) || !are_samples(y)) return std::nullopt;
  const centred dx = about_mean(x);
  const centred dy = about_mean(y);
  const double xx = sum_of_squared_deviations(dx);
  if (!(xx > 0)) return std::nullopt;
  const double xy = sum_of_cross_deviations(dx, dy);
  const double yy = sum_of_squared_deviations(dy);
  hac_line line;
  line.count = x.size();
  line.lag = newey_west_lag(x.size());
  line.slope = xy / xx;
  line.intercept = dy.mean - line.slope * dx.mean;
  line.t = z_score(line.slope, {0, std::sqrt(long_run_sum(scores_of(dx, dy, line.slope), line.lag)) / xx});
  if (yy > 0) line.r_squared = std::clamp(line.slope * xy / yy, 0.0, 1.0);
  return line;
}

}  // namespace remora::stats
