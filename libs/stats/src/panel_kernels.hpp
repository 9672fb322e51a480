#pragma once

#include <cstddef>

namespace remora::stats {

/// A value of each instrument enters, the oldest leaves.
struct replaced_row {
  const double* entering;
  const double* leaving;
};

/// One side's best level before and now.
struct level_columns {
  const double* price;
  const double* size;
  const double* price_before;
  const double* size_before;
};

/// The panel's kernels: element by element, so that the width of a register cannot change a bit.
struct panel_kernels {
  /// Welford's step, told one over the number of values with this one.
  void (*add)(double* mean, double* squares, const double* x, double share, std::size_t count);
  /// The step of a full window, told one over its length.
  void (*replace)(double* mean, double* squares, const replaced_row& x, double share, std::size_t count);
  /// z = (x - mean) / sqrt(squares share), share = 1 / (n - 1); within ±z_max, 0 at the mean.
  void (*score)(double* z, const double* x, const double* mean, const double* squares, double share, std::size_t count);
  /// d = x - m; m += a d; v = (1 - a)(v + a d²).
  void (*fade)(double* mean, double* variance, const double* x, double a, std::size_t count);
  /// c += a (scale x - c).
  void (*fade_product)(double* c, const double* x, double scale, double a, std::size_t count);
  void (*flow)(double* flow, const level_columns& bid, const level_columns& ask, std::size_t count);
};

}  // namespace remora::stats
