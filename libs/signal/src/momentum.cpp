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

std::optional<double> momentum::add(const stats::bar_range& bar) {
  if (!(bar.low > 0) || !range_.push(bar)) return std::nullopt;
  fast_.push(bar.close);
  slow_.push(bar.close);
  const double before = std::exchange(last_close_, bar.close);
  if (before == 0) return std::nullopt;
  const double log_return = std::log(bar.close / before);
  returns_.push(log_return);
  return log_return;
}

std::optional<momentum_reading> momentum::reading() const {
  const auto range = range_.value();
  if (!returns_.full() || !slow_.warm() || !range) return std::nullopt;
  const auto [mean, deviation] = stats::mean_and_deviation(returns_.values());
  const double one_tick = 1 / last_close_;  // a return smaller than the grid of prices has no meaning
  momentum_reading now;
  now.risk_adjusted = mean / std::max(deviation, one_tick);
  now.t = std::sqrt(static_cast<double>(returns_.size())) * now.risk_adjusted;
  now.spread = *fast_.value() / *slow_.value() - 1;
  now.trend = (*fast_.value() - *slow_.value()) / std::max(*range, 1.0);
  return now;
}

}  // namespace remora::signal
