#include "remora/risk/breakers.hpp"

#include "remora/base/text.hpp"
#include "remora/risk/sizing.hpp"

#include <fmt/format.h>
#include <utility>

namespace remora::risk {

bool daily_loss_breaker::roll(timestamp now, amount equity) noexcept {
  const std::int64_t day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  if (day == day_) return false;
  day_ = day;
  start_ = equity;
  return std::exchange(tripped_, false);
}

std::optional<breaker_tripped> daily_loss_breaker::check(amount equity, double max_daily_drawdown) {
  const amount loss = start_ - equity;
  const amount limit = share_of(start_, max_daily_drawdown);
  if (tripped_ || (loss < limit && equity.nanos > 0)) return std::nullopt;
  tripped_ = true;
  return breaker_tripped{"daily_loss",
                         fmt::format("{} were lost since the start of the day and the limit is {}; no new risk until the next UTC day.",
                                     grouped(to_double(loss), 2), grouped(to_double(limit), 2)),
                         {{"loss", to_double(loss)}, {"limit", to_double(limit)}, {"day_start_equity", to_double(start_)}}};
}

}  // namespace remora::risk
