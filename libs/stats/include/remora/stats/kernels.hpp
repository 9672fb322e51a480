#pragma once

#include "remora/stats/sample.hpp"

#include <span>

/// Sums over contiguous values, vectorised, with the same bits on every instruction set: value i belongs to lane i mod 8 whatever the
/// width of a register, a lane adds its values in order, the eight lanes meet in the fixed tree
/// ((0+4)+(2+6)) + ((1+5)+(3+7)), and no multiplication is fused with an addition.
/// The promise is for finite values and results, not for the bits of a NaN. simd.hpp says which instruction set is used.
namespace remora::stats {

/// Values and the mean they are measured from.
struct centred {
  std::span<const double> values;
  double mean = 0;
};

/// Σx; 0 for none.
[[nodiscard]] double sum(std::span<const double> values) noexcept;

/// Σ(x - mean)².
[[nodiscard]] double sum_of_squared_deviations(const centred& x) noexcept;

/// Σ(x - mean x)(y - mean y); both of one length.
[[nodiscard]] double sum_of_cross_deviations(const centred& x, const centred& y) noexcept;

/// Σxy; both of one length.
[[nodiscard]] double dot(std::span<const double> x, std::span<const double> y) noexcept;

/// Mean and deviation in two passes, divided by n - 1; the deviation is 0 below two values, the mean 0 for none.
[[nodiscard]] location_and_scale mean_and_deviation(std::span<const double> values) noexcept;

}  // namespace remora::stats
