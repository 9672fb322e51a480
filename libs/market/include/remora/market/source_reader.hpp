#pragma once

#include "remora/market/source.hpp"

#include <optional>
#include <utility>

namespace remora {

/// Reads a source by event time: tells when the next batch is before it is taken. A recording is read one batch ahead for that; a market that
/// feels us is not, so that what we took meanwhile is missing from whatever it makes next.
class source_reader {
 public:
  explicit source_reader(market_source& source);

  /// Event time of the next batch; none: there is none.
  [[nodiscard]] std::optional<timestamp> next_time() const;
  [[nodiscard]] std::optional<source_batch> next();
  /// What is left of the batch taken last: it is the next one again.
  void put_back(source_batch rest) { rest_ = std::move(rest); }
  /// The source is read no further.
  void close();

  [[nodiscard]] bool feels() const noexcept { return feeling_ != nullptr; }
  /// False: the market does not feel this one.
  [[nodiscard]] bool feel(const own_trade& what) { return feels() && feeling_->feel(what); }

 private:
  market_source* source_;  // null: closed
  feeling_market* feeling_;
  std::optional<source_batch> rest_, ahead_;
};

}  // namespace remora
