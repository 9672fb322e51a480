#pragma once

#include "remora/proto/control.hpp"
#include "remora/proto/enums.hpp"
#include "remora/proto/market_data.hpp"
#include "remora/proto/orders.hpp"
#include "remora/proto/signals.hpp"

#include <variant>

namespace remora::proto {

/// Version of the envelope; a reader refuses a higher one and says so.
inline constexpr std::uint8_t wire_version = 1;

/// Everything that can stand in a journal or on the bus.
using body = std::variant<
    // GATEWAY, 1–19
    instrument_listed, trade_seen, quote_seen, book_changed, book_snapshot, bar_closed, feed_changed, input_skipped, stream_ended,
    // control, 20–39
    service_started, round_closed, round_done, inputs_taken, checkpoint_taken, run_settled, peer_changed, beacon,
    // SIGNAL, 40–59
    aggressor_order_seen, whale_seen, regime_changed, signal_raised,
    // RISK, 60–79
    parent_ordered, parent_denied, grant_revoked, fill_booked, risk_reported, breaker_tripped,
    // EXECUTION, 80–99
    parent_accepted, order_intended, cancel_intended, order_updated, order_filled, order_handed_over, parent_finished, account_requested,
    account_reconciled,
    // EXCHANGE, 100–119
    execution_reported, account_reported>;

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
