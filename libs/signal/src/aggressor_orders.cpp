#include "remora/signal/aggressor_orders.hpp"

#include "remora/signal/size_limit.hpp"

#include <utility>

namespace remora::signal {

bool aggressor_orders::belongs(const trade_seen& print) const noexcept {
  if (print.aggressor != open_->seen.aggressor || !is_size(open_->seen.size + print.size)) return false;
  if (print.venue_time == last_venue_time_) return true;
  const std::int64_t move = (print.at - open_->seen.last_price).ticks * sign_of(print.aggressor);
  return print.venue_time > last_venue_time_ && print.venue_time - last_venue_time_ <= gap_max && move >= 0;
}

std::optional<aggressor_orders::order> aggressor_orders::close() { return std::exchange(open_, std::nullopt); }

std::optional<aggressor_orders::order> aggressor_orders::add(const trade_seen& print, const instrument& what, const context& ctx) {
  std::optional<order> complete;
  if (open_ && !belongs(print)) complete = close();
  if (!open_) {
    open_.emplace();
    open_->seen = {print.instrument, print.aggressor, print.at, print.at, {}, {}, 0, print.trade_id, print.trade_id, print.venue_time};
  }
  aggressor_order_seen& seen = open_->seen;
  seen.last_price = print.at;
  seen.size += print.size;
  seen.notional += notional_of(what, print.at, print.size).value_or(amount{});
  ++seen.prints;
  seen.last_trade_id = print.trade_id;
  open_->from = ctx.from;
  last_ = ctx.now;
  last_venue_time_ = print.venue_time;
  return complete;
}

std::optional<aggressor_orders::order> aggressor_orders::expire(timestamp now) {
  if (!open_ || now < last_ + timeout) return std::nullopt;
  return close();
}

std::optional<timestamp> aggressor_orders::deadline() const noexcept { return open_ ? std::optional(last_ + timeout) : std::nullopt; }

}  // namespace remora::signal
