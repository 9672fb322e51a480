#pragma once

#include "remora/market/order_events.hpp"
#include "remora/swarm/cut.hpp"
#include "remora/swarm/settings.hpp"
#include "remora/swarm/volume_profile.hpp"

#include <cstdint>
#include <vector>

namespace remora::swarm {

/// What a planner cuts up.
struct plan_request {
  parent_id parent = parent_id::none;  ///< with the seed, the key of all its randomness
  quantity size;
  double urgency = 0.5;
  price reference;
  bool reduce_only = false;            ///< may go as one child even below the venue's minimum, so that a rest can be closed
  timestamp start{};                   ///< when the window begins; for vwap
  const volume_profile* profile = nullptr;  ///< for vwap; none is a flat one
  std::uint32_t sent = 0;              ///< children that left already; those of the plan are numbered behind them
};

/// One child: how much, how long after the parent, and in which style.
struct planned_child {
  quantity size;
  nanoseconds delay{0};
  time_in_force force = time_in_force::ioc;
  quantity after;                      ///< not before others have traded so much; then `delay` says nothing

  friend bool operator==(const planned_child&, const planned_child&) = default;
};

/// Almgren and Chriss's schedule with kappa * T = 6 * urgency, as shares and times in [0, 1]: sinh(κ(1 - t)) / sinh(κ) is left at t.
class schedule_curve {
 public:
  explicit schedule_curve(double urgency) noexcept;
  [[nodiscard]] double share_left(double time) const noexcept;
  /// When a share is done.
  [[nodiscard]] double time_of(double share_done) const noexcept;

 private:
  double kappa_, sinh_;
};

/// Children in the order of their delays (of pov: of the volume they wait for), cut by the planner of that kind:
///
/// - swarm: sizes are log-normal, delays Dirichlet(1) gaps over the time window, pulled to its front by urgency along the curve.
/// - almgren_chriss: equal slots, the first at once, sizes by the curve.
/// - twap: equal slots, equal sizes. A clock that everybody sees: for comparison.
/// - vwap: equal slots, sizes by the expected volume in the middle of each.
/// - pov: sizes as swarm's; a child leaves when others have traded (1 - p)/p of all up to and with it, p = `participation`.
///
/// Sizes sum exactly to the request's, less only what max_orders orders inside the venue's limits cannot place. Between min_orders and
/// max_orders children, fewer where the venue's minima do not allow as many; none if even one would be too small. Depends on its arguments
/// only; the random draws of a child on seed, parent and the child's number.
[[nodiscard]] std::vector<planned_child> plan_of(planner kind, const plan_request& request, const instrument& what, const swarm_settings& settings);

}  // namespace remora::swarm
