#include "remora/stats/roll_spread.hpp"

#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>

namespace remora::stats {

bool roll_spread::push(double price) noexcept {
  if (!is_sample(price)) return false;
  if (last_price_) {
    const double change = price - *last_price_;
    if (last_change_) changes_.push({*last_change_, change});
    last_change_ = change;
  }
  last_price_ = price;
  return true;
}

std::optional<double> roll_spread::value() const noexcept {
  if (count() < pairs_min_) return std::nullopt;
  return 2 * std::sqrt(std::max(0.0, -changes_.covariance()));
}

}  // namespace remora::stats
