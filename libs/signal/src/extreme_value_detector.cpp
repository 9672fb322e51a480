#include "remora/signal/extreme_value_detector.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

double size_verdict::evidence() const noexcept {
  constexpr double evidence_max = 12;
  return p > 0 ? std::min(-std::log10(p), evidence_max) : evidence_max;
}

extreme_value_detector::extreme_value_detector(const extreme_value_settings& settings)
    : settings_(settings), usual_(stats::ewma::with_half_life(settings.size_half_life)), excesses_(settings.excesses) {
  REMORA_ASSERT(settings.level > 0 && settings.level < 1 && settings.rate > 0 && settings.rate < 1 - settings.level);
  REMORA_ASSERT(settings.first_fit <= settings.full_fit && settings.excesses >= stats::pareto_excesses_min);
  beginning_.reserve(settings.full_fit);
}

std::optional<size_verdict> extreme_value_detector::judge(double size) {
  if (!(size > 0) || !stats::is_sample(size)) return std::nullopt;
  const double logarithm = std::log(size);
  const double multiple = count_ == 0 ? 1 : std::exp(logarithm - usual_.mean());
  usual_.push(logarithm);
  ++count_;
  std::optional<size_verdict> verdict;
  if (tail_) {
    const double beyond = multiple - tail_begin_;
    verdict = size_verdict{multiple, share_beyond() * (beyond > 0 ? tail_->survival(beyond) : 1), threshold_, beyond > 0};
  }
  learn(multiple);
  return verdict;
}

void extreme_value_detector::learn(double multiple) {
  if (!complete() && beginning_.size() < settings_.full_fit) beginning_.push_back(multiple);  // a fit may be long in coming
  ++scored_;
  if (calibrated_ == 0 || multiple <= tail_begin_) return;
  ++beyond_;
  ++unfitted_;
  excesses_.push(multiple - tail_begin_);
}

bool extreme_value_detector::fit_due() const noexcept {
  const auto seen = static_cast<std::uint32_t>(beginning_.size());
  const bool calibrates = !complete() && ((calibrated_ == 0 && seen >= settings_.first_fit) || seen >= settings_.full_fit);
  return calibrates || unfitted_ >= settings_.refit_every;
}

void extreme_value_detector::fit() {
  const auto seen = static_cast<std::uint32_t>(beginning_.size());
  if (!complete() && seen >= (calibrated_ == 0 ? settings_.first_fit : settings_.full_fit)) calibrate();
  if (calibrated_ == 0) return;
  unfitted_ = 0;
  if (auto fitted = stats::fit_generalised_pareto(excesses_.values())) {
    tail_ = *fitted;
    set_threshold();
  }
}

/// Takes the tail's begin from all multiples so far, deeper while there are few: a fit needs its excesses at once. What is learned of the tail begins anew with them.
void extreme_value_detector::calibrate() {
  auto sorted = beginning_;
  const double enough = 1 - static_cast<double>(stats::pareto_excesses_min + 1) / static_cast<double>(sorted.size());
  const auto at = static_cast<std::ptrdiff_t>(std::max(0.0, std::min(settings_.level, enough)) * static_cast<double>(sorted.size()));
  std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
  tail_begin_ = sorted[static_cast<std::size_t>(at)];
  excesses_ = stats::window(settings_.excesses);
  scored_ = beginning_.size();
  beyond_ = 0;
  for (const double multiple : beginning_) {
    if (multiple <= tail_begin_) continue;
    ++beyond_;
    excesses_.push(multiple - tail_begin_);
  }
  calibrated_ = static_cast<std::uint32_t>(beginning_.size());
  if (complete()) beginning_ = {};
}

void extreme_value_detector::set_threshold() { threshold_ = tail_begin_ + tail_->quantile(std::min(1.0, settings_.rate / share_beyond())); }

}  // namespace remora::signal
