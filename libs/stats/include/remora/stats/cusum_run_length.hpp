#pragma once

#include <optional>

namespace remora::stats {

/// A CUSUM S ← max(0, S + x - reference) that alarms at S > threshold, on normal values of deviation 1.
struct cusum_design {
  double reference = 0.5;  ///< k, half the shift it is made for
  double threshold = 5;    ///< h, in (0, 20]
};

/// The mean number of values until an alarm, from S = 0, when their mean is `shift`: the integral equation of Page (1954) by 30-point
/// Gauss–Legendre quadrature. At most 1e12, where doubles cannot tell any more. None for a threshold outside its range or what is no
/// number.
[[nodiscard]] std::optional<double> cusum_run_length(const cusum_design& design, double shift = 0);

/// The same for the pair of CUSUMs that watch both directions: rates of alarm add up.
[[nodiscard]] std::optional<double> two_sided_run_length(const cusum_design& design, double shift = 0);

/// The threshold at which a one-sided CUSUM runs `length` values without a shift; none outside what thresholds in (0, 20] reach.
[[nodiscard]] std::optional<double> cusum_threshold(double length, double reference = 0.5);

/// Siegmund's (1985) approximation of `cusum_run_length`: (exp(-2 Δ b) + 2 Δ b - 1) / (2 Δ²) with Δ = shift - reference and b = threshold +
/// 1.166; b² at Δ = 0. Within 1 % for the usual designs.
[[nodiscard]] double siegmund_run_length(const cusum_design& design, double shift = 0) noexcept;

}  // namespace remora::stats
