#pragma once

#include "remora/market/decoded.hpp"
#include "remora/sim/flow_market.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::sim {

struct tape_settings {
  instrument_id instrument{1};
  timestamp start{};                ///< when the market's clock stands at 0
  nanoseconds depth_interval = std::chrono::milliseconds(100);  ///< differences of the book are gathered that long; 0 = one for each event
};

/// A message and when the venue sent it.
struct taped {
  timestamp sent;
  decoded_message what;
};

/// What a venue would publish of a flow_market: the book it begins with, then every print, a quote at every change of the touch, and
/// differences of the book that chain without a hole (`U` follows the `u` before it; each event of the book has an id). The trades of an
/// event come before its quote. A venue without delay: times are those of the market.
class flow_tape {
 public:
  /// Follows the market from here on; the market must outlive it, and nobody else may lead it on.
  flow_tape(flow_market& market, const tape_settings& settings);

  /// The whole book, up to what was published last.
  [[nodiscard]] taped snapshot() const;
  /// What was sent up to and with the market's next instant, in order; may be nothing. Valid until the next call.
  [[nodiscard]] const std::vector<taped>& next();
  /// The difference that still waits for its interval to end, if there is one.
  [[nodiscard]] std::optional<taped> rest();

  [[nodiscard]] std::uint64_t trades() const noexcept { return trade_id_; }

 private:
  struct touch {
    std::optional<level> bid, ask;

    friend bool operator==(const touch&, const touch&) = default;
  };

  [[nodiscard]] timestamp time() const noexcept;
  [[nodiscard]] touch best() const noexcept { return {market_->book().best(side::buy), market_->book().best(side::sell)}; }
  void print(const exchange::book_events& events, timestamp now);
  void change(const exchange::book_events& events, timestamp now);
  void quote(timestamp now);
  void send_update(timestamp sent);

  flow_market* market_;
  tape_settings settings_;
  timestamp depth_due_;
  std::uint64_t trade_id_ = 0;
  std::uint64_t update_id_ = 1;  // of the last event of the book; the book it began with is 1
  depth_update pending_;
  touch quoted_;
  std::vector<taped> out_;
};

}  // namespace remora::sim
