#include "remora/signal/alarm_budget.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

admission alarm_budget::take(bool beyond) noexcept {
  ++count_;
  tokens_ = std::min(settings_.burst, tokens_ + settings_.rate);
  const admission verdict = !beyond ? admission::below : spend() ? admission::admitted : admission::withheld;
  const double wanted = correction_ + settings_.gain * ((verdict == admission::admitted ? 1 : 0) - settings_.rate);
  correction_ = std::clamp(wanted, settings_.lowest, settings_.highest);
  if (correction_ != wanted) ++clipped_;
  factor_ = std::exp(correction_);
  return verdict;
}

bool alarm_budget::spend() noexcept {
  if (settings_.burst <= 0) return true;
  if (tokens_ < 1) {
    ++withheld_;
    return false;
  }
  tokens_ -= 1;
  return true;
}

}  // namespace remora::signal
