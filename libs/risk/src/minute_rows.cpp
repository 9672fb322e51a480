#include "remora/risk/minute_rows.hpp"

#include <utility>

namespace remora::risk {

std::optional<minute_row> minute_rows::push(const bar_closed& bar) {
  constexpr std::chrono::minutes period(1);
  if (bar.period != period || bar.close.ticks <= 0) return std::nullopt;
  auto complete = close_before(bar.open_time);
  last_bar& last = last_[bar.instrument];
  const bool follows = last.ticks > 0 && bar.open_time == last.minute + period;
  if (follows && bar.open_time >= minute_) {
    minute_ = bar.open_time;
    at_work_[bar.instrument] = static_cast<double>(bar.close.ticks) / static_cast<double>(last.ticks) - 1;
  }
  last = {bar.open_time, bar.close.ticks};
  return complete;
}

std::optional<minute_row> minute_rows::close_before(timestamp minute) {
  if (minute <= minute_ || at_work_.empty()) return std::nullopt;
  minute_row row{minute_, {}};
  for (const auto& [instrument, value] : std::exchange(at_work_, {})) row.returns.push_back({instrument, value});
  minute_ = minute;  // nothing more is taken of the minutes before
  return row;
}

}  // namespace remora::risk
