#pragma once

#include <array>
#include <span>

namespace remora::signal {

/// What speaks for an order, or a run of orders of one side, being a large informed trader's.
struct evidence {
  double size = 0;     ///< -log10 of the probability of an order as large, in [0, 12]
  double impact = 0;   ///< move over that of the square-root law
  double signs = 0;    ///< log-likelihood ratio that its side is being worked off, less the other side's; nats
  double support = 0;  ///< of walls and icebergs for its direction, in [-1, 1]
  bool run = false;    ///< a run of orders, not one
};

/// The evidence as numbers of a linear model, bounded so that no single one decides alone.
inline constexpr std::size_t features_count = 6;
using features = std::array<double, features_count>;
[[nodiscard]] features features_of(const evidence& what) noexcept;

/// A point of the curve from the linear model's probability to the calibrated one.
struct calibration_point {
  double raw = 0;
  double calibrated = 0;
};

/// Evidence to confidence: a logistic regression, then a monotone curve (isotonic regression) between whose points it is straight.
struct evidence_model {
  features weights{};  ///< of features_of, the first one of the constant
  std::span<const calibration_point> curve;  ///< by raw, ascending; empty = the identity
};

/// Probability that the candidate is a whale's, in [0, 1].
[[nodiscard]] double confidence_of(const evidence& what, const evidence_model& model) noexcept;
/// The same before the curve.
[[nodiscard]] double raw_confidence_of(const evidence& what, const evidence_model& model) noexcept;

/// The model that ships. It was fitted on generated markets alone, by `remora evaluate --fit`: how often candidates of such evidence were
/// whales there. On a real market, whose whales nobody has counted, it is an order of precedence and not a probability.
[[nodiscard]] const evidence_model& shipped_evidence_model() noexcept;

}  // namespace remora::signal
