#include "remora/signal/impact_expectation.hpp"

#include "remora/signal/square_root_impact.hpp"

#include <cmath>

namespace remora::signal {
namespace {

constexpr std::uint64_t bars_min = 60;

}  // namespace

void impact_expectation::add(double log_return, quantity traded) noexcept {
  if (!std::isfinite(log_return) || traded.lots < 0) return;
  squares_.push(log_return * log_return);
  volume_.push(static_cast<double>(traded.lots));
}

std::optional<double> impact_expectation::of(quantity size) const noexcept {
  if (size.lots <= 0 || count() < bars_min || !(squares_.mean() > 0) || !(volume_.mean() > 0)) return std::nullopt;
  return square_root_impact{}.peak(static_cast<double>(size.lots) / volume_.mean(), std::sqrt(squares_.mean()));
}

}  // namespace remora::signal
