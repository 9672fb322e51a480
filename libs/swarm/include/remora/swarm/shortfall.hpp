#pragma once

#include "remora/market/instrument.hpp"

#include <span>

namespace remora::swarm {

/// One execution of an order.
struct paid {
  price at;
  quantity size;  ///< positive
};

/// An order from the decision to its end.
struct worked_order {
  side direction = side::buy;
  quantity size;    ///< that was decided
  price decision;   ///< the market when it was decided
  price arrival;    ///< when the first child could go
  price end;        ///< when the last one ended
  amount fees;
};

/// What the difference between paper and real is made of (Perold 1988); positive is a cost.
struct shortfall {
  amount delay;        ///< the market's move before the first child, on what was filled
  amount trading;      ///< fills against arrival
  amount opportunity;  ///< the market's move on what was not filled
  amount fees;

  /// Paper gain less real gain, at the end's price; exactly the sum.
  [[nodiscard]] amount total() const noexcept { return delay + trading + opportunity + fees; }
};

/// Exact for linear instruments. An inverse contract's moves are those of 1/price, its coin counted at the end's price: exact to half of 1e-9
/// a move. Error: out_of_range, where a value cannot be counted, or fills exceed the size.
[[nodiscard]] expected<shortfall> shortfall_of(const instrument& what, const worked_order& order, std::span<const paid> fills);

}  // namespace remora::swarm
