#include "remora/swarm/cut.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace remora::swarm {
namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

/// Weights as integers, so that the cut is exact arithmetic; 2^32 stands for the mean weight of 1.
std::vector<int128> integers(const std::vector<double>& weights) {
  std::vector<int128> result;
  result.reserve(weights.size());
  for (const double w : weights) result.push_back(std::max<int128>(1, static_cast<int128>(std::llround(std::min(w, 1e6) * 4294967296.0))));
  return result;
}

/// Smallest quantity worth at least `value`.
std::int64_t lots_worth(const instrument& what, price at, amount value) {
  const quantity below = quantity_for(what, at, value);
  const auto notional = notional_of(what, at, below);
  return !notional || *notional >= value ? below.lots : below.lots + 1;
}

/// What a part lost by rounding down.
struct remainder {
  int128 lost = 0;
  std::size_t index = 0;
};

}  // namespace

size_limits limits_of(const instrument& what, price at) {
  std::int64_t smallest = std::max<std::int64_t>(1, what.quantity_min.lots);
  if (what.notional_min.nanos > 0) smallest = std::max(smallest, lots_worth(what, at, what.notional_min));
  return {{smallest}, {what.quantity_max.lots > 0 ? what.quantity_max.lots : unlimited}};
}

std::vector<std::int64_t> allocate(std::int64_t total, const std::vector<double>& weights) {
  REMORA_ASSERT(total >= 0 && !weights.empty());
  const auto parts = integers(weights);
  const int128 sum = std::accumulate(parts.begin(), parts.end(), int128{0});
  std::vector<std::int64_t> lots(parts.size());
  std::vector<remainder> remainders(parts.size());
  std::int64_t missing = total;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const int128 share = total * parts[i];
    const int128 whole = share / sum;
    lots[i] = static_cast<std::int64_t>(whole);
    remainders[i] = {share - whole * sum, i};
    missing -= lots[i];
  }
  std::partial_sort(remainders.begin(), remainders.begin() + missing, remainders.end(), [](const remainder& a, const remainder& b) {
    return a.lost != b.lost ? a.lost > b.lost : a.index < b.index;
  });
  for (std::int64_t i = 0; i < missing; ++i) ++lots[remainders[static_cast<std::size_t>(i)].index];
  return lots;
}

std::int64_t placeable(std::int64_t total, size_limits limits, std::int64_t orders) {
  if (limits.max.lots <= unlimited / orders) total = std::min(total, limits.max.lots * orders);
  const std::int64_t full = (total - 1) / limits.max.lots;  // parts of the largest size, and one more
  const bool splits = full == 0 || total / (full + 1) >= limits.min.lots;
  return splits ? total : full * limits.max.lots;
}

part_limits part_limits_of(const instrument& what, price at, std::int64_t total) {
  const auto [min, max] = limits_of(what, at);
  const std::int64_t ample = lots_worth(what, at, what.notional_min + amount{what.notional_min.nanos / 20});
  const std::int64_t even = total / ((total - 1) / max.lots + 1);  // of the fewest parts
  const std::int64_t smallest = what.notional_min.nanos > 0 && ample <= even ? std::max(min.lots, ample) : min.lots;
  return {std::clamp<std::int64_t>(smallest, 1, max.lots), max.lots};
}

void fit(std::vector<std::int64_t>& parts, part_limits limits) {
  for (auto& part : parts) {
    while (part < limits.smallest) {
      auto& largest = *std::max_element(parts.begin(), parts.end());
      const std::int64_t moved = std::min(limits.smallest - part, largest - limits.smallest);
      if (moved <= 0) break;
      part += moved;
      largest -= moved;
    }
  }
  for (auto& part : parts) {
    while (part > limits.largest) {
      auto& smallest = *std::min_element(parts.begin(), parts.end());
      const std::int64_t moved = std::min(part - limits.largest, limits.largest - smallest);
      if (moved <= 0) break;
      part -= moved;
      smallest += moved;
    }
  }
}

}  // namespace remora::swarm
