#include "remora/stats/hawkes.hpp"

#include <cmath>

namespace remora::stats {

std::optional<double> log_likelihood(const hawkes_model& model, std::span<const double> times, double end) noexcept {
  if (!(model.base > 0 && model.jump >= 0 && model.decay > 0 && std::isfinite(end))) return std::nullopt;
  double excited = 0;  // Σ e^(-decay age) over the arrivals before
  double last = 0, sum = -model.base * end;
  for (const double t : times) {
    if (!(t >= last && t <= end)) return std::nullopt;
    excited *= std::exp(-model.decay * (t - last));
    sum += std::log(model.base + model.jump * excited) - model.branching() * (1 - std::exp(-model.decay * (end - t)));
    excited += 1;
    last = t;
  }
  return sum;
}

count_moments hawkes_counts(const hawkes_model& model, double window) noexcept {
  const double rate = model.base / (1 - model.branching());
  const double k = model.decay - model.jump;  // at which a disturbance of the mean fades
  const double covariance = rate * model.jump * (2 * model.decay - model.jump) / (2 * k);
  return {rate * window, rate * window + 2 * covariance * (window / k - (1 - std::exp(-k * window)) / (k * k))};
}

double branching_by(const count_moments& counts) noexcept {
  return counts.variance > counts.mean && counts.mean > 0 ? 1 - std::sqrt(counts.mean / counts.variance) : 0;
}

}  // namespace remora::stats
