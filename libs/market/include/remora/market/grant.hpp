#pragma once

#include "remora/market/order_events.hpp"

#include <optional>
#include <string>

namespace remora {

/// What has been done under a grant so far.
struct grant_usage {
  quantity committed;      ///< filled plus live plus in doubt
  amount committed_notional;
  std::uint32_t sent_in_last_second = 0;
  timestamp now{};
  std::uint64_t risk_epoch = 0;  ///< newest epoch of RISK that was heard of
};

/// A child order as far as a grant cares.
struct child_order {
  side direction = side::buy;
  price limit;
  quantity size;
  bool reduce_only = false;
};

/// Why a child may not be sent, or nothing. EXECUTION asks before every order; RISK asks before it grants, of the whole order as one child.
[[nodiscard]] std::optional<std::string> violation_of(const grant& allowed, const grant_usage& used, const child_order& child, const instrument& what);

}  // namespace remora
