#include "remora/signal/kyle_lambda.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <cmath>

namespace remora::signal {

kyle_lambda::kyle_lambda(const kyle_settings& settings)
    : bin_(settings.bin), bins_(settings.bins), bins_min_(settings.bins_min) {
  REMORA_ASSERT(bin_.count() > 0 && bins_min_ > 2 && bins_ >= bins_min_);
}

bool kyle_lambda::add_trade(quantity size, side aggressor, timestamp time) {
  if (size.lots <= 0 || !enter(time)) return false;
  volume_ += static_cast<double>(size.lots) * sign_of(aggressor);
  return true;
}

bool kyle_lambda::add_mid(double mid, timestamp time) {
  if (!(mid > 0) || !stats::is_sample(mid) || !enter(time)) return false;
  if (!first_mid_) first_mid_ = mid;
  last_mid_ = mid;
  return true;
}

bool kyle_lambda::enter(timestamp time) {
  if (time < last_time_) return false;
  last_time_ = time;
  const std::int64_t bin = count_of(time) / bin_.count();
  if (open_bin_ == bin) return true;
  if (open_bin_) close_bin();
  if (open_bin_ && bin != *open_bin_ + 1) restart();  // silence for a whole bin: the move across it belongs to no volume
  open_bin_ = bin;
  volume_ = 0;
  first_mid_ = last_mid_;
  return true;
}

/// Errors are weighed by their distance in time, so the values stand in the order of time.
void kyle_lambda::remember(std::vector<double>& values, double newest) const {
  if (values.size() == bins_) values.erase(values.begin());
  values.push_back(newest);
}

void kyle_lambda::close_bin() {
  if (!first_mid_) return;
  remember(volumes_, volume_);
  remember(moves_, *last_mid_ - *first_mid_);
  if (volumes_.size() >= bins_min_) line_ = stats::hac_regression(volumes_, moves_);
}

void kyle_lambda::restart() noexcept {
  open_bin_.reset();
  first_mid_.reset();
  last_mid_.reset();
  volume_ = 0;
}

std::optional<kyle_equilibrium> equilibrium_of(double value_variance, double noise_deviation) noexcept {
  const bool samples = stats::is_sample(value_variance) && stats::is_sample(noise_deviation);
  if (!samples || !(value_variance > 0) || !(noise_deviation > 0)) return std::nullopt;
  const double value_deviation = std::sqrt(value_variance);
  kyle_equilibrium result;
  result.lambda = 0.5 * value_deviation / noise_deviation;
  result.beta = noise_deviation / value_deviation;
  result.profit = 0.5 * noise_deviation * value_deviation;
  result.remaining_variance = 0.5 * value_variance;
  return result;
}

}  // namespace remora::signal
