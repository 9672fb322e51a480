#include "remora/channel/market_clock.hpp"

#include <algorithm>

namespace remora::channel {
namespace {

constexpr double speed_min = 1e-3;  // so that a wait always has an end

nanoseconds scaled(nanoseconds span, double factor) noexcept {
  constexpr double most = 9e18;  // what a count can hold
  return nanoseconds(static_cast<std::int64_t>(std::clamp(static_cast<double>(span.count()) * factor, -most, most)));
}

}  // namespace

void market_clock::heard(nanoseconds wall) noexcept {
  if (newest_ && wall - heard_ > silence_) newest_ = anchor{*now(wall), wall};  // what it was silent for did not happen
  heard_ = wall;
}

std::optional<timestamp> market_clock::now(nanoseconds wall) const noexcept {
  if (!newest_) return std::nullopt;
  const nanoseconds known_until = std::max(newest_->wall, std::min(wall, heard_ + silence_));
  return newest_->event_time + scaled(known_until - newest_->wall, speed_);
}

std::optional<nanoseconds> market_clock::until(timestamp due, nanoseconds wall) const noexcept {
  const auto time = now(wall);
  if (!time) return std::nullopt;
  return std::max(nanoseconds::zero(), scaled(due - *time, 1 / std::max(speed_, speed_min)));
}

}  // namespace remora::channel
