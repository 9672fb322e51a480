#pragma once

#include "remora/market/order_events.hpp"
#include "remora/market/risk_events.hpp"
#include "remora/risk/settings.hpp"
#include "remora/risk/value_at_risk.hpp"

#include <deque>
#include <optional>
#include <string>
#include <utility>

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

/// Measures equity against its peak: a fall makes entries smaller, a deeper one leaves everything until an operator resumes.
class drawdown_breaker {
 public:
  explicit drawdown_breaker(amount starting_balance = {}) : peak_(starting_balance) {}

  /// The cause that holds at this equity; none = the fall is small.
  [[nodiscard]] std::optional<risk_cause> check(amount equity, const state_settings& settings);
  /// An operator accepted the fall: it is measured from this equity on.
  void restart(amount equity) noexcept { peak_ = equity; }

  template <class Archive>
  void archive(Archive& a) {
    a(peak_);
  }

 private:
  amount peak_;
};

/// The share of child orders that the venue refused, of the last ones that ended. It goes down as refusals are forgotten, so a pause ends.
class rejection_gauge {
 public:
  void ended(bool rejected, timestamp now, const state_settings& settings);
  /// The cause that holds now; none = few refusals, or too few orders to say.
  [[nodiscard]] std::optional<risk_cause> check(timestamp now, const state_settings& settings);

  template <class Archive>
  void archive(Archive& a) {
    a(orders_, rejected_);
  }

 private:
  void forget_first();

  std::deque<std::pair<timestamp, bool>> orders_;
  std::uint32_t rejected_ = 0;
};

/// The cause that follows from the gravest of the measured losses; one that is no number is too large.
[[nodiscard]] std::optional<risk_cause> loss_at_risk(const tail_loss& gravest, const state_settings& settings);

}  // namespace remora::risk
