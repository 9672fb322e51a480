#include "remora/stats/atr.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

namespace remora::stats {

atr::atr(std::uint32_t periods) : periods_(periods) { REMORA_ASSERT(periods > 0); }

bool atr::push(const bar_range& bar) noexcept {
  const bool samples = is_sample(bar.high) && is_sample(bar.low);
  if (!samples || !(bar.low <= bar.close && bar.close <= bar.high)) return false;
  const double range = true_range(bar);
  ++count_;
  value_ += (range - value_) / static_cast<double>(count_ < periods_ ? count_ : periods_);
  last_close_ = bar.close;
  return true;
}

double atr::true_range(const bar_range& bar) const noexcept {
  if (count_ == 0) return bar.high - bar.low;
  return std::max({bar.high - bar.low, std::abs(bar.high - last_close_), std::abs(bar.low - last_close_)});
}

}  // namespace remora::stats
