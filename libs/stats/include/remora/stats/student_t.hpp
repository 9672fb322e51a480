#pragma once

#include <optional>

namespace remora::stats {

/// The x with P(T <= x) = p for Student's t with that many degrees of freedom. None for p outside (0, 1), or degrees that are not positive
/// and finite.
[[nodiscard]] std::optional<double> student_quantile(double p, double degrees);

/// The density of Student's t. None for degrees that are not positive and finite.
[[nodiscard]] std::optional<double> student_density(double x, double degrees);

}  // namespace remora::stats
