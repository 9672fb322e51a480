#include "remora/signal/zscore_detector.hpp"

#include <algorithm>

namespace remora::signal {

zscore_verdict zscore_detector::judge(const aggressor_order_seen& order, bool has_impact, const whale_settings& settings) {
  zscore_verdict verdict;
  if (moments_.count() >= settings.min_observations) verdict.z = moments_.z_of(static_cast<double>(order.size.lots));
  learn(order, settings);
  constexpr double impact_bonus = 0.1;
  verdict.confidence = std::clamp(verdict.z / 10 + (has_impact ? impact_bonus : 0), 0.0, 1.0);
  verdict.dominant = signed_sum_ == 0 ? order.aggressor : signed_sum_ > 0 ? side::buy : side::sell;
  verdict.alarm = verdict.z > settings.volume_threshold;
  return verdict;
}

void zscore_detector::learn(const aggressor_order_seen& order, const whale_settings& settings) {
  moments_.push(static_cast<double>(order.size.lots));
  const std::int64_t lots = order.size.lots * sign_of(order.aggressor);
  signed_lots_.push_back(lots);
  signed_sum_ += lots;
  if (signed_lots_.size() > settings.lookback_period) {
    signed_sum_ -= signed_lots_.front();
    signed_lots_.pop_front();
  }
}

}  // namespace remora::signal
