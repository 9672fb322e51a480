#include "remora/signal/whale_detector.hpp"

#include <algorithm>

namespace remora::signal {

double impact_of(const aggressor_order_seen& order) noexcept {
  if (order.first_price.ticks <= 0) return 0;
  const auto move = static_cast<double>((order.last_price - order.first_price).ticks * sign_of(order.aggressor));
  return move / static_cast<double>(order.first_price.ticks);
}

std::optional<whale_seen> whale_detector::judge(const aggressor_order_seen& order, const whale_settings& settings) {
  const double z = moments_.count() >= settings.min_observations ? moments_.z_of(static_cast<double>(order.size.lots)) : 0;
  learn(order, settings);
  const double impact = impact_of(order);
  const bool has_impact = impact > settings.price_impact_threshold;
  if (z <= settings.volume_threshold || order.notional < settings.min_whale_size || (settings.require_impact && !has_impact)) return std::nullopt;
  constexpr double impact_bonus = 0.1;
  const double confidence = std::clamp(z / 10 + (has_impact ? impact_bonus : 0), 0.0, 1.0);
  const side dominant = signed_sum_ == 0 ? order.aggressor : signed_sum_ > 0 ? side::buy : side::sell;
  return whale_seen{order.instrument, name,       dominant, order.first_price, order.last_price,     order.size,
                    order.notional,   z,          impact,   confidence,        order.first_trade_id, order.venue_time};
}

void whale_detector::learn(const aggressor_order_seen& order, const whale_settings& settings) {
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
