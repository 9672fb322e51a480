#pragma once

#include "remora/risk/kelly.hpp"

#include <cstdint>
#include <optional>

namespace remora::risk {

/// What is believed of a trade before any was closed. All but the probability is in stakes: a stake is what a loss was meant to cost.
struct prior_edge {
  double win_probability = 0.5;
  double payoff_ratio = 1.5;  ///< gain of a win
  double cost = 0;            ///< of a round trip, taken from every win and added to every loss
};

struct edge_settings {
  double prior_weight = 50;  ///< the prior counts as so many closed trades; 1 at least
  double confidence = 0.9;   ///< of the lower bound, one-sided, in (0.5, 1)
};

/// What a trade is worth after its cost, and the share of equity that Kelly would stake on it.
struct edge_verdict {
  bet terms;                ///< probability of a win, and mean gain over mean loss
  edge result;              ///< mean and deviation of a trade's result, in stakes
  double error = 0;         ///< standard error of the mean, from the closed trades alone
  double shrinkage = 1;     ///< mean² / (mean² + error²)
  double lower_bound = 0;   ///< of the mean
  double bet_share = 0;     ///< of equity to stake: two outcomes; 0 unless the lower bound is positive
  double step_share = 0;    ///< the same for small steps, shrunk mean / variance
};

/// Kelly's inputs, learned from closed trades beside a prior that weighs as much as W of them. O(1) a trade and a question.
///
/// With n results r, each probability and mean is that of W + n trades, W of them as the prior says: p = (W p₀ + wins) / (W + n), and so
/// the means of gain, loss and square. The prior is somebody's decision, not a sample, so it has no error; that of the blended mean is
/// error = σ √n / (W + n). It is 0 before the first trade, greatest at n = W, and σ/√n in the end. Shrinkage and lower bound use it:
///
/// - before the first trade the prior is taken at its word, and trading can start;
/// - doubt comes in by as much as the data weigh. A true edge of the prior's size is traded on if it is above z σ / (2 √W), z = 1.28 at 90 %;
/// - once the data weigh more than the prior, they alone decide.
///
/// An edge that was lost is not found again by itself: where nothing is staked nothing is learned.
class edge_estimate {
 public:
  explicit edge_estimate(const edge_settings& settings = {});

  /// Learns the result of a closed round trip, net of all it cost, in stakes; not above zero is a loss. False, and no change, when it is no
  /// sample.
  bool push(double result) noexcept;

  /// None for a prior that is no number, has a probability outside (0, 1), or whose win earns nothing after cost.
  [[nodiscard]] std::optional<edge_verdict> judge(const prior_edge& prior) const;

  /// Closed trades.
  [[nodiscard]] std::uint64_t count() const noexcept { return wins_ + losses_; }
  [[nodiscard]] std::uint64_t wins() const noexcept { return wins_; }

  template <class Archive>
  void archive(Archive& a) {
    a(settings_.prior_weight, settings_.confidence, wins_, losses_, gained_, lost_, squares_);
  }

 private:
  edge_settings settings_;
  std::uint64_t wins_ = 0;
  std::uint64_t losses_ = 0;
  double gained_ = 0;   // sum of what was won
  double lost_ = 0;     // sum of what was lost, positive
  double squares_ = 0;  // of results
};

}  // namespace remora::risk
