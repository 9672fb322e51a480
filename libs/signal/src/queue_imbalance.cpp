#include "remora/signal/queue_imbalance.hpp"

namespace remora::signal {

std::optional<double> queue_imbalance(quantity bid, quantity ask) noexcept {
  const auto bids = static_cast<double>(bid.lots);
  const auto asks = static_cast<double>(ask.lots);
  if (bid.lots < 0 || ask.lots < 0 || !(bids + asks > 0)) return std::nullopt;
  return (bids - asks) / (bids + asks);
}

std::optional<double> mid_price(const level& bid, const level& ask) noexcept {
  if (bid.at.ticks <= 0 || bid.at >= ask.at) return std::nullopt;
  return 0.5 * (static_cast<double>(bid.at.ticks) + static_cast<double>(ask.at.ticks));
}

std::optional<double> weighted_mid(const level& bid, const level& ask) noexcept {
  const auto mid = mid_price(bid, ask);
  const auto imbalance = queue_imbalance(bid.size, ask.size);
  if (!mid || !imbalance) return std::nullopt;
  return *mid + 0.5 * *imbalance * (static_cast<double>(ask.at.ticks) - static_cast<double>(bid.at.ticks));
}

}  // namespace remora::signal
