#include "remora/stats/bar_variance.hpp"

#include "remora/stats/sample.hpp"

#include <cmath>
#include <numbers>

namespace remora::stats {
namespace {

using std::numbers::ln2;

bool is_bar(const bar_prices& bar) noexcept {
  const bool within = bar.low <= bar.open && bar.open <= bar.high && bar.low <= bar.close && bar.close <= bar.high;
  return within && bar.low > 0 && is_sample(bar.high);
}

double squared_log(double over, double under) noexcept {
  const double ratio = std::log(over / under);
  return ratio * ratio;
}

}  // namespace

std::optional<double> parkinson_variance(const bar_prices& bar) noexcept {
  if (!is_bar(bar)) return std::nullopt;
  return squared_log(bar.high, bar.low) / (4 * ln2);
}

std::optional<double> garman_klass_variance(const bar_prices& bar) noexcept {
  if (!is_bar(bar)) return std::nullopt;
  return squared_log(bar.high, bar.low) / 2 - (2 * ln2 - 1) * squared_log(bar.close, bar.open);
}

std::optional<double> rogers_satchell_variance(const bar_prices& bar) noexcept {
  if (!is_bar(bar)) return std::nullopt;
  return std::log(bar.high / bar.close) * std::log(bar.high / bar.open) + std::log(bar.low / bar.close) * std::log(bar.low / bar.open);
}

}  // namespace remora::stats
