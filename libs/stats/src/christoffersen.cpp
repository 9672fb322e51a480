#include "remora/stats/christoffersen.hpp"

#include "quiet_policy.hpp"
#include "remora/stats/sample.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>

namespace remora::stats {
namespace {

/// Log-likelihood of so many hits and misses at the share that was seen; 0 ln 0 = 0.
double likeliest(std::uint64_t misses, std::uint64_t hits) noexcept {
  const auto n = static_cast<double>(misses + hits);
  const auto part = [n](std::uint64_t count) { return count == 0 ? 0 : static_cast<double>(count) * std::log(static_cast<double>(count) / n); };
  return part(misses) + part(hits);
}

}  // namespace

std::optional<christoffersen_verdict> christoffersen(std::span<const std::uint8_t> exceptions) {
  christoffersen_verdict v;
  for (std::size_t i = 1; i < exceptions.size(); ++i) {
    const bool hit = exceptions[i] != 0;
    if (exceptions[i - 1] != 0) ++(hit ? v.hit_hit : v.hit_quiet);
    else ++(hit ? v.quiet_hit : v.quiet_quiet);
  }
  if (v.quiet_quiet + v.quiet_hit == 0 || v.hit_quiet + v.hit_hit == 0) return std::nullopt;
  const double apart = likeliest(v.quiet_quiet, v.quiet_hit) + likeliest(v.hit_quiet, v.hit_hit);
  const double together = likeliest(v.quiet_quiet + v.hit_quiet, v.quiet_hit + v.hit_hit);
  v.ratio = std::max(0.0, 2 * (apart - together));
  v.p = *chi_squared_tail(v.ratio, 1);
  return v;
}

std::optional<double> chi_squared_tail(double value, double degrees) {
  if (!(value >= 0) || !(degrees > 0) || !is_sample(value) || !is_sample(degrees)) return std::nullopt;
  return boost::math::gamma_q(degrees / 2, value / 2, quiet());
}

}  // namespace remora::stats
