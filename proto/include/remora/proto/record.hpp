#pragma once

#include "remora/proto/control.hpp"
#include "remora/proto/enums.hpp"
#include "remora/proto/market_data.hpp"
#include "remora/proto/orders.hpp"
#include "remora/proto/signals.hpp"

#include <variant>

namespace remora::proto {

/// Version of the envelope; a reader refuses another one and says so.
inline constexpr std::uint8_t wire_version = 1;

/// Everything that can stand in a journal or on the bus.
using body = std::variant<
    // GATEWAY, 1–19
    instrument_listed, trade_seen, quote_seen, book_changed, book_snapshot, bar_closed, feed_changed, input_skipped, stream_ended,
    // control, 20–39
    service_started, round_closed, round_done, inputs_taken, checkpoint_taken, run_settled, peer_changed, service_stopping,
    operator_commanded, trade_felt, beacon,
    // SIGNAL, 40–59
    aggressor_order_seen, whale_seen, regime_changed, signal_raised, flow_measured, criticality_measured, candidate_weighed,
    // RISK, 60–79
    parent_ordered, parent_denied, grant_revoked, fill_booked, risk_reported, breaker_tripped, risk_state_changed, risk_measured,
    parent_amended, grants_affirmed,
    // EXECUTION, 80–99
    parent_accepted, order_intended, cancel_intended, order_updated, order_filled, order_handed_over, parent_finished, account_requested,
    account_reconciled, funding_charged, parent_measured,
    // EXCHANGE, 100–119
    execution_reported, account_reported, funding_reported>;

/// What a service tells its own engine: an input like any other, but nobody else's.
[[nodiscard]] inline bool is_own_input(const body& message) noexcept {
  return std::holds_alternative<service_started>(message) || std::holds_alternative<peer_changed>(message) ||
         std::holds_alternative<service_stopping>(message) || std::holds_alternative<operator_commanded>(message);
}

/// Records about the run itself, which no engine decides; when they are written depends on restarts. Nobody takes another's as inputs:
/// taking is itself noted, and two services that follow each other would note without end.
[[nodiscard]] inline bool is_bookkeeping(const body& message) noexcept {
  return is_own_input(message) || std::holds_alternative<inputs_taken>(message) || std::holds_alternative<checkpoint_taken>(message) ||
         std::holds_alternative<order_handed_over>(message) || std::holds_alternative<run_settled>(message) ||
         std::holds_alternative<trade_felt>(message);
}

/// A message with its envelope.
struct record {
  place at;                       ///< publisher, epoch, position
  timestamp event_time{};         ///< the market's time; drives engines
  timestamp seen_time{};          ///< when we received what it rests on
  std::int64_t ingest_time = 0;   ///< monotonic ns at which the market record that led here was received; 0 = not measured
  place cause;                    ///< that market record
  proto::body body;
};

/// Code of a message, as on the wire.
[[nodiscard]] inline std::uint16_t type_of(const body& message) noexcept {
  return std::visit([]<class M>(const M&) { return schema<M>::type; }, message);
}
/// Short name of a message: "trade", "whale", …
[[nodiscard]] inline std::string_view name_of(const body& message) noexcept {
  return std::visit([]<class M>(const M&) { return schema<M>::name; }, message);
}
/// The instrument a message is about, if it has one.
[[nodiscard]] inline instrument_id instrument_of(const body& message) noexcept {
  return std::visit(
      []<class M>(const M& m) {
        if constexpr (requires { { m.instrument } -> std::convertible_to<instrument_id>; }) return m.instrument;
        else if constexpr (std::is_same_v<M, instrument_listed>) return m.what.id;
        else return instrument_id::none;
      },
      message);
}

}  // namespace remora::proto
