#pragma once

#include "remora/base/time.hpp"
#include "remora/market/instrument.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What the GATEWAY states about the market. The envelope of each record carries its event time; `venue_time` is the exchange's own stamp.
namespace remora {

/// An instrument exists under this id from now on; comes before anything else that uses the id.
struct instrument_listed {
  instrument what;
};

/// One print.
struct trade_seen {
  instrument_id instrument = instrument_id::none;
  std::uint64_t trade_id = 0;
  price at;
  quantity size;
  side aggressor = side::buy;
  timestamp venue_time{};
  std::uint64_t own_fill = 0;  ///< our fill that this print is, in a market that feels us; 0 = somebody else's
};

/// Best bid and ask after the book update `update_id`.
struct quote_seen {
  instrument_id instrument = instrument_id::none;
  std::uint64_t update_id = 0;
  level bid;
  level ask;
  timestamp venue_time{};
};

/// Absolute sizes of changed levels; the book is in step with the venue up to `update_id` afterwards.
struct book_changed {
  instrument_id instrument = instrument_id::none;
  std::uint64_t first_update_id = 0;
  std::uint64_t update_id = 0;
  std::vector<level> bids;
  std::vector<level> asks;
  timestamp venue_time{};
};

/// A part of a whole book (at most 500 levels a side in a part); the first part replaces what was known.
struct book_snapshot {
  instrument_id instrument = instrument_id::none;
  std::uint64_t update_id = 0;
  bool first = true;
  bool last = true;
  std::vector<level> bids;
  std::vector<level> asks;
};

/// Trades of one period, [open_time, open_time + period). Periods without trades repeat the last close with zero volume.
struct bar_closed {
  instrument_id instrument = instrument_id::none;
  nanoseconds period{0};
  timestamp open_time{};
  price open, high, low, close;
  quantity volume;       ///< all trades
  quantity buy_volume;   ///< trades whose aggressor bought
  std::uint32_t trades = 0;
};

enum class feed_state : std::uint8_t {
  syncing = 1,  ///< no book yet
  live = 2,     ///< book in step with the venue
  stale = 3,    ///< the feed is silent or behind: no new risk
  ended = 4,    ///< no more data will come
};
[[nodiscard]] constexpr std::string_view name_of(feed_state s) noexcept {
  constexpr std::string_view names[] = {"none", "syncing", "live", "stale", "ended"};
  return name_at(names, s);
}

/// A change in the health of an instrument's feed, with its reason for people.
struct feed_changed {
  instrument_id instrument = instrument_id::none;
  feed_state state = feed_state::syncing;
  std::string reason;
};

/// Input that could not be used: where it was and why. Counted, never silent.
struct input_skipped {
  std::string source;          ///< file name or connection
  std::uint64_t line = 0;      ///< line in that file, from 1
  std::string reason;
};

/// The source has no more data; what is open runs out and is closed.
struct stream_ended {
  std::uint64_t lines = 0;     ///< lines read from the source
  std::uint64_t messages = 0;  ///< of them, market messages used
  std::uint64_t skipped = 0;
};

}  // namespace remora
