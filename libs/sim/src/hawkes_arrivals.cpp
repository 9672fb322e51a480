#include "remora/sim/hawkes_arrivals.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace remora::sim {

hawkes_arrivals::hawkes_arrivals(const hawkes_settings& settings) : decay_(settings.decay), share_(settings.share) {
  retune(settings.rate, settings.branching);
  // In the mean, so that a stream does not begin with a lull: E[excited_k] = rate n_k (the fixed point of its own equation).
  for (std::size_t k = 0; k < excited_.size(); ++k) excited_[k] = settings.rate * branching_ * share_[k];
}

void hawkes_arrivals::retune(double rate, double branching) noexcept {
  REMORA_ASSERT(rate > 0 && branching >= 0 && branching < 1);
  base_ = rate * (1 - branching);
  branching_ = branching;
}

double hawkes_arrivals::intensity() const noexcept {
  double sum = base_;
  for (const double e : excited_) sum += e;
  return sum;
}

double hawkes_arrivals::next(philox& draws) noexcept {
  double wait = draws.exponential() / base_;
  for (std::size_t k = 0; k < excited_.size(); ++k) {
    // A fading intensity e^(-βt) holds e/β arrivals in all: with probability e^(-e/β) none comes.
    const double left = 1 - draws.exponential() * decay_[k] / excited_[k];
    if (excited_[k] > 0 && left > 0) wait = std::min(wait, -std::log(left) / decay_[k]);
  }
  for (std::size_t k = 0; k < excited_.size(); ++k) excited_[k] = excited_[k] * std::exp(-decay_[k] * wait) + branching_ * share_[k] * decay_[k];
  return wait;
}

}  // namespace remora::sim
