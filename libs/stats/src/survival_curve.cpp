#include "remora/stats/survival_curve.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>

namespace remora::stats {

survival_curve::survival_curve(std::vector<double> edges) : edges_(std::move(edges)), ended_(edges_.size()), lost_(edges_.size()) {
  REMORA_ASSERT(!edges_.empty() && std::ranges::is_sorted(edges_));
}

bool survival_curve::push(double duration, bool ended) {
  if (!is_sample(duration) || duration < 0) return false;
  const auto above = std::ranges::upper_bound(edges_, duration);
  const auto bin = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, above - edges_.begin() - 1));
  ++(ended ? ended_ : lost_)[bin];
  ++count_;
  return true;
}

std::optional<double> survival_curve::value(double duration) const noexcept {
  if (count_ == 0) return std::nullopt;
  double result = 1;
  std::uint64_t at_risk = count_;
  for (std::size_t k = 0; k < edges_.size() && edges_[k] <= duration && at_risk > 0; ++k) {
    result *= 1 - static_cast<double>(ended_[k]) / static_cast<double>(at_risk);
    at_risk -= ended_[k] + lost_[k];
  }
  return result;
}

}  // namespace remora::stats
