#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"

#include <cstdint>
#include <string_view>

namespace remora::sim {

enum class plant : std::uint8_t { metaorder = 1, sweep = 2, iceberg = 3, wall = 4, spoof = 5 };

[[nodiscard]] constexpr std::string_view name_of(plant p) noexcept {
  constexpr std::string_view names[] = {"none", "metaorder", "sweep", "iceberg", "wall", "spoof"};
  return name_at(names, p);
}

/// The truth about one planted large trader, which a detector can be held against. Orders are counted from 1, all aggressor orders of the
/// market together.
struct planted {
  plant what = plant::metaorder;
  side direction = side::buy;  ///< of the trader's own orders; a spoof wants the other one
  timestamp from{}, until{};
  std::uint64_t first_order = 0, last_order = 0;
  quantity size;               ///< traded as aggressor; waiting, for icebergs, walls and spoofs
  std::uint32_t children = 0;
  double participation = 0;    ///< of the orders while it lasts; metaorders only
  price at;                    ///< where it waits; last trade otherwise
};

}  // namespace remora::sim
