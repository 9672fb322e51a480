#include "remora/swarm/plan.hpp"

#include "remora/base/assert.hpp"
#include "remora/base/random.hpp"

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

struct part_limits {
  std::int64_t smallest = 1, largest = unlimited;
};

/// Parts are cut a little above the venue's minimal notional where that is possible: a price that gives way shall not make them too small.
part_limits part_limits_of(const instrument& what, price at, std::int64_t total) {
  const auto [min, max] = limits_of(what, at);
  const std::int64_t ample = lots_worth(what, at, what.notional_min + amount{what.notional_min.nanos / 20});
  const std::int64_t even = total / ((total - 1) / max.lots + 1);  // of the fewest parts
  const std::int64_t smallest = what.notional_min.nanos > 0 && ample <= even ? std::max(min.lots, ample) : min.lots;
  return {std::clamp<std::int64_t>(smallest, 1, max.lots), max.lots};
}

/// What can be cut into at most `orders` parts inside the limits.
std::int64_t placeable(std::int64_t total, size_limits limits, std::int64_t orders) {
  if (limits.max.lots <= unlimited / orders) total = std::min(total, limits.max.lots * orders);
  const std::int64_t full = (total - 1) / limits.max.lots;  // parts of the largest size, and one more
  const bool splits = full == 0 || total / (full + 1) >= limits.min.lots;
  return splits ? total : full * limits.max.lots;
}

std::size_t count_of(std::int64_t total, part_limits limits, philox& random, const swarm_settings& s) {
  const double middle = std::sqrt(static_cast<double>(s.min_orders) * static_cast<double>(s.max_orders));
  const double drawn = middle * (1 + s.randomization_factor * (2 * random.uniform() - 1));
  const std::int64_t wanted = std::clamp<std::int64_t>(std::llround(drawn), s.min_orders, s.max_orders);
  const std::int64_t possible = std::max<std::int64_t>(1, total / limits.smallest);
  const std::int64_t shapely = std::max<std::int64_t>(s.min_orders, possible / 2);  // leaves the sizes room to differ
  const std::int64_t needed = (total - 1) / limits.largest + 1;
  return static_cast<std::size_t>(std::max(needed, std::min({wanted, possible, shapely})));
}

/// Lifts parts that are too small at the cost of the largest ones, lowers those that are too large in favour of the smallest.
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

std::vector<std::int64_t> sizes_of(std::int64_t total, part_limits limits, philox& random, const swarm_settings& s) {
  std::vector<double> weights(count_of(total, limits, random, s));
  for (double& w : weights) w = std::exp(s.sigma * random.normal() - s.sigma * s.sigma / 2);
  auto parts = allocate(total, weights);
  fit(parts, limits);
  return parts;
}

std::vector<nanoseconds> delays_of(std::size_t count, double urgency, philox& random, const swarm_settings& s) {
  std::vector<double> shares(count);
  for (double& share : shares) share = random.uniform();
  std::sort(shares.begin(), shares.end());
  if (urgency >= s.immediate_from) shares.front() = 0;
  const double window = static_cast<double>(nanoseconds(s.time_window).count());
  std::vector<nanoseconds> delays;
  delays.reserve(count);
  for (const double share : shares) delays.emplace_back(std::llround(window * time_of_share(share, urgency)));
  return delays;
}

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
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = 0; i < parts.size(); ++i) lots[i] = static_cast<std::int64_t>(total * parts[i] / sum);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return total * parts[a] % sum > total * parts[b] % sum; });
  std::int64_t missing = total - std::accumulate(lots.begin(), lots.end(), std::int64_t{0});
  for (std::size_t i = 0; missing > 0; ++i, --missing) ++lots[order[i]];
  return lots;
}

double time_of_share(double share, double urgency) noexcept {
  const double kappa = 6 * std::clamp(urgency, 0.0, 1.0);
  if (kappa < 1e-6) return share;
  return std::clamp(1 - std::asinh((1 - share) * std::sinh(kappa)) / kappa, 0.0, 1.0);
}

std::vector<planned_child> plan_of(const plan_request& request, const instrument& what, const swarm_settings& settings) {
  const size_limits limits = limits_of(what, request.reference);
  const std::int64_t total = placeable(request.size.lots, limits, settings.max_orders);
  const bool too_small = total < limits.min.lots || limits.min > limits.max;
  if (total <= 0 || (too_small && !request.reduce_only)) return {};
  philox random(settings.seed, static_cast<std::uint64_t>(request.parent));
  const auto sizes = sizes_of(total, part_limits_of(what, request.reference, total), random, settings);
  const auto delays = delays_of(sizes.size(), request.urgency, random, settings);
  const time_in_force force = request.urgency < settings.passive_below ? time_in_force::post_only : time_in_force::ioc;
  std::vector<planned_child> plan;
  plan.reserve(sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) plan.push_back({{sizes[i]}, delays[i], force});
  return plan;
}

}  // namespace remora::swarm
