#pragma once

#include <optional>
#include <span>

namespace remora::stats {

/// Arrivals that excite further ones, with one exponential kernel: λ(t) = base + Σ over past arrivals of jump e^(-decay age).
struct hawkes_model {
  double base = 1;   ///< spontaneous arrivals a unit of time
  double jump = 0;   ///< by which an arrival raises the intensity
  double decay = 1;

  /// n: arrivals that an arrival causes directly.
  [[nodiscard]] double branching() const noexcept { return jump / decay; }
};

/// Σ ln λ(t_i) - ∫ λ over [0, end], for ascending times within it. None when times or model are not so. O(n).
[[nodiscard]] std::optional<double> log_likelihood(const hawkes_model& model, std::span<const double> times, double end) noexcept;

/// Mean and variance of the number of arrivals in a window of a stationary process, n < 1.
struct count_moments {
  double mean = 0;
  double variance = 0;
};
[[nodiscard]] count_moments hawkes_counts(const hawkes_model& model, double window) noexcept;

/// The branching ratio by those moments, 1 - √(mean / variance) (Hardiman and Bouchaud 2014), which tends to n as windows grow;
/// 0 where counts vary no more than a Poisson process does.
[[nodiscard]] double branching_by(const count_moments& counts) noexcept;

}  // namespace remora::stats
