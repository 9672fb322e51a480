#include "remora/risk/concentration.hpp"

#include "remora/stats/sample.hpp"

#include <cmath>

namespace remora::risk {

void exposure_sums::add(double exposure) noexcept {
  sound_ = sound_ && stats::is_sample(exposure);
  gross_ += std::abs(exposure);
  squares_ += exposure * exposure;
  names_ += exposure != 0 ? 1 : 0;
}

std::optional<concentration> exposure_sums::judge() const noexcept {
  if (!sound_ || !(gross_ > 0)) return std::nullopt;
  const double index = squares_ / (gross_ * gross_);
  return concentration{index, 1 / index};
}

std::optional<concentration> concentration_of(std::span<const double> exposures) noexcept {
  exposure_sums sums;
  for (const double each : exposures) sums.add(each);
  return sums.judge();
}

}  // namespace remora::risk
