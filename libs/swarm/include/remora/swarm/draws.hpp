#pragma once

#include "remora/base/random.hpp"
#include "remora/market/order_events.hpp"

namespace remora::swarm {

/// What a number is drawn for; each use has numbers of its own.
enum class draw : std::uint8_t { count = 0, size = 1, time = 2, retry = 3 };

/// Whose numbers: a child's, or with child 0 its parent's. At most 16,383 children.
struct draw_key {
  std::uint64_t seed = 0;
  parent_id parent = parent_id::none;
  std::uint32_t child = 0;
};

/// The numbers of one use of one child. They are counted and not drawn in turn, so what a child draws does not depend on how many there are
/// before it, nor on what was drawn for them.
[[nodiscard]] inline philox draws_of(const draw_key& key, draw use) noexcept {
  const std::uint64_t child = std::uint64_t{key.child} << 2 | static_cast<std::uint64_t>(use);
  return philox(key.seed, static_cast<std::uint64_t>(key.parent) << 16 | child);
}

}  // namespace remora::swarm
