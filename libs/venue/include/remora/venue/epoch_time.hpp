#pragma once

#include "remora/base/error.hpp"
#include "remora/base/time.hpp"

#include <cstdint>

namespace remora {

/// A count since 1970 of seconds, milliseconds, microseconds or nanoseconds, told apart by magnitude. Only 2000 to 2100 is accepted;
/// in that span the four do not overlap. Error: out_of_range.
[[nodiscard]] expected<timestamp> timestamp_of_count(std::uint64_t count);

}  // namespace remora
