#include "remora/sim/truth_table.hpp"

#include "remora/base/assert.hpp"

#include <fmt/format.h>

namespace remora::sim {

std::string truth_row(const planted& what, const instrument& in, timestamp start) {
  REMORA_ASSERT(!in.inverse);
  const auto utc = [&](timestamp time) { return count_of(start + time.time_since_epoch()); };
  const int128 unit = static_cast<int128>(in.tick_size.mantissa) * in.lot_size.mantissa * in.multiplier.mantissa;
  const int scale = in.tick_size.scale + in.lot_size.scale + in.multiplier.scale;
  return fmt::format("{},{},{},{},{},{},{},{},{},{:.4f},{},{}", name_of(what.what), name_of(what.direction), utc(what.from), utc(what.until),
                     what.first_order, what.last_order, what.children, to_text(in, what.size), to_text(what.turnover * unit, scale), what.participation,
                     to_text(in, what.at), what.over);
}

}  // namespace remora::sim
