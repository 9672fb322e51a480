#pragma once

#include "remora/base/time.hpp"

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace remora {

namespace swarm {

/// Who cuts a parent into children; plan.hpp says how.
enum class planner : std::uint8_t { swarm = 1, almgren_chriss = 2, twap = 3, vwap = 4, pov = 5 };
[[nodiscard]] constexpr std::string_view name_of(planner p) noexcept {
  constexpr std::string_view names[] = {"none", "swarm", "almgren_chriss", "twap", "vwap", "pov"};
  const auto at = static_cast<std::size_t>(p);
  return at < std::size(names) ? names[at] : "unknown";
}

}  // namespace swarm

/// How parents are cut into children and worked. The defaults are the blueprint's.
struct swarm_settings {
  std::uint64_t seed = 1;
  std::string journal_id = "0";         ///< 1 to 12 characters of base32, minted once per journal; part of every client order id
  std::uint32_t min_orders = 10;
  std::uint32_t max_orders = 100;       ///< children of one parent, re-planned ones included
  milliseconds time_window{5000};       ///< first plans spread over it
  double sigma = 0.5;                   ///< of the log-normal sizes
  double randomization_factor = 0.3;    ///< relative spread of the number of children around sqrt(min_orders * max_orders)
  double immediate_from = 0.5;          ///< urgency from which the first child goes at once
  double passive_below = 0.3;           ///< urgency below which children are post-only
  std::int64_t cross_ticks = 2;         ///< an IOC child's limit lies this far beyond the touch
  milliseconds order_validity{2000};    ///< the venue refuses a child that reaches it later
  milliseconds passive_age{1500};       ///< a post-only child is cancelled at this age
  milliseconds retry_gap{100};          ///< a child that may not go now, and a re-planned one, is tried about so much later
  milliseconds doubt_after{2000};       ///< silence for so long after its validity puts a child in doubt
  milliseconds lost_after{45'000};      ///< only then may an account that does not know it prove that it never came: venues match late
  bool cancel_on_stop = true;           ///< an orderly stop of the service cancels its working orders and sends no more
  std::uint32_t max_rejections = 10;    ///< of one parent; then it is given up
  swarm::planner planner = swarm::planner::swarm;
  double participation = 0.1;           ///< of pov: our share of the volume while we trade; in (0, 0.1]
  microseconds latency{5000};           ///< assumed from sending an order to its arrival at the venue
};

}  // namespace remora
