#pragma once

#include "remora/market/market_message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace remora {

/// What one input line (or one step of a generator) led to.
struct source_batch {
  timestamp event_time{};  ///< the venue's, never earlier than that of the batch before
  timestamp seen_time{};   ///< when it was recorded or received
  stream_ended so_far;     ///< what stream_ended would say if the source ended after this batch
  std::vector<market_message> messages;
};

/// How far a source has come.
struct source_progress {
  std::uint64_t lines = 0;
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;  ///< 0 = not known
  std::string where;              ///< file or connection being read
};

/// Recorded files or a generator: where market messages come from.
class market_source {
 public:
  market_source() = default;
  market_source(const market_source&) = delete;
  market_source& operator=(const market_source&) = delete;
  virtual ~market_source() = default;

  /// The next batch in order of event time; the last one ends with stream_ended, then nothing. A source that cannot be read further says
  /// so with input_skipped and ends its stream.
  [[nodiscard]] virtual std::optional<source_batch> next() = 0;
  [[nodiscard]] virtual source_progress progress() const = 0;
};

}  // namespace remora
