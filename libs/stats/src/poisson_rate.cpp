#include "remora/stats/poisson_rate.hpp"

#include "quiet_policy.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <cmath>

namespace remora::stats {
namespace {

bool is_open_share(double p) noexcept { return p > 0 && p < 1; }

/// Half the p-quantile of χ² with 2 shape degrees of freedom.
double half_chi_squared(double shape, double p) { return boost::math::gamma_p_inv(shape, p, quiet()); }

}  // namespace

std::optional<double> poisson_upper_bound(std::uint64_t count, double confidence) {
  if (!is_open_share(confidence)) return std::nullopt;
  return half_chi_squared(static_cast<double>(count) + 1, confidence);
}

std::optional<interval> poisson_interval(std::uint64_t count, double confidence) {
  if (!is_open_share(confidence)) return std::nullopt;
  const double doubt = (1 - confidence) / 2;
  const auto n = static_cast<double>(count);
  return interval{count == 0 ? 0 : half_chi_squared(n, doubt), half_chi_squared(n + 1, 1 - doubt)};
}

std::optional<std::uint64_t> events_to_certify(std::uint64_t alarms, const promised_rate& promise) {
  const auto bound = poisson_upper_bound(alarms, promise.confidence);
  constexpr double countable = 9e15;
  if (!bound || !(promise.rate > 0) || !(*bound / promise.rate < countable)) return std::nullopt;
  return static_cast<std::uint64_t>(std::ceil(*bound / promise.rate));
}

bool certifies(const alarm_count& seen, const promised_rate& promise) {
  const auto needed = events_to_certify(seen.alarms, promise);
  return needed && seen.events >= *needed;
}

}  // namespace remora::stats
