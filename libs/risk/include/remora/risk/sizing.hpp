#pragma once

#include "remora/market/instrument.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/settings.hpp"

namespace remora::risk {

/// What sizing looks at.
struct sizing_view {
  double score = 0;  ///< of the signal, in [0, 1]
  regime market_regime = regime::normal;
  amount equity;
};

/// The notional wanted for an entry, in [min_size, max_size]; zero if the prior sees no edge or the account has no equity.
[[nodiscard]] amount wanted_size(const sizing_settings& settings, const sizing_view& view);

/// The most, in whole lots, that loses no more than `loss` when the price goes `distance` against it: a share of equity over a multiple of the
/// true range is size by volatility. Zero unless both are positive, and for an inverse contract, whose loss bends with the price.
[[nodiscard]] quantity size_at_stop(const instrument& what, amount loss, price distance) noexcept;

/// `share` of `whole`, the share rounded once to 1e-6.
[[nodiscard]] amount share_of(amount whole, double share) noexcept;

}  // namespace remora::risk
