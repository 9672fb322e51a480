#include "remora/signal/drift_filter.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

bool drift_filter::push(double standard_return) noexcept {
  if (!std::isfinite(standard_return)) return false;
  ++count_;
  const double z = std::clamp(standard_return, -rule_.return_max, rule_.return_max);
  const double moved = 1 / (3 * rule_.expected_dwell);
  const double still = 1 - up_ - down_;
  const double none = still * (1 - moved) + (up_ + down_) * moved;
  const double half_square = rule_.drift * rule_.drift / 2;
  const double up = (up_ * (1 - moved) + still * moved / 2) * std::exp(rule_.drift * z - half_square);
  const double down = (down_ * (1 - moved) + still * moved / 2) * std::exp(-rule_.drift * z - half_square);
  const double sum = none + up + down;
  up_ = up / sum;
  down_ = down / sum;
  return true;
}

void drift_filter::restart() noexcept {
  count_ = 0;
  up_ = down_ = 0.25;
}

}  // namespace remora::signal
