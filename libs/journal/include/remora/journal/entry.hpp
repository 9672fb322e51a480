#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace remora::journal {

/// A record as it stands in a journal. `body` points into the reader's buffer and holds during the visit only.
struct entry {
  std::uint64_t position = 0;
  std::uint64_t epoch = 0;
  std::uint16_t kind = 0;        ///< code of the message, so that a reader can pass over what it does not want
  bool checkpoint = false;
  std::int64_t event_time = 0;   ///< ns
  std::string_view body;
};

/// Largest body of a record.
inline constexpr std::size_t body_bytes_max = 16U << 20U;

}  // namespace remora::journal
