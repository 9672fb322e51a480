#pragma once

#include <optional>
#include <span>

namespace remora::risk {

/// What a position may lose over a period, as shares or money, whichever the returns are; losses are positive. The level of every function
/// is the probability that the loss is not larger, 0.95 or 0.99.
struct tail_loss {
  double value_at_risk = 0;  ///< the loss that is not exceeded with the probability asked for
  double shortfall = 0;      ///< the mean loss beyond it (expected shortfall, CVaR)
};

/// The law of returns as far as its moments tell.
struct return_moments {
  double mean = 0;
  double deviation = 1;
  double skew = 0;
  double excess_kurtosis = 0;  ///< 0 for a normal law
};

/// For normal returns: VaR = z σ - μ, shortfall = σ φ(z) / (1 - level) - μ; skew and kurtosis are not looked at. None for a level outside
/// (0, 1), or a deviation that is not positive.
[[nodiscard]] std::optional<tail_loss> normal_tail(const return_moments& returns, double level);

/// For Student's t with that many degrees, scaled to the deviation: VaR = s q - μ, shortfall = s f(q) / (1 - level) (ν + q²) / (ν - 1) - μ,
/// s = σ √((ν - 2) / ν). None also for degrees not above 2, where there is no deviation.
[[nodiscard]] std::optional<tail_loss> student_tail(const return_moments& returns, double degrees, double level);

/// For a normal quantile bent by skew and kurtosis (Cornish and Fisher 1938), its shortfall the integral of the bent quantile in closed
/// form. None also where the bent quantile does not rise everywhere (`is_cornish_fisher_valid`): then take the historical one.
[[nodiscard]] std::optional<tail_loss> cornish_fisher_tail(const return_moments& returns, double level);

/// The bent quantile rises everywhere: S²/9 - 4 (K/8 - S²/6)(1 - K/8 + 5 S²/36) <= 0 (Maillard 2012).
[[nodiscard]] bool is_cornish_fisher_valid(const return_moments& returns) noexcept;

/// Of what was lost: VaR is the ⌈level n⌉-th smallest loss; the shortfall the mean of the worst (1 - level) n, a fraction of a loss
/// counted as such (Rockafellar and Uryasev 2002). None without losses, for one that is no number, or a level outside (0, 1). Few losses
/// say little: ask 250 at least. O(n log n).
[[nodiscard]] std::optional<tail_loss> historical_tail(std::span<const double> losses, double level);

/// The quantile that interpolates between order statistics, at 1 + p (n - 1) (type 7 of Hyndman and Fan 1996, the default of R and NumPy).
/// None as above, p may also be 0 or 1.
[[nodiscard]] std::optional<double> interpolated_quantile(std::span<const double> values, double p);

}  // namespace remora::risk
