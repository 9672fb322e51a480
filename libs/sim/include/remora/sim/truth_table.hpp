#pragma once

#include "remora/market/instrument.hpp"
#include "remora/sim/planted.hpp"

#include <string>
#include <string_view>

namespace remora::sim {

/// The truth as comma-separated text, a row for each large trader.
///
///     what           metaorder, sweep, iceberg, wall, spoof: planted; background: an ordinary trader's order that was split into many
///     side           buy or sell: the trader's own
///     from, until    nanoseconds of UTC: of the first and of the last order (from the plan on, for metaorders); of waiting, else
///     first_order,   numbers of aggressor orders, all of the market counted together from 1; of what waits, those between which it waited
///       last_order
///     children       aggressor orders
///     quantity       traded as aggressor; of what waits: its size when it came
///     notional       of that quantity, at the prices of its trades
///     participation  share of all aggressor orders meanwhile: as planned for metaorders, as it came for the background
///     price          of the last trade; of what waits: where
///     over           false: the market ended before it did
inline constexpr std::string_view truth_header =
    "what,side,from,until,first_order,last_order,children,quantity,notional,participation,price,over";

/// One row, without an end of line. Quantities, prices and notional are exact decimals of a linear instrument.
[[nodiscard]] std::string truth_row(const planted& what, const instrument& in, timestamp start);

}  // namespace remora::sim
