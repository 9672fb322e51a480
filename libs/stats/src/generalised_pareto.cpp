#include "remora/stats/generalised_pareto.hpp"

#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace remora::stats {
namespace {

constexpr double shape_is_zero = 1e-9;

/// Negative log-likelihood per excess, in units of the mean; smaller is better.
struct profile {
  std::span<const double> excesses;
  double mean;

  [[nodiscard]] double shape_at(double theta) const noexcept {
    double sum = 0;
    for (const double y : excesses) sum += std::log1p(theta * (y / mean));
    return sum / static_cast<double>(excesses.size());
  }
  [[nodiscard]] double operator()(double theta) const noexcept {
    if (std::abs(theta) < shape_is_zero) return 1;  // exponential with scale 1
    const double shape = shape_at(theta);
    return std::log(shape / theta) + 1 + shape;
  }
};

struct point {
  double theta, loss;
};

/// Golden-section search between two ends.
point lowest_between(const profile& loss, double low, double high) noexcept {
  constexpr double golden = 0.6180339887498949;
  constexpr int steps = 36;  // 3e-8 of the interval
  double left = high - golden * (high - low), right = low + golden * (high - low);
  double at_left = loss(left), at_right = loss(right);
  for (int i = 0; i < steps; ++i) {
    const bool go_left = at_left < at_right;
    (go_left ? high : low) = go_left ? right : left;
    if (go_left) {
      right = std::exchange(left, high - golden * (high - low));
      at_right = std::exchange(at_left, loss(left));
    } else {
      left = std::exchange(right, low + golden * (high - low));
      at_left = std::exchange(at_right, loss(right));
    }
  }
  return at_left < at_right ? point{left, at_left} : point{right, at_right};
}

}  // namespace

double generalised_pareto::survival(double y) const noexcept {
  if (!(y > 0)) return 1;
  if (std::abs(shape) < shape_is_zero) return std::exp(-y / scale);
  const double base = 1 + shape * y / scale;
  return base > 0 ? std::pow(base, -1 / shape) : 0;
}

double generalised_pareto::quantile(double p) const noexcept {
  if (std::abs(shape) < shape_is_zero) return -scale * std::log(p);
  return scale / shape * (std::pow(p, -shape) - 1);
}

std::optional<generalised_pareto> fit_generalised_pareto(std::span<const double> excesses) noexcept {
  if (excesses.size() < pareto_excesses_min) return std::nullopt;
  const auto sound = [](double y) { return y > 0 && is_sample(y); };
  if (!std::all_of(excesses.begin(), excesses.end(), sound)) return std::nullopt;
  const double mean = std::accumulate(excesses.begin(), excesses.end(), 0.0) / static_cast<double>(excesses.size());
  const double largest = *std::max_element(excesses.begin(), excesses.end()) / mean;
  const profile loss{excesses, mean};
  // Bounded laws lie on the left of 0, heavy ones on the right; 0.999 keeps clear of the pole, where the likelihood has no maximum.
  const double left_end = -0.999 / largest;
  point best{0, loss(0)};
  for (const auto& [low, high] : {std::pair{left_end, 0.0}, {0.0, 1.0}, {1.0, 10.0}, {10.0, 1000.0}}) {
    const point found = lowest_between(loss, low, high);
    if (found.loss < best.loss) best = found;
  }
  if (std::abs(best.theta) < shape_is_zero) return generalised_pareto{0, mean};
  const double shape = loss.shape_at(best.theta);
  return generalised_pareto{shape, shape / best.theta * mean};
}

}  // namespace remora::stats
