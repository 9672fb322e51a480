#include "remora/sim/long_memory_signs.hpp"

#include <algorithm>
#include <cmath>

namespace remora::sim {
namespace {

constexpr double length_max = 1e6;  // an order of a million parts outlives every run

}  // namespace

side long_memory_signs::next(philox& draws) noexcept {
  trader& whose = traders_[draws.below(traders_.size())];
  if (whose.left == 0) {
    whose.direction = draws.below(2) == 0 ? side::buy : side::sell;
    whose.left = static_cast<std::uint64_t>(std::min(std::pow(draws.uniform(), -1 / alpha_), length_max));
  }
  --whose.left;
  return whose.direction;
}

}  // namespace remora::sim
