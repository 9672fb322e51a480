#pragma once

#include "remora/market/instrument.hpp"

#include <cstdint>
#include <vector>

/// Cutting a quantity into parts: whole lots, exact sums, inside the venue's filters.
namespace remora::swarm {

/// The sizes an instrument's filters allow for an order at a price.
struct size_limits {
  quantity min, max;
};
[[nodiscard]] size_limits limits_of(const instrument& what, price at);

/// `total` cut in proportion to the weights (positive, at least one): whole lots by largest remainder, ties to the lower index.
/// The sum is exact.
[[nodiscard]] std::vector<std::int64_t> allocate(std::int64_t total, const std::vector<double>& weights);

/// What can be cut into at most `orders` parts inside the limits; `total` is positive.
[[nodiscard]] std::int64_t placeable(std::int64_t total, size_limits limits, std::int64_t orders);

/// How many lots a part should have.
struct part_limits {
  std::int64_t smallest = 1, largest = 1;
};
/// Parts are cut a little above the venue's minimal notional where that is possible: a price that gives way shall not make them too small.
[[nodiscard]] part_limits part_limits_of(const instrument& what, price at, std::int64_t total);

/// Lifts parts that are too small at the cost of the largest ones, lowers those that are too large in favour of the smallest; the sum stays.
void fit(std::vector<std::int64_t>& parts, part_limits limits);

}  // namespace remora::swarm
