#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace remora::stats {

/// A line through n pairs, with a t statistic that stays honest when errors are autocorrelated or uneven.
struct hac_line {
  double intercept = 0;
  double slope = 0;
  double t = 0;          ///< slope over its Newey–West error, within ±z_max
  double r_squared = 0;  ///< 0 while y stands still
  std::size_t lag = 0;   ///< of the Newey–West sum
  std::size_t count = 0;

  template <class Archive>
  void archive(Archive& a) {
    a(intercept, slope, t, r_squared, lag, count);
  }
};

/// ⌊4 (n/100)^(2/9)⌋ (Newey and West 1994), below n.
[[nodiscard]] std::size_t newey_west_lag(std::size_t n) noexcept;

/// Ordinary least squares of y on x with the Newey–West (1987) error of the slope: Bartlett weights 1 - l/(L + 1), no correction for small
/// samples. O(n L). None below three pairs, with unequal lengths, when a value is not a sample, or when x stands still.
[[nodiscard]] std::optional<hac_line> hac_regression(std::span<const double> x, std::span<const double> y);

}  // namespace remora::stats
