#pragma once

#include "remora/stats/isotonic.hpp"
#include "remora/stats/logistic.hpp"

#include <array>

namespace remora::signal {

/// What speaks for an order, or a run of orders of one side, being a large informed trader's.
struct evidence {
  double size = 0;     ///< -log10 of the probability of an order as large, in [0, 12]; of single orders only
  double impact = 0;   ///< move over that of the square-root law
  double signs = 0;    ///< log-likelihood ratio that its side is being worked off, less the other side's; nats
  double support = 0;  ///< of walls and icebergs for its direction, in [-1, 1]
  bool run = false;    ///< a run of orders, not one
};

/// The evidence as numbers of about one scale, bounded so that no single one decides alone.
using features = std::array<double, 5>;
[[nodiscard]] features features_of(const evidence& what) noexcept;

/// Evidence to confidence: a logistic regression, then a curve that only rises (isotonic regression).
struct evidence_model {
  stats::logistic_model linear;
  stats::isotonic_map curve{{{0, 0}, {1, 1}}};
};

/// Probability that the candidate is a whale's, in [0, 1].
[[nodiscard]] double confidence_of(const evidence& what, const evidence_model& model) noexcept;

/// The model that ships. It was fitted on generated markets alone, by `remora evaluate --fit`: how often candidates of such evidence were
/// whales there. On a real market, whose whales nobody has counted, it is an order of precedence and not a probability.
[[nodiscard]] const evidence_model& shipped_evidence_model();

}  // namespace remora::signal
