#include "remora/stats/rolling_moments.hpp"

#include "remora/stats/kernels.hpp"

namespace remora::stats {
namespace {

constexpr std::uint32_t replacements_max = 1024;

// M2 carries the rounding of the largest M2 since the last rebuild, about 1e-16 of it: below this part of it too few digits are good.
constexpr double cancellation_min = 1e-6;

}  // namespace

bool rolling_moments::push(double x) {
  if (!is_sample(x)) return false;
  if (const auto oldest = window_.push(x)) {
    replace(*oldest, x);
  } else {
    add(x);
  }
  return true;
}

void rolling_moments::add(double x) noexcept {
  const double distance = x - mean_;
  mean_ += distance / static_cast<double>(count());
  m2_ += distance * (x - mean_);
  m2_peak_ = m2_;
}

void rolling_moments::replace(double oldest, double x) noexcept {
  const double old_mean = mean_;
  const double change = x - oldest;
  mean_ += change / static_cast<double>(count());
  m2_ = std::max(0.0, m2_ + change * ((x - mean_) + (oldest - old_mean)));
  m2_peak_ = std::max(m2_peak_, m2_);
  if (++replacements_ >= replacements_max || m2_ < cancellation_min * m2_peak_) rebuild();
}

void rolling_moments::rebuild() noexcept {
  replacements_ = 0;
  mean_ = sum(window_.values()) / static_cast<double>(count());
  m2_ = m2_peak_ = sum_of_squared_deviations({window_.values(), mean_});
}

}  // namespace remora::stats
