#pragma once

#include "remora/base/place.hpp"
#include "remora/market/market_events.hpp"
#include "remora/market/order_events.hpp"
#include "remora/market/risk_events.hpp"
#include "remora/market/signal_events.hpp"

/// Largest value of every closed enumeration that travels; a decoder refuses what lies beyond, so no engine meets an unknown value.
namespace remora::proto {

template <class Enum>
inline constexpr Enum last_of = Enum{0};

template <> inline constexpr publisher last_of<publisher> = publisher::monitor;
template <> inline constexpr side last_of<side> = side::sell;
template <> inline constexpr venue last_of<venue> = venue::simulated;
template <> inline constexpr account_type last_of<account_type> = account_type::margin;
template <> inline constexpr feed_state last_of<feed_state> = feed_state::ended;
template <> inline constexpr regime last_of<regime> = regime::crisis;
template <> inline constexpr weighing last_of<weighing> = weighing::ordinary;
template <> inline constexpr order_purpose last_of<order_purpose> = order_purpose::flatten;
template <> inline constexpr time_in_force last_of<time_in_force> = time_in_force::market;
template <> inline constexpr risk_state last_of<risk_state> = risk_state::halted;
template <> inline constexpr operator_action last_of<operator_action> = operator_action::flatten;
template <> inline constexpr liquidity last_of<liquidity> = liquidity::taker;
template <> inline constexpr order_state last_of<order_state> = order_state::in_doubt;
template <> inline constexpr report_kind last_of<report_kind> = report_kind::cancel_rejected;
/// Identifiers are open: every value may occur.
template <> inline constexpr instrument_id last_of<instrument_id> = static_cast<instrument_id>(UINT32_MAX);
template <> inline constexpr parent_id last_of<parent_id> = static_cast<parent_id>(UINT64_MAX);

/// Zero means "none" or "all" only where it is named; elsewhere it is not a value.
template <class Enum>
inline constexpr bool may_be_zero = false;
template <> inline constexpr bool may_be_zero<publisher> = true;
template <> inline constexpr bool may_be_zero<venue> = true;
template <> inline constexpr bool may_be_zero<instrument_id> = true;
template <> inline constexpr bool may_be_zero<parent_id> = true;

}  // namespace remora::proto
