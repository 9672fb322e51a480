#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace remora::stats {

/// A power law p(x) ∝ x^-alpha from x_min on, as fitted.
struct power_law {
  double alpha = 0;
  double error = 0;         ///< of alpha: (alpha - 1) / √tail
  double x_min = 0;
  std::uint64_t tail = 0;   ///< values from x_min on; below 100, say "not distinguishable"
  double distance = 0;      ///< Kolmogorov and Smirnov's, of the tail to the law
};

/// The likeliest exponent of a continuous law above a given x_min: 1 + n / Σ ln(x / x_min) (Clauset, Shalizi, Newman 2009). None for an
/// x_min that is not positive, a value that is not a sample, or fewer than two values above x_min. O(n log n).
[[nodiscard]] std::optional<power_law> fit_power_law(std::span<const double> values, double x_min);

/// Where to look for the beginning of a tail.
struct tail_search {
  std::size_t tail_min = 2;                 ///< values that it must hold at least
  std::size_t candidates_max = SIZE_MAX;    ///< evenly among the values; all of them for reports, a few for the stream
};

/// The same with the x_min, among the values, that brings data and law closest (same source). O(candidates · n). None as above.
[[nodiscard]] std::optional<power_law> fit_power_law(std::span<const double> values, const tail_search& where = {});

/// Hill's (1975) tail index: P(X > x) ~ x^-index, from the k largest values against the next; its error is index / √k. It equals alpha - 1.
/// Biased downwards where the tail is not yet a power law. None unless 0 < k < n and the k + 1 largest are positive samples that differ.
[[nodiscard]] std::optional<double> hill_index(std::span<const double> values, std::size_t k);

}  // namespace remora::stats
