#include "remora/stats/linear_fit.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>

namespace remora::stats {

linear_fit::linear_fit(double lambda, std::uint64_t pairs_min) : lambda_(lambda), pairs_min_(pairs_min) {
  REMORA_ASSERT(lambda > 0 && lambda <= 1 && pairs_min >= 2);
}

bool linear_fit::push(const paired_sample& pair) noexcept {
  if (!is_sample(pair.x) || !is_sample(pair.y)) return false;
  ++count_;
  weight_ = lambda_ * weight_ + 1;
  const double gain = 1 / weight_;
  const double dx = pair.x - mean_x_;
  const double dy = pair.y - mean_y_;
  mean_x_ += gain * dx;
  mean_y_ += gain * dy;
  xx_ = (1 - gain) * (xx_ + gain * dx * dx);
  xy_ = (1 - gain) * (xy_ + gain * dx * dy);
  yy_ = (1 - gain) * (yy_ + gain * dy * dy);
  return true;
}

std::optional<double> linear_fit::slope() const noexcept {
  if (count_ < pairs_min_ || !(xx_ > 0)) return std::nullopt;
  const double result = xy_ / xx_;
  return is_sample(result) ? std::optional(result) : std::nullopt;
}

std::optional<double> linear_fit::intercept() const noexcept {
  const auto b = slope();
  return b ? std::optional(mean_y_ - *b * mean_x_) : std::nullopt;
}

std::optional<double> linear_fit::r_squared() const noexcept {
  const auto b = slope();
  if (!b || !(yy_ > 0)) return std::nullopt;
  return std::clamp(*b * xy_ / yy_, 0.0, 1.0);
}

}  // namespace remora::stats
