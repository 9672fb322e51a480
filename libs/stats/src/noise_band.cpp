#include "remora/stats/noise_band.hpp"

#include <cmath>

namespace remora::stats {

std::optional<interval> noise_band(std::size_t series, std::size_t observations) {
  if (series == 0 || observations == 0) return std::nullopt;
  const double root = std::sqrt(static_cast<double>(series) / static_cast<double>(observations));
  return interval{root < 1 ? (1 - root) * (1 - root) : 0, (1 + root) * (1 + root)};
}

}  // namespace remora::stats
