#pragma once

#include "remora/base/time.hpp"
#include "remora/exchange/queue_position.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace remora {

namespace exchange {

/// What happens when an order would trade with another of ours; exits must get through, so the older one goes by default.
enum class self_trade : std::uint8_t {
  cancel_oldest = 1,  ///< the waiting order is cancelled
  cancel_newest = 2,  ///< the order that comes is
  decrement = 3,      ///< the waiting order is cancelled, the one that comes loses what they would have traded, and its rest does not wait
};

/// How long one order took on its way, one answer on its way back, and the market that the order was meant for on its way to us. An order draws
/// one for itself, and each of its answers another.
struct latency_sample {
  microseconds order{};
  microseconds response{};
  std::optional<microseconds> market_data;  ///< none: the constant
};

}  // namespace exchange

/// How the paper exchange differs from a perfect one. The probabilities are the blueprint's.
struct exchange_settings {
  std::uint64_t seed = 1;
  microseconds order_latency{5000};      ///< from an order's intent to its arrival at the matching
  microseconds response_latency{1000};   ///< from a change to its report
  milliseconds consumed_decay{1000};     ///< for so long what we took from a level stays taken, unless the market restates the level
  double prob_fill_on_limit = 0.2;       ///< that a print which only touches our price, and has used up the queue ahead, fills us
  double prob_slippage = 0.5;            ///< that a taking order pays one tick more than the book shows, though never beyond its limit
  exchange::queue_rule queue;            ///< how a waiting order moves forward in its level
  exchange::self_trade own_orders = exchange::self_trade::cancel_oldest;
  /// Recorded latencies, drawn from at random in place of the constants; empty = the constants. Orders and answers keep their order.
  std::vector<exchange::latency_sample> latencies;
  microseconds market_data_latency{0};   ///< the market is seen so much later than it is: an order meets it so much later, too
  std::int64_t funding_rate_e9 = 0;      ///< of a perpetual's notional an interval; positive: who is long pays
  std::chrono::hours funding_interval{8};///< at its multiples since midnight UTC
};

}  // namespace remora
