#pragma once

#include "remora/base/time.hpp"

#include <optional>

namespace remora::channel {

/// The market's time between two of its records, live and paced: carried on from the newest at the pace of the run, while GATEWAY is
/// heard. Without it nobody knows the market, so no plan goes on and no deadline passes; when it comes back the clock goes on where it
/// stood.
///
/// `wall` is the time of any monotonic clock, given by the caller.
class market_clock {
 public:
  /// `speed`: market seconds per wall second. `silence`: after so long without a word GATEWAY is taken to be gone.
  market_clock(double speed, nanoseconds silence) noexcept : speed_(speed), silence_(silence) {}

  /// GATEWAY gave a sign of life.
  void heard(nanoseconds wall) noexcept;
  /// A market record of this event time arrived from GATEWAY.
  void seen(timestamp event_time, nanoseconds wall) noexcept { newest_ = anchor{event_time, wall}; }

  /// None before the first market record.
  [[nodiscard]] std::optional<timestamp> now(nanoseconds wall) const noexcept;
  /// Wall time that has to pass until it is `due`, if nothing arrives; none before the first market record.
  [[nodiscard]] std::optional<nanoseconds> until(timestamp due, nanoseconds wall) const noexcept;

 private:
  struct anchor {
    timestamp event_time;
    nanoseconds wall;
  };

  double speed_;
  nanoseconds silence_;
  nanoseconds heard_{};
  std::optional<anchor> newest_;
};

}  // namespace remora::channel
