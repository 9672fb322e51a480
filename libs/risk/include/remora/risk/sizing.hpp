#pragma once

#include "remora/market/instrument.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/edge_estimate.hpp"
#include "remora/risk/kelly.hpp"
#include "remora/risk/settings.hpp"

#include <optional>

namespace remora::risk {

/// What sizing looks at.
struct sizing_view {
  double score = 0;                  ///< of the signal, in [0, 1]
  regime market_regime = regime::normal;
  amount equity;
  amount held{};                     ///< notional on this side already, open orders included
  price reference{};                 ///< at which it would be bought or sold
  price stop_distance{};             ///< from the entry to its stop
  std::optional<double> volatility{};  ///< a year's, of the market; none = not known
  std::optional<edge_verdict> learned{};  ///< by the prior and what trades brought; none = by the prior alone
  bool reduced = false;              ///< the state of RISK asks for less
};

/// What a trade of a signal of that score promises before any was closed; never a certain win, which nobody has.
[[nodiscard]] bet prior_of(const sizing_settings& settings, double score) noexcept;

/// The notional wanted for an entry, in [min_size, max_size]. Zero if there is no edge, the position has its share of equity already, the
/// account has no equity, or a number that it needs is none.
[[nodiscard]] amount wanted_size(const sizing_settings& settings, const sizing_view& view);

/// The notional that loses `loss` when the price goes `distance` against a position entered at `reference`, of linear and inverse contracts
/// alike: a share of equity over a multiple of the true range is size by volatility. Zero unless all are positive.
[[nodiscard]] amount notional_at_stop(amount loss, price reference, price distance) noexcept;

/// A year's volatility of a market whose average true range over a minute is this share of its price, as the range of a random walk is
/// √(8/π) deviations (Parkinson 1980); none unless positive.
[[nodiscard]] std::optional<double> volatility_of(double minute_range) noexcept;

/// `share` of `whole`, the share rounded once to 1e-6.
[[nodiscard]] amount share_of(amount whole, double share) noexcept;

}  // namespace remora::risk
