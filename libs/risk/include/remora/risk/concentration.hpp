#pragma once

#include <optional>
#include <span>

namespace remora::risk {

/// How far a portfolio hangs on few names.
struct concentration {
  double index = 1;      ///< Herfindahl and Hirschman's: Σ of squared shares of the gross exposure, in (0, 1]
  double effective = 1;  ///< 1 / index: as many names of equal size would be as concentrated
};

/// Of exposures of either sign, in one unit. None when all are zero, or one is no number.
[[nodiscard]] std::optional<concentration> concentration_of(std::span<const double> exposures) noexcept;

}  // namespace remora::risk
