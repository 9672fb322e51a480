#pragma once

#include <chrono>
#include <cstdint>

namespace remora {

/// The clock of the market: venue time, or the time of a recording. It cannot be asked for the time; time comes with the input.
struct event_clock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<event_clock, duration>;
  static constexpr bool is_steady = false;
};

/// Nanoseconds since 1970-01-01 UTC.
using timestamp = event_clock::time_point;
using nanoseconds = std::chrono::nanoseconds;
using microseconds = std::chrono::microseconds;
using milliseconds = std::chrono::milliseconds;
using seconds = std::chrono::seconds;

/// Latest representable time: "never".
inline constexpr timestamp never = timestamp::max();

[[nodiscard]] constexpr timestamp timestamp_of(std::int64_t nanoseconds_since_epoch) noexcept {
  return timestamp(nanoseconds(nanoseconds_since_epoch));
}
[[nodiscard]] constexpr std::int64_t count_of(timestamp time) noexcept { return time.time_since_epoch().count(); }

}  // namespace remora
