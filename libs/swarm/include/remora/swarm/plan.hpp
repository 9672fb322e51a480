#pragma once

#include "remora/market/order_events.hpp"
#include "remora/swarm/settings.hpp"

#include <cstdint>
#include <vector>

namespace remora::swarm {

/// What the planner cuts up.
struct plan_request {
  parent_id parent = parent_id::none;  ///< with the seed, the key of all its randomness
  quantity size;
  double urgency = 0.5;
  price reference;
  bool reduce_only = false;            ///< may go as one child even below the venue's minimum, so that a rest can be closed
};

/// One child: how much, how long after the parent, and in which style.
struct planned_child {
  quantity size;
  nanoseconds delay{0};
  time_in_force force = time_in_force::ioc;

  friend bool operator==(const planned_child&, const planned_child&) = default;
};

/// The sizes an instrument's filters allow for an order at a price.
struct size_limits {
  quantity min, max;
};
[[nodiscard]] size_limits limits_of(const instrument& what, price at);

/// `total` cut in proportion to the weights (positive, at least one): whole lots by largest remainder, ties to the lower index.
/// The sum is exact.
[[nodiscard]] std::vector<std::int64_t> allocate(std::int64_t total, const std::vector<double>& weights);

/// Inverse of the share done at a time in Almgren and Chriss's schedule with kappa * T = 6 * urgency: share in [0, 1] → time in [0, 1].
[[nodiscard]] double time_of_share(double share, double urgency) noexcept;

/// Children in the order of their delays. Sizes are log-normal and sum exactly to the request's (less only what max_orders
/// orders inside the venue's limits cannot place); delays are order statistics of uniforms over the time window, pulled to its front by urgency. Between min_orders
/// and max_orders children, fewer where the venue's minima do not allow as many; none if even one would be too small. Depends on its
/// arguments only.
[[nodiscard]] std::vector<planned_child> plan_of(const plan_request& request, const instrument& what, const swarm_settings& settings);

}  // namespace remora::swarm
