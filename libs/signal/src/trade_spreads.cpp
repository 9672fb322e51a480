#include "remora/signal/trade_spreads.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

namespace remora::signal {

trade_spreads::trade_spreads(const trade_spreads_settings& settings)
    : horizon_(settings.horizon),
      pending_max_(settings.pending_max),
      trades_min_(settings.trades_min),
      effective_(stats::ewma::with_half_life(settings.half_life)),
      realised_(effective_),
      impact_(effective_) {
  REMORA_ASSERT(horizon_.count() > 0 && pending_max_ > 0 && trades_min_ > 0);
}

bool trade_spreads::add_mid(double mid, timestamp time) {
  if (!(mid > 0) || !stats::is_sample(mid) || time < last_time_) return false;
  settle(time);
  mid_ = mid;
  return true;
}

bool trade_spreads::add_trade(price at, side aggressor, timestamp time) {
  if (at.ticks <= 0 || !mid_ || time < last_time_) return false;
  settle(time);
  const double sign = sign_of(aggressor);
  const double paid = sign * (static_cast<double>(at.ticks) - *mid_) / *mid_;
  effective_.push(paid);
  if (pending_.size() < pending_max_)
    pending_.push_back({time + horizon_, paid, *mid_, sign});
  else
    ++dropped_;
  return true;
}

/// Trades due before now are measured by the mid in force until now.
void trade_spreads::settle(timestamp now) {
  last_time_ = now;
  for (; !pending_.empty() && pending_.front().due < now; pending_.pop_front()) {
    const waiting& trade = pending_.front();
    const double moved = trade.sign * (*mid_ - trade.mid) / trade.mid;
    impact_.push(moved);
    realised_.push(trade.paid - moved);
  }
}

void trade_spreads::restart() noexcept {
  pending_.clear();
  mid_.reset();
}

}  // namespace remora::signal
