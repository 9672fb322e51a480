#include "remora/signal/bounded_return.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

double bounded_return::add(double log_return, double close) noexcept {
  constexpr double deviations = 20;
  const double tick = std::min(1.0, std::exp(log_return)) / close;  // relative to the higher of the two prices
  const double bound = deviations * std::max(tick, std::sqrt(squares_.mean()));
  const double counted = std::clamp(log_return, -bound, bound);
  if (counted != log_return) ++bounded_;
  squares_.push(counted * counted);
  return counted;
}

}  // namespace remora::signal
