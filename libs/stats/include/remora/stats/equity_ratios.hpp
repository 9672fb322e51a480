#pragma once

#include <optional>
#include <span>

namespace remora::stats {

/// What a curve of equity shows, step by step; returns are relative to the step before. Nothing is annualised.
struct equity_ratios {
  double drawdown = 0;                   ///< largest fall from a peak, share of the peak
  double ulcer = 0;                      ///< root of the mean squared fall from the peak, over all points
  std::optional<double> profit_factor;   ///< rises over falls, in money; none without a fall
  std::optional<double> recovery;        ///< net gain over the largest fall, in money; none without a fall
  std::optional<double> sharpe;          ///< mean over deviation of the returns; none without deviation
  std::optional<double> sortino;         ///< mean over the root of the mean squared negative return, over all returns; none without one
  std::optional<double> calmar;          ///< growth per step over `drawdown`; none without a fall
};

/// None below two points, or for one that is not positive and finite.
[[nodiscard]] std::optional<equity_ratios> judge_equity(std::span<const double> equity);

/// The largest fall that Brownian motion without drift is expected to have made when its value has that deviation: √(π/2) of it
/// (Magdon-Ismail et al. 2004). Seen in n steps it is less, by about 1.2 / √n of the deviation.
[[nodiscard]] double expected_drawdown(double deviation) noexcept;

}  // namespace remora::stats
