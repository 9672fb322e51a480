#pragma once

#include "remora/proto/record.hpp"

#include <array>
#include <optional>
#include <variant>

namespace remora::channel {

/// An input for an engine at an instant.
struct input_step {
  proto::record record;
  timestamp now{};
};
/// A timer for an engine at an instant.
struct timer_step {
  timestamp now{};
};
/// Lock-step only: the round is done, report it.
struct round_step {
  std::uint64_t index = 0;
  timestamp until{};
};
using step = std::variant<input_step, timer_step, round_step>;

/// Last position taken of each publisher.
using cursors = std::array<std::uint64_t, publisher_count>;

[[nodiscard]] constexpr std::size_t index_of(publisher who) noexcept { return static_cast<std::size_t>(who); }

}  // namespace remora::channel
