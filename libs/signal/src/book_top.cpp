#include "remora/signal/book_top.hpp"

namespace remora::signal {
namespace {

bool goes_outward(side which, std::span<const level> levels) noexcept {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].at.ticks <= 0 || levels[i].size.lots <= 0) return false;
    if (i > 0 && (which == side::buy ? levels[i].at >= levels[i - 1].at : levels[i].at <= levels[i - 1].at)) return false;
  }
  return true;
}

}  // namespace

bool is_sound(const book_top& top) noexcept {
  if (!goes_outward(side::buy, top.bids) || !goes_outward(side::sell, top.asks)) return false;
  return top.bids.empty() || top.asks.empty() || top.bids.front().at < top.asks.front().at;
}

}  // namespace remora::signal
