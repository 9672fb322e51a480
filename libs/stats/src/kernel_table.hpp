#pragma once

#include "panel_kernels.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace remora::stats {

inline constexpr std::size_t lane_count = 8;

/// One side of a product of deviations.
struct side {
  const double* values;
  double mean;
};

/// The kernels of one instruction set.
struct kernel_table {
  const char* name;
  double (*sum)(const double* values, std::size_t count);
  double (*squares)(const side& x, std::size_t count);
  double (*products)(const side& x, const side& y, std::size_t count);
  panel_kernels panel;
};

/// The fixed tree that ends every reduction.
inline double sum_of_lanes(const std::array<double, lane_count>& lane) noexcept {
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/// Those in use (simd.hpp).
[[nodiscard]] const kernel_table& kernels();

/// Plain loops over the same eight lanes: the reference for all others.
[[nodiscard]] const kernel_table& scalar_kernels() noexcept;

/// The vectorised kernels this build has and this processor can run, best first.
[[nodiscard]] std::vector<const kernel_table*> vector_kernels();

}  // namespace remora::stats
