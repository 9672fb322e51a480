#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace remora {

/// Who writes a journal. The order of the values is the order in which inputs of one instant are taken.
enum class publisher : std::uint8_t { none = 0, gateway = 1, signal = 2, risk = 3, execution = 4, exchange = 5, recorder = 6, monitor = 7 };

inline constexpr std::size_t publisher_count = 8;

/// "gateway", "signal", …
[[nodiscard]] constexpr std::string_view name_of(publisher who) noexcept {
  constexpr std::string_view names[publisher_count] = {"none", "gateway", "signal", "risk", "execution", "exchange", "recorder", "monitor"};
  return static_cast<std::size_t>(who) < publisher_count ? names[static_cast<std::size_t>(who)] : "unknown";
}

/// Where a record stands: positions of one publisher are contiguous from 1 over its whole life; the epoch grows at each start.
struct place {
  publisher who = publisher::none;
  std::uint64_t epoch = 0;
  std::uint64_t position = 0;

  [[nodiscard]] constexpr bool none() const noexcept { return who == publisher::none; }
  friend constexpr auto operator<=>(const place&, const place&) = default;
};

/// Where a decision comes from: the market record that led to it and the monotonic time at which that record was received.
/// `ingest_time` (ns, 0 = not measured) is for latency only and takes part in no decision and no comparison.
struct origin {
  place cause;
  std::int64_t ingest_time = 0;
};

}  // namespace remora
