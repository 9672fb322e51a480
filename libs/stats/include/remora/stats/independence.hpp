#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// Tests of "these values know nothing of each other": for alarms, signs and returns.
namespace remora::stats {

/// Outcomes of two kinds, and how often the kind changed.
struct runs_verdict {
  std::uint64_t runs = 0;
  double mean = 0;      ///< of runs in a random order: 2 n₁ n₂ / n + 1
  double variance = 0;  ///< 2 n₁ n₂ (2 n₁ n₂ - n) / (n² (n - 1))
  double z = 0;         ///< (runs - mean) / deviation: below 0 outcomes cluster, above 0 they alternate
};

/// The runs test of Wald and Wolfowitz (1940); 0 is one kind, all else the other. None unless both occur and the order could differ.
[[nodiscard]] std::optional<runs_verdict> judge_runs(std::span<const std::uint8_t> outcomes);

/// Σ (xₜ - mean)(xₜ₋ₗ - mean) / Σ (xₜ - mean)². None for a lag not below n, a value that is no sample, or no variance.
[[nodiscard]] std::optional<double> autocorrelation(std::span<const double> values, std::size_t lag);

struct ljung_box_verdict {
  double q = 0;  ///< n (n + 2) Σ ρₗ² / (n - l)
  double p = 0;  ///< of a larger one for independent values: χ² with as many degrees as lags
};

/// Ljung and Box (1978) over lags 1 … `lags`. None for no lag, and where an autocorrelation is none. O(n lags).
[[nodiscard]] std::optional<ljung_box_verdict> ljung_box(std::span<const double> values, std::size_t lags);

/// Fisher's (1929) g: the largest ordinate of a periodogram over their sum. None for fewer than two, or when one is negative or their sum
/// is not positive.
[[nodiscard]] std::optional<double> fisher_g(std::span<const double> ordinates);

/// P(g >= that) for m ordinates of white noise: Σⱼ (-1)ʲ⁻¹ C(m, j) (1 - j g)^(m-1) while j g < 1, to 1e-6. None for m < 2 or g outside [0,
/// 1].
[[nodiscard]] std::optional<double> fisher_g_tail(double g, std::size_t m);

/// The g that white noise exceeds with probability `significance`. None for m < 2, or a significance outside (0, 0.5].
[[nodiscard]] std::optional<double> fisher_g_critical(std::size_t m, double significance = 0.05);

}  // namespace remora::stats
