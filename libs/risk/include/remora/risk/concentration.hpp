#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace remora::risk {

/// How far a portfolio hangs on few names.
struct concentration {
  double index = 1;      ///< Herfindahl and Hirschman's: Σ of squared shares of the gross exposure, in (0, 1]
  double effective = 1;  ///< 1 / index: as many names of equal size would be as concentrated
};

/// Exposures of either sign, in one unit, summed up so that one more is a matter of two additions.
class exposure_sums {
 public:
  void add(double exposure) noexcept;
  /// None when all are zero, or one is no number.
  [[nodiscard]] std::optional<concentration> judge() const noexcept;
  /// Those that are not zero.
  [[nodiscard]] std::uint32_t names() const noexcept { return names_; }

 private:
  double gross_ = 0, squares_ = 0;
  std::uint32_t names_ = 0;
  bool sound_ = true;
};

/// The same of all of them at once.
[[nodiscard]] std::optional<concentration> concentration_of(std::span<const double> exposures) noexcept;

}  // namespace remora::risk
