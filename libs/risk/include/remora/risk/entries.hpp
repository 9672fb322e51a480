#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/risk/account.hpp"
#include "remora/risk/gate.hpp"
#include "remora/risk/order_request.hpp"

namespace remora::risk {

/// The order that a signal leads to: wanted size, cut down to the room the limits leave as far as the smallest size. What does not fit even so
/// is refused by the rule it violates. `reduced`: the state of RISK asks for less.
[[nodiscard]] order_request entry_from(const account& from, const market_view& m, const signal_raised& signal, const risk_settings& settings, bool reduced);

/// What the gate sees of an order, of its market and of the account; what only the engine knows (its state, the end of the data, the day's
/// first equity) is left to the engine.
[[nodiscard]] gate_view view_of(const account& from, const market_view& m, const order_request& asked, const risk_settings& settings, timestamp now);

}  // namespace remora::risk
