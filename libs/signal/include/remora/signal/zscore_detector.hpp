#pragma once

#include "remora/base/ring.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/signal/settings.hpp"
#include "remora/stats/rolling_moments.hpp"


namespace remora::signal {

/// What the blueprint's rule says of an order.
struct zscore_verdict {
  double z = 0;                ///< size in deviations above the mean of the last orders, itself excluded; 0 before `min_observations`
  double confidence = 0;       ///< z / 10, and a tenth more with impact; in [0, 1]
  side dominant = side::buy;   ///< of the net volume of the lookback, the order included
  bool alarm = false;          ///< z exceeds `volume_threshold`
};

/// The blueprint's rule for one instrument: an order's volume more than `volume_threshold` deviations above the mean of the last
/// `lookback_period` orders. On real sizes, which have no variance, it fires on the largest fiftieth of orders: it is the warm-up path and
/// what better detectors are compared with. O(1) an order.
class zscore_detector {
 public:
  static constexpr const char* name = "zscore-baseline";

  explicit zscore_detector(const whale_settings& settings = {}) : moments_(settings.lookback_period) {}

  /// Scores the order against what was seen before, then learns it.
  zscore_verdict judge(const aggressor_order_seen& order, bool has_impact, const whale_settings& settings);

  template <class Archive>
  void archive(Archive& a) {
    a(moments_, signed_lots_, signed_sum_);
  }

 private:
  void learn(const aggressor_order_seen& order, const whale_settings& settings);

  stats::rolling_moments moments_;
  ring<std::int64_t> signed_lots_;  // of the same orders, buys positive
  std::int64_t signed_sum_ = 0;
};

}  // namespace remora::signal
