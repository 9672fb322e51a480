#include "remora/stats/ewma.hpp"

#include "remora/base/assert.hpp"

namespace remora::stats {

ewma::ewma(double alpha) : alpha_(alpha) { REMORA_ASSERT(alpha > 0 && alpha <= 1); }

ewma ewma::with_half_life(double events) {
  REMORA_ASSERT(events > 0);
  return ewma(1 - std::exp2(-1 / events));
}

bool ewma::push(double x) noexcept {
  if (!is_sample(x)) return false;
  ++count_;
  weight_ += alpha_ * (1 - weight_);
  const double gain = alpha_ / weight_;
  const double distance = x - mean_;
  mean_ += gain * distance;
  variance_ = (1 - gain) * (variance_ + gain * distance * distance);
  squared_weights_ = (1 - gain) * (1 - gain) * squared_weights_ + gain * gain;
  return true;
}

double ewma::variance() const noexcept { return squared_weights_ < 1 && count_ > 1 ? variance_ / (1 - squared_weights_) : 0; }

ema::ema(std::uint32_t periods) : periods_(periods) { REMORA_ASSERT(periods > 0); }

bool ema::push(double x) noexcept {
  if (!is_sample(x)) return false;
  value_ = ++count_ == 1 ? x : value_ + 2 / (static_cast<double>(periods_) + 1) * (x - value_);
  return true;
}

}  // namespace remora::stats
