#include "remora/sim/long_memory_signs.hpp"

#include <algorithm>
#include <cmath>

namespace remora::sim {
namespace {

constexpr double length_max = 1e6;  // an order of a million parts outlives every run

}  // namespace

long_memory_signs::part long_memory_signs::next_part(philox& draws) noexcept {
  const auto at = static_cast<std::uint32_t>(draws.below(traders_.size()));
  trader& whose = traders_[at];
  const bool first = whose.left == 0;
  if (first) {
    whose.direction = draws.below(2) == 0 ? side::buy : side::sell;
    whose.left = static_cast<std::uint64_t>(std::min(std::pow(draws.uniform(), -1 / alpha_), length_max));
  }
  --whose.left;
  return {whose.direction, at, first, whose.left == 0};
}

}  // namespace remora::sim
