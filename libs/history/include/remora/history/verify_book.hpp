#pragma once

#include "remora/history/recording.hpp"
#include "remora/market/market_events.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace remora::history {

/// A quote of the venue that is not the touch of the rebuilt book at the same update id.
struct book_difference {
  std::string where;  ///< file:line at which it was noticed
  std::string text;   ///< both touches, for people
};

struct book_report {
  std::uint64_t compared = 0;
  std::uint64_t equal = 0;
  std::uint64_t different = 0;
  std::uint64_t crossed = 0;    ///< books crossed after an update or a snapshot
  std::uint64_t gaps = 0;       ///< missing updates
  std::uint64_t bridged = 0;    ///< snapshots joined to the stream of updates
  std::uint64_t updates = 0;    ///< applied
  std::uint64_t unused = 0;     ///< buffered, stale or repeated updates
  std::uint64_t quotes = 0;
  std::uint64_t trades = 0;
  std::uint64_t lines = 0;
  std::uint64_t skipped = 0;    ///< lines that could not be used
  std::vector<book_difference> first_differences;  ///< at most 20
  std::vector<std::string> first_skips;            ///< at most 20
};

/// Rebuilds every book from snapshots and differences and compares price and size of both touches with the venue's own quotes at each
/// common update id, whichever of the two comes first. Errors: as open_recording.
[[nodiscard]] expected<book_report> verify_book(const std::vector<std::string>& files, const std::vector<instrument>& catalogue = {},
                                                const recording_options& options = {});

}  // namespace remora::history
