#pragma once

#include "remora/market/instrument.hpp"
#include "remora/market/order_events.hpp"
#include "remora/risk/settings.hpp"

#include <optional>

namespace remora::risk {

/// An order before the gate.
struct order_request {
  order_purpose purpose = order_purpose::entry;
  side direction = side::buy;
  quantity size{};
  std::optional<price> reference{};  ///< none = no quote
  double urgency = 1;
  double score = 0;
  bool reduce_only = false;
  timestamp valid_until = never;     ///< of the signal
};

/// Prices between which children may trade.
struct collar {
  price low, high;
};

/// `basis_points` of the reference on either side, at least a tick, and never below the first tick.
[[nodiscard]] collar collar_of(price reference, std::int64_t basis_points) noexcept;
/// What EXECUTION may do for the request; its money is that of the worst price. The request has a reference.
[[nodiscard]] grant grant_of(const instrument& what, const order_request& asked, const grant_settings& settings, timestamp now);

}  // namespace remora::risk
