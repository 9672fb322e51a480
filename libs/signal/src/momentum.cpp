#include "remora/signal/momentum.hpp"

#include "remora/stats/kernels.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

double momentum_reading::strength() const noexcept {
  constexpr double certain = 3;  // deviations of the mean at which momentum is taken for sure
  if (t * spread < 0) return 0;
  return std::min(std::abs(t) / certain, 1.0);
}

std::optional<double> momentum::add(double close) {
  if (!(close > 0)) return std::nullopt;
  fast_.push(close);
  slow_.push(close);
  const double before = std::exchange(last_close_, close);
  if (before == 0) return std::nullopt;
  const double log_return = std::log(close / before);
  returns_.push(log_return);
  return log_return;
}

std::optional<momentum_reading> momentum::reading() const {
  if (!returns_.full() || !slow_.warm()) return std::nullopt;
  const auto [mean, deviation] = stats::mean_and_deviation(returns_.values());
  momentum_reading now;
  now.spread = *slow_.value() > 0 ? *fast_.value() / *slow_.value() - 1 : 0;
  now.t = deviation > 0 ? std::sqrt(static_cast<double>(returns_.size())) * mean / deviation : 0;
  return now;
}

}  // namespace remora::signal
