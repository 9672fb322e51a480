#include "remora/stats/student_t.hpp"

#include "quiet_policy.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <cmath>

namespace remora::stats {
namespace {

using student = boost::math::students_t_distribution<double, quiet>;

bool is_degrees(double degrees) noexcept { return degrees > 0 && std::isfinite(degrees); }

}  // namespace

std::optional<double> student_quantile(double p, double degrees) {
  if (!(p > 0 && p < 1) || !is_degrees(degrees)) return std::nullopt;
  return boost::math::quantile(student(degrees), p);
}

std::optional<double> student_density(double x, double degrees) {
  if (!is_degrees(degrees)) return std::nullopt;
  return boost::math::pdf(student(degrees), x);
}

}  // namespace remora::stats
