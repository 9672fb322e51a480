#pragma once

#include "remora/base/time.hpp"
#include "remora/market/order_events.hpp"

#include <optional>

namespace remora {

/// Lots that we took from a market: what it needs to know to feel them.
struct own_trade {
  instrument_id instrument = instrument_id::none;
  std::uint64_t fill_id = 0;   ///< the exchange's
  side direction = side::buy;  ///< ours
  price limit;                 ///< what we paid: nothing worse is taken for it
  quantity size;
  timestamp at{};              ///< from when on the market can feel it
};

/// What a report says that we took, to be felt from `at` on. None of a fill that somebody else took from us: his print has moved the market.
[[nodiscard]] inline std::optional<own_trade> taken_by(const execution_reported& report, timestamp at) noexcept {
  if (report.fill_id == 0 || report.role != liquidity::taker) return std::nullopt;
  return own_trade{report.instrument, report.fill_id, report.direction, report.last_price, report.last_size, at};
}

}  // namespace remora
