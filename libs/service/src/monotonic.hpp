#pragma once

#include "remora/base/time.hpp"

#include <chrono>

namespace remora::service {

/// Wall time that never goes back.
[[nodiscard]] inline nanoseconds monotonic() noexcept {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace remora::service
