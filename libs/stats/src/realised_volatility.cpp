#include "remora/stats/realised_volatility.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace remora::stats {

realised_volatility::realised_volatility(std::size_t window) : window_(window) { REMORA_ASSERT(window > 1); }

bool realised_volatility::push(double log_return) {
  if (!is_sample(log_return)) return false;
  if (!full()) {
    add_newest(log_return, returns_.empty() ? 0 : returns_.back());
    returns_.push_back(log_return);
    return true;
  }
  const double before = returns_[next_ == 0 ? window_ - 1 : next_ - 1];
  drop_oldest();
  add_newest(log_return, before);
  returns_[next_] = log_return;
  next_ = next_ + 1 == window_ ? 0 : next_ + 1;
  if (next_ == 0) rebuild();
  return true;
}

void realised_volatility::add_newest(double log_return, double before) noexcept {
  squares_ += log_return * log_return;
  products_ += std::abs(log_return) * std::abs(before);
}

void realised_volatility::drop_oldest() noexcept {
  const double oldest = returns_[next_];
  const double second = returns_[next_ + 1 == window_ ? 0 : next_ + 1];
  squares_ = std::max(0.0, squares_ - oldest * oldest);
  products_ = std::max(0.0, products_ - std::abs(oldest) * std::abs(second));
}

void realised_volatility::rebuild() noexcept {
  squares_ = products_ = 0;
  double before = 0;
  for (const double each : returns_) {
    add_newest(each, before);
    before = each;
  }
}

std::optional<double> realised_volatility::realised_variance() const noexcept { return full() ? std::optional(squares_) : std::nullopt; }

std::optional<double> realised_volatility::bipower_variation() const noexcept {
  return full() ? std::optional(std::numbers::pi / 2 * products_) : std::nullopt;
}

std::optional<double> realised_volatility::jump_share() const noexcept {
  if (!full() || !(squares_ > 0)) return std::nullopt;
  return std::max(0.0, 1 - *bipower_variation() / squares_);
}

}  // namespace remora::stats
