#include "remora/signal/branching_ratio.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

branching_ratio::branching_ratio(half_lives bins)
    : warm_up_(static_cast<std::uint64_t>(bins.variance)),
      mean_(stats::ewma::with_half_life(bins.mean)),
      dispersion_(stats::ewma::with_half_life(bins.variance)) {}

bool branching_ratio::push(double count) noexcept {
  if (!(count >= 0) || !stats::is_sample(count)) return false;
  const double distance = count - mean_.mean();
  if (mean_.mean() > 0) dispersion_.push(distance * distance / mean_.mean());
  return mean_.push(count);
}

std::optional<double> branching_ratio::fano() const noexcept {
  return dispersion_.count() < warm_up_ ? std::nullopt : std::optional(dispersion_.mean());
}

std::optional<double> branching_ratio::value() const noexcept {
  const auto f = fano();
  return f ? std::optional(*f > 1 ? 1 - 1 / std::sqrt(*f) : 0.0) : std::nullopt;
}

}  // namespace remora::signal
