#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace remora::signal {

/// The chain of Stoikov's micro-price over n states (imbalance and spread) of the quotes. Matrices are n × n, row by row: from a state, to
/// a state.
struct micro_price_chain {
  std::vector<double> stays;  ///< Q: probability of the next state when the mid does not move
  std::vector<double> moves;  ///< T: probability of the next state when it moves
  std::vector<double> drift;  ///< R K: expected move of the mid at the next update, by state

  [[nodiscard]] std::size_t states() const noexcept { return drift.size(); }
};

/// What the mid is expected to move from each state, in the unit of `drift`.
struct micro_price_fit {
  std::vector<double> first;  ///< G¹ = (I - Q)⁻¹ R K: by its next move
  std::vector<double> limit;  ///< g* = Σ Bⁱ G¹ with B = (I - Q)⁻¹ T: by all moves to come
};

/// Solves the chain (Stoikov 2018). None when I - Q is singular (a state that never lets the mid move), when the sum does not converge
/// (a chain that is not symmetric), or when sizes do not fit. O(n³).
[[nodiscard]] std::optional<micro_price_fit> solve(const micro_price_chain& chain);

}  // namespace remora::signal
