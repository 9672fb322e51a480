#pragma once

#include "remora/stats/interval.hpp"

#include <cstddef>
#include <optional>

namespace remora::stats {

/// The eigenvalues that a correlation matrix of independent series shows by chance: (1 ± √(series / observations))² (Marchenko and Pastur
/// 1967). Only what lies above is common movement. The low end is 0 for more series than observations. None without either.
[[nodiscard]] std::optional<interval> noise_band(std::size_t series, std::size_t observations);

}  // namespace remora::stats
