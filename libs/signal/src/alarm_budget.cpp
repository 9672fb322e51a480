#include "remora/signal/alarm_budget.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

bool alarm_budget::admit(double level, double threshold) noexcept {
  ++count_;
  const bool passed = std::log(level) > std::log(threshold) + correction_;
  const double wanted = correction_ + settings_.gain * ((passed ? 1 : 0) - settings_.rate);
  correction_ = std::clamp(wanted, settings_.lowest, settings_.highest);
  if (correction_ != wanted) ++clipped_;
  tokens_ = std::min(settings_.burst, tokens_ + settings_.rate);
  return passed && spend();
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
