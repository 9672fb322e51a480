#pragma once

#include "remora/market/market_message.hpp"
#include "remora/market/own_trade.hpp"

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

/// A source whose market feels what we take from it, which a recording cannot.
class feeling_market {
 public:
  /// Event time of the next batch, which is not made before it is asked for: until then it can feel something. None: there is none.
  [[nodiscard]] virtual std::optional<timestamp> next_time() const = 0;
  /// A batch of its own will take these lots out of the book, at what.at or as soon after it as event time allows, before anything else of that time but
  /// the end.
  /// False: it will not, as too many wait, or the market is at its end or knows no such instrument.
  [[nodiscard]] virtual bool feel(const own_trade& what) = 0;

 protected:
  ~feeling_market() = default;
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
  /// The market that feels us; null: this one does not.
  [[nodiscard]] virtual feeling_market* feeling() noexcept { return nullptr; }
};

}  // namespace remora
