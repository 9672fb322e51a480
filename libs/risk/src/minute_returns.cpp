#include "remora/risk/minute_returns.hpp"

#include "remora/stats/rolling_correlation.hpp"

#include <algorithm>

namespace remora::risk {

void minute_returns::push(const bar_closed& bar, std::size_t window) {
  const bool follows = last_close_.ticks > 0 && bar.open_time == last_minute_ + std::chrono::minutes(1);
  if (follows) samples_.push_back({bar.open_time, static_cast<double>(bar.close.ticks) / static_cast<double>(last_close_.ticks) - 1});
  if (samples_.size() > window) samples_.pop_front();
  last_minute_ = bar.open_time;
  last_close_ = bar.close;
}

common_movement movement_of(const minute_returns& x, const minute_returns& y, std::size_t observations_min) {
  stats::rolling_correlation both(std::max<std::size_t>(2, std::min(x.samples().size(), y.samples().size())));
  auto other = y.samples().begin();
  for (const auto& mine : x.samples()) {
    while (other != y.samples().end() && other->minute < mine.minute) ++other;
    if (other != y.samples().end() && other->minute == mine.minute) both.push({mine.value, other->value});
  }
  if (both.count() < observations_min) return {both.count(), std::nullopt};
  return {both.count(), both.value()};
}

}  // namespace remora::risk
