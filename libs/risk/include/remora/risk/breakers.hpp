#pragma once

#include "remora/market/order_events.hpp"

#include <optional>
#include <string>

namespace remora::risk {

/// Stops new risk for the rest of the UTC day once too much of the equity it began with is lost.
class daily_loss_breaker {
 public:
  /// A new day begins with this equity and a closed breaker; true if the day changed while the breaker held.
  bool roll(timestamp now, amount equity) noexcept;
  /// The news that it trips, once a day.
  [[nodiscard]] std::optional<breaker_tripped> check(amount equity, double max_daily_drawdown);

  [[nodiscard]] bool tripped() const noexcept { return tripped_; }
  [[nodiscard]] amount day_start_equity() const noexcept { return start_; }

  template <class Archive>
  void archive(Archive& a) {
    a(day_, start_, tripped_);
  }

 private:
  std::int64_t day_ = -1;  // since 1970
  amount start_;
  bool tripped_ = false;
};

}  // namespace remora::risk
