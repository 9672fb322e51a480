#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/risk/settings.hpp"

namespace remora::risk {

/// A bet that wins `payoff_ratio` per unit staked with `win_probability` and loses the unit otherwise.
struct bet {
  double win_probability = 0.5;
  double payoff_ratio = 1.0;
};

/// The share of wealth that maximises growth: f* = p - (1 - p) / b (Kelly 1956); not positive without an edge.
[[nodiscard]] double kelly_share(const bet& terms) noexcept;
/// Expected growth per bet at a share f: p ln(1 + b f) + (1 - p) ln(1 - f).
[[nodiscard]] double growth_of(const bet& terms, double share) noexcept;

/// What sizing looks at.
struct sizing_view {
  double score = 0;  ///< of the signal, in [0, 1]
  regime market_regime = regime::normal;
  amount equity;
};

/// The notional wanted for an entry, in [min_size, max_size]; zero if the prior sees no edge or the account has no equity.
[[nodiscard]] amount wanted_size(const sizing_settings& settings, const sizing_view& view);

/// `share` of `whole`, the share rounded once to 1e-6.
[[nodiscard]] amount share_of(amount whole, double share) noexcept;

}  // namespace remora::risk
