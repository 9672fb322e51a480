#pragma once

#include "remora/base/error.hpp"

namespace remora::stats {

/// Φ(z) = P(Z <= z), accurate to double precision in both tails; NaN for NaN.
[[nodiscard]] double normal_cdf(double z) noexcept;

/// Φ⁻¹(p); an error when p is not inside (0, 1).
[[nodiscard]] expected<double> normal_quantile(double p);

}  // namespace remora::stats
