#include "remora/stats/normal.hpp"

#include "quiet_policy.hpp"

#include <boost/math/distributions/normal.hpp>
#include <fmt/format.h>

#include <cmath>

namespace remora::stats {
namespace {

const boost::math::normal_distribution<double, quiet> standard;

}  // namespace

double normal_cdf(double z) noexcept { return std::isnan(z) ? z : boost::math::cdf(standard, z); }

expected<double> normal_quantile(double p) {
  if (!(p > 0 && p < 1)) {
    return fail(errc::out_of_range, fmt::format("The normal quantile of {} does not exist; a probability inside (0, 1) is needed.", p));
  }
  return boost::math::quantile(standard, p);
}

}  // namespace remora::stats
