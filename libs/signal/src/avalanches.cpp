#include "remora/signal/avalanches.hpp"

#include "remora/stats/power_law.hpp"

namespace remora::signal {

avalanches::avalanches(const settings& rule) : rule_(rule), until_(rule.first_stretch), sizes_(rule.kept) {}

bool avalanches::push(double activity) {
  if (!activity_.push(activity)) return false;
  if (threshold_) follow(activity);
  if (++bins_ == until_) move_threshold();
  if (bins_ % rule_.fit_every == 0) fit();
  return true;
}

void avalanches::follow(double activity) {
  if (activity > *threshold_) {
    size_ += activity - *threshold_;
  } else if (size_ > 0) {
    sizes_.push(size_);
    size_ = 0;
  }
}

void avalanches::move_threshold() {
  threshold_ = activity_.quantile(0.5);
  size_ = 0;  // what ran was measured from the old threshold
  activity_.clear();
  until_ = bins_ + rule_.stretch;
}

void avalanches::fit() {
  constexpr stats::tail_search few{.tail_min = 50, .candidates_max = 50};
  if (const auto law = stats::fit_power_law(sizes_.values(), few)) exponent_ = law->alpha;
}

}  // namespace remora::signal
