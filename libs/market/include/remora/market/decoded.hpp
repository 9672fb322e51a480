#pragma once

#include "remora/market/market_events.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

/// What a venue codec makes of one venue message: prices and quantities are already counts of the listed instrument's ticks and lots.
namespace remora {

/// A difference of a book, as the venue sent it: absolute sizes of changed levels, zero removes.
struct depth_update {
  instrument_id instrument = instrument_id::none;
  std::uint64_t first_update_id = 0;                  ///< Binance `U`
  std::uint64_t update_id = 0;                        ///< Binance `u`
  std::optional<std::uint64_t> previous_update_id;    ///< Binance futures `pu`; spot has none
  std::vector<level> bids;
  std::vector<level> asks;
  timestamp venue_time{};

  template <class Archive>
  void archive(Archive& a) {
    a(instrument, first_update_id, update_id, previous_update_id, bids, asks, venue_time);
  }
};

/// A whole book, as the venue answered it: complete up to `update_id`, though perhaps only its best levels.
struct depth_snapshot {
  instrument_id instrument = instrument_id::none;
  std::uint64_t update_id = 0;
  std::vector<level> bids;
  std::vector<level> asks;
  timestamp venue_time{};
};

/// Trades and quotes need no other shape than the one in which they are published.
using decoded_message = std::variant<trade_seen, quote_seen, depth_update, depth_snapshot>;

}  // namespace remora
