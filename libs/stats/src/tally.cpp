#include "remora/stats/tally.hpp"

#include "quiet_policy.hpp"
#include "remora/stats/normal.hpp"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>

namespace remora::stats {

std::optional<interval> wilson_interval(const tally& seen, double confidence) {
  const auto z = normal_quantile(0.5 + confidence / 2);
  if (!seen.valid() || !(confidence > 0) || !z) return std::nullopt;
  const auto n = static_cast<double>(seen.trials);
  const double p = seen.share();
  const double shrink = 1 + *z * *z / n;
  const double centre = (p + *z * *z / (2 * n)) / shrink;
  const double half = *z / shrink * std::sqrt(p * (1 - p) / n + *z * *z / (4 * n * n));
  // The ends at no hits and at nothing but hits are exact; rounding must not move them.
  return interval{seen.hits == 0 ? 0 : std::max(0.0, centre - half), seen.hits == seen.trials ? 1 : std::min(1.0, centre + half)};
}

std::optional<double> binomial_tail(const tally& seen, double p) {
  if (!seen.valid() || !(p >= 0 && p <= 1)) return std::nullopt;
  if (seen.hits == 0) return 1;
  return boost::math::ibeta(static_cast<double>(seen.hits), static_cast<double>(seen.trials - seen.hits) + 1, p, quiet());
}

}  // namespace remora::stats
