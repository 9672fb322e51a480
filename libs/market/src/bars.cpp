#include "remora/market/bars.hpp"

#include <algorithm>
#include <limits>

namespace remora {
namespace {

// A bar must survive any size a venue may write, so sums stop at the largest quantity.
void add_saturated(quantity& sum, quantity more) noexcept {
  if (__builtin_add_overflow(sum.lots, more.lots, &sum.lots)) sum.lots = std::numeric_limits<std::int64_t>::max();
}

}  // namespace

void bar_builder::add(const trade_seen& trade, timestamp now, std::vector<bar_closed>& out) {
  close_until(now, out);
  if (!open_bar_) open_bar_ = empty_bar(period_start(now), trade.at);
  bar_closed& bar = *open_bar_;
  if (bar.trades == 0) bar.open = bar.high = bar.low = trade.at;
  bar.high = std::max(bar.high, trade.at);
  bar.low = std::min(bar.low, trade.at);
  bar.close = trade.at;
  add_saturated(bar.volume, trade.size);
  if (trade.aggressor == side::buy) add_saturated(bar.buy_volume, trade.size);
  ++bar.trades;
}

void bar_builder::close_until(timestamp now, std::vector<bar_closed>& out) {
  int empty_bars = 0;
  while (open_bar_ && next_close() <= std::min(now, never - period_)) {
    out.push_back(*open_bar_);
    if (open_bar_->trades == 0) ++empty_bars;
    const timestamp next_open = empty_bars < empty_bars_max ? next_close() : period_start(now);
    open_bar_ = empty_bar(next_open, open_bar_->close);
  }
}

timestamp bar_builder::next_close() const noexcept {
  if (!open_bar_ || open_bar_->open_time > never - period_) return never;
  return open_bar_->open_time + period_;
}

timestamp bar_builder::period_start(timestamp now) const noexcept {
  const nanoseconds beyond = now.time_since_epoch() % period_;
  return now - (beyond < nanoseconds::zero() ? beyond + period_ : beyond);
}

bar_closed bar_builder::empty_bar(timestamp open_time, price at) const noexcept {
  bar_closed bar;
  bar.instrument = instrument_;
  bar.period = period_;
  bar.open_time = open_time;
  bar.open = bar.high = bar.low = bar.close = at;
  return bar;
}

}  // namespace remora
