#pragma once

#include "remora/market/market_events.hpp"

#include <variant>

namespace remora {

/// Anything the GATEWAY states, in the order in which it may be met.
using market_message = std::variant<instrument_listed, trade_seen, quote_seen, book_changed, book_snapshot, bar_closed, feed_changed, input_skipped,
                                    stream_ended>;

}  // namespace remora
