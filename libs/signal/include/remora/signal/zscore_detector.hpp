#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/signal/settings.hpp"
#include "remora/stats/rolling_moments.hpp"

#include <deque>
#include <optional>

namespace remora::signal {

/// The blueprint's rule for one instrument: an order's volume more than `volume_threshold` deviations above the mean of the last
/// `lookback_period` orders (itself excluded) and its notional at least `min_whale_size`. Confidence is z / 10, and a tenth more if the order
/// moved the price by more than `price_impact_threshold`; within [0, 1].
class whale_detector {
 public:
  static constexpr const char* name = "zscore-baseline";

  whale_detector() = default;
  explicit whale_detector(const whale_settings& settings) : moments_(settings.lookback_period) {}

  /// Scores the order against what was seen before, then learns it.
  [[nodiscard]] std::optional<whale_seen> judge(const aggressor_order_seen& order, const whale_settings& settings);

  template <class Archive>
  void archive(Archive& a) {
    a(moments_, signed_lots_, signed_sum_);
  }

 private:
  void learn(const aggressor_order_seen& order, const whale_settings& settings);

  stats::rolling_moments moments_{100};
  std::deque<std::int64_t> signed_lots_;  // of the same orders, buys positive
  std::int64_t signed_sum_ = 0;
};

/// Relative price move of an order in its own direction.
[[nodiscard]] double impact_of(const aggressor_order_seen& order) noexcept;

}  // namespace remora::signal
