#pragma once

#include "remora/base/time.hpp"

#include <cstdint>

namespace remora {

/// How the paper exchange differs from a perfect one. The probabilities are the blueprint's.
struct exchange_settings {
  std::uint64_t seed = 1;
  microseconds order_latency{5000};      ///< from an order's intent to its arrival at the matching
  microseconds response_latency{1000};   ///< from a change to its report
  milliseconds consumed_decay{1000};     ///< for so long what we took from a level stays taken, unless the market restates the level
  double prob_fill_on_limit = 0.2;       ///< that a print which only touches our price, and has used up the queue ahead, fills us
  double prob_slippage = 0.5;            ///< that a taking order pays one tick more than the book shows, though never beyond its limit
};

}  // namespace remora
