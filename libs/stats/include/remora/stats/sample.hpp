#pragma once

#include <algorithm>
#include <cmath>

namespace remora::stats {

/// The largest magnitude an estimator accepts: squares and their sums stay finite below it.
inline constexpr double sample_max = 1e120;

/// The largest magnitude of a score: a finite stand-in for the infinite score of a change after a constant past.
inline constexpr double z_max = 1e6;

/// True for a value an estimator can learn from: not NaN, not infinite, not above sample_max. All else is refused.
[[nodiscard]] inline bool is_sample(double x) noexcept { return std::abs(x) <= sample_max; }

/// Where a standard score is measured from.
struct location_and_scale {
  double mean = 0;
  double deviation = 0;
};

/// (x - mean) / deviation, within ±z_max; 0 where x is the mean, even of a constant past. NaN stays NaN.
[[nodiscard]] inline double z_score(double x, const location_and_scale& from) noexcept {
  const double distance = x - from.mean;
  return distance == 0 ? 0 : std::clamp(distance / from.deviation, -z_max, z_max);
}

}  // namespace remora::stats
