#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"
#include "remora/market/types.hpp"

#include <cstdint>
#include <string_view>

namespace remora::sim {

/// All but `background` are planted; that is an ordinary trader's order, split into many by chance.
enum class plant : std::uint8_t { metaorder = 1, sweep = 2, iceberg = 3, wall = 4, spoof = 5, background = 6 };

[[nodiscard]] constexpr std::string_view name_of(plant p) noexcept {
  constexpr std::string_view names[] = {"none", "metaorder", "sweep", "iceberg", "wall", "spoof", "background"};
  return name_at(names, p);
}

/// The truth about one large trader, which a detector can be held against. Orders are counted from 1, all aggressor orders of the market
/// together.
struct planted {
  plant what = plant::metaorder;
  side direction = side::buy;  ///< of the trader's own orders; a spoof wants the other one
  timestamp from{}, until{};
  std::uint64_t first_order = 0, last_order = 0;
  quantity size;               ///< traded as aggressor; waiting, for icebergs, walls and spoofs
  int128 turnover = 0;         ///< of `size`: sum of ticks × lots
  std::uint32_t children = 0;
  double participation = 0;    ///< of the orders while it lasts: as set for planted metaorders, as it came for those of the background
  price at;                    ///< where it waits; last trade otherwise
  bool over = false;           ///< no order of it will follow, and nothing of it waits
};

}  // namespace remora::sim
