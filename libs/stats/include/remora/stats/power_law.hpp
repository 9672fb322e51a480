#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace remora::stats {

/// A tail p(x) ∝ x^-exponent for x >= from.
struct power_law {
  double exponent = 0;
  double from = 0;              ///< where the tail begins
  std::size_t values = 0;       ///< in the tail
  double distance = 1;          ///< Kolmogorov–Smirnov, between the tail and the law

  /// (exponent - 1) / √values.
  [[nodiscard]] double standard_error() const noexcept;
};

/// Values a tail has at least: below that its exponent is noise.
inline constexpr std::size_t power_law_values_min = 50;

/// Maximum likelihood for values >= from > 0 (Clauset, Shalizi, Newman 2009, eq. 3.1): 1 + n / Σ ln(x / from). `ascending` is sorted.
/// None for fewer than two values, or when all of them equal `from`. O(n).
[[nodiscard]] std::optional<power_law> fit_power_law(std::span<const double> ascending, double from) noexcept;

/// The same with the beginning of the tail that gives the smallest distance, out of at most 50 of the values and with at least
/// `power_law_values_min` of them behind it. None when there are too few. O(50 n).
[[nodiscard]] std::optional<power_law> fit_power_law(std::span<const double> ascending) noexcept;

}  // namespace remora::stats
