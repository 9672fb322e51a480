#include "remora/risk/concentration.hpp"

#include "remora/stats/sample.hpp"

#include <cmath>

namespace remora::risk {

std::optional<concentration> concentration_of(std::span<const double> exposures) noexcept {
  double gross = 0, squares = 0;
  for (const double each : exposures) {
    if (!stats::is_sample(each)) return std::nullopt;
    gross += std::abs(each);
    squares += each * each;
  }
  if (!(gross > 0)) return std::nullopt;
  const double index = squares / (gross * gross);
  return concentration{index, 1 / index};
}

}  // namespace remora::risk
