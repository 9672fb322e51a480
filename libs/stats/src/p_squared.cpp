#include "remora/stats/p_squared.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>

namespace remora::stats {

p_squared::p_squared(double p) : p_(p) { REMORA_ASSERT(p > 0 && p < 1); }

bool p_squared::push(double x) noexcept {
  if (!is_sample(x)) return false;
  if (count_ < heights_.size()) {
    heights_[count_++] = x;
    if (count_ == heights_.size()) std::ranges::sort(heights_);
    return true;
  }
  ++count_;
  count_below(x);
  for (std::size_t marker = 1; marker <= 3; ++marker) adjust(marker);
  return true;
}

std::optional<double> p_squared::value() const noexcept {
  if (count_ < heights_.size()) return std::nullopt;
  return heights_[2];
}

void p_squared::count_below(double x) noexcept {
  heights_.front() = std::min(heights_.front(), x);
  heights_.back() = std::max(heights_.back(), x);
  for (std::size_t marker = 1; marker <= 3; ++marker)
    if (x < heights_[marker]) ++positions_[marker];
  ++positions_.back();
}

double p_squared::wanted(std::size_t marker) const noexcept {
  const double share[] = {0, p_ / 2, p_, (1 + p_) / 2, 1};
  return 1 + static_cast<double>(count_ - 1) * share[marker];
}

void p_squared::adjust(std::size_t marker) noexcept {
  const double away = wanted(marker) - static_cast<double>(positions_[marker]);
  const bool up = away >= 1 && positions_[marker + 1] - positions_[marker] > 1;
  const bool down = away <= -1 && positions_[marker] - positions_[marker - 1] > 1;
  if (!up && !down) return;
  const int step = up ? 1 : -1;
  const double curved = parabola(marker, step);
  if (heights_[marker - 1] < curved && curved < heights_[marker + 1]) {
    heights_[marker] = curved;
  } else {
    const std::size_t next = up ? marker + 1 : marker - 1;
    heights_[marker] += step * (heights_[next] - heights_[marker]) / static_cast<double>(positions_[next] - positions_[marker]);
  }
  positions_[marker] += step;
}

double p_squared::parabola(std::size_t marker, int step) const noexcept {
  const auto left = static_cast<double>(positions_[marker] - positions_[marker - 1]);
  const auto right = static_cast<double>(positions_[marker + 1] - positions_[marker]);
  const double rise = (heights_[marker + 1] - heights_[marker]) / right, fall = (heights_[marker] - heights_[marker - 1]) / left;
  return heights_[marker] + step / (left + right) * ((left + step) * rise + (right - step) * fall);
}

}  // namespace remora::stats
