#pragma once

#include "remora/stats/symmetric_matrix.hpp"

#include <optional>
#include <span>
#include <vector>

namespace remora::risk {

/// Kelly's shares of several names at once: f = (C + ridge × mean variance × I)⁻¹ μ, where C is the covariance of what one unit staked on
/// each returns and μ its mean (Thorp 2006). Names that move together share what one of them would get. The ridge keeps shares finite where
/// names are nearly the same; 0 is none. None unless the matrix is positive definite, all are samples and the ridge is not negative. O(n³).
[[nodiscard]] std::optional<std::vector<double>> kelly_shares(std::span<const double> means, const stats::symmetric_matrix& covariance,
                                                              double ridge = 0.01);

}  // namespace remora::risk
