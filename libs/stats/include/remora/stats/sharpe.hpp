#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace remora::stats {

/// What is known of a track record. Everything is per period of the returns; nothing is annualised.
struct sharpe_sample {
  double ratio = 0;           ///< mean over deviation of the returns
  std::uint64_t returns = 0;  ///< periods
  double skew = 0;
  double kurtosis = 3;        ///< plain: 3 for a normal law
};

/// Mean over deviation (divided by n - 1), with skew and kurtosis (moments divided by n). None below two returns, for one that is not a
/// sample, or without deviation.
[[nodiscard]] std::optional<sharpe_sample> sharpe_of(std::span<const double> returns);

/// √((1 + SR²/2) / T) (Lo 2002), for independent normal returns. None without returns.
[[nodiscard]] std::optional<double> sharpe_error(const sharpe_sample& of);

/// η(q) = q / √(q + 2 Σ (q - k) ρₖ), k < q (Lo 2002): SR of q periods = η SR of one. √q for uncorrelated returns. It is given the
/// autocorrelations of lags 1 … q - 1. None when they make the variance of the sum not positive.
[[nodiscard]] std::optional<double> aggregation_factor(std::span<const double> autocorrelations);

/// The probability that the true ratio exceeds `benchmark` (PSR; Bailey and López de Prado 2012):
/// Φ((SR - SR*) √(T - 1) / √(1 - skew SR + (kurtosis - 1)/4 SR²)). None below two returns, or when the root's content is not positive.
[[nodiscard]] std::optional<double> probabilistic_sharpe(const sharpe_sample& of, double benchmark = 0);

/// Periods after which a record of that ratio and shape has a PSR of `confidence` (MinTRL, same source); `returns` is not used. None unless
/// the ratio is above the benchmark, and for a confidence outside (0, 1).
[[nodiscard]] std::optional<double> track_record_min(const sharpe_sample& of, double benchmark = 0, double confidence = 0.95);

/// The expected largest of N independent standard normals, approximately: (1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e)), γ Euler's constant; 0
/// for one trial. None for no trial.
[[nodiscard]] std::optional<double> expected_maximum(std::uint64_t trials);

/// What was tried before the record was chosen.
struct trial_count {
  std::uint64_t trials = 1;  ///< independent ones
  double variance = 0;       ///< of their Sharpe ratios, per period as these
};

/// The ratio that the best of so many trials without skill is expected to show: √variance · expected_maximum. None for no trial or a
/// variance that is negative or no number.
[[nodiscard]] std::optional<double> luck_of(const trial_count& tried);

/// The probability that the chosen record has skill, given how many were tried (DSR; Bailey and López de Prado 2014): its PSR against
/// `luck_of` the trials.
[[nodiscard]] std::optional<double> deflated_sharpe(const sharpe_sample& of, const trial_count& tried);

/// Years of back-test below which the best of so many trials without skill is expected to show an annual ratio of `ratio` (MinBTL; Bailey
/// et al. 2014): (expected_maximum / ratio)². None for no trial or a ratio that is not positive.
[[nodiscard]] std::optional<double> backtest_years_min(std::uint64_t trials, double ratio = 1);

}  // namespace remora::stats
