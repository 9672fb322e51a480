#include "remora/risk/concentration.hpp"

#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>

namespace remora::risk {

std::optional<concentration> concentration_of(std::span<const double> exposures) noexcept {
  double gross = 0, squares = 0;
  for (const double e : exposures) gross += std::abs(e);
  if (!(gross > 0) || !std::ranges::all_of(exposures, stats::is_sample)) return std::nullopt;
  for (const double e : exposures) squares += e / gross * (e / gross);
  return concentration{squares, 1 / squares};
}

}  // namespace remora::risk
