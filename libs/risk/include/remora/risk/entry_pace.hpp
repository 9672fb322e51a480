#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>

namespace remora::risk {

/// How often an instrument was ordered lately, and on which signals: what stops an order that repeats itself.
class entry_pace {
 public:
  /// A parent was born.
  void ordered(timestamp now) {
    while (!parents_.empty() && parents_.front() + window <= now) parents_.pop_front();
    parents_.push_back(now);
  }
  /// It was born of a signal of this side that holds until then.
  void acted(side direction, timestamp valid_until) noexcept {
    timestamp& last = direction == side::buy ? bought_ : sold_;
    last = std::max(last, valid_until);
  }

  /// Parents of the last minute.
  [[nodiscard]] std::uint32_t within_minute(timestamp now) const noexcept {
    return static_cast<std::uint32_t>(std::count_if(parents_.begin(), parents_.end(), [&](timestamp t) { return t + window > now; }));
  }
  /// Signals hold equally long, so one that ends no later than the last that was acted on is that one again, or older.
  [[nodiscard]] bool acted_on(side direction, timestamp valid_until) const noexcept {
    return valid_until <= (direction == side::buy ? bought_ : sold_);
  }

  template <class Archive>
  void archive(Archive& a) {
    a(parents_, bought_, sold_);
  }

 private:
  static constexpr std::chrono::minutes window{1};

  std::deque<timestamp> parents_;
  timestamp bought_{}, sold_{};
};

}  // namespace remora::risk
