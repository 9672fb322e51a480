#include "remora/stats/logistic.hpp"

#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace remora::stats {
namespace {

constexpr int steps_max = 100;
constexpr int halvings_max = 30;
constexpr double weight_max = 1e4;  // a likelihood that still rises there has no maximum

/// ln(1 + eˣ) without overflow.
double soft_plus(double x) noexcept { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

double sigmoid(double x) noexcept {
  const double e = std::exp(-std::abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/// The fit as a problem of minimisation; position 0 of a weight vector is the intercept.
struct problem {
  std::span<const double> features;
  std::span<const std::uint8_t> outcomes;
  double ridge;

  [[nodiscard]] std::size_t width() const noexcept { return features.size() / outcomes.size(); }
  [[nodiscard]] std::size_t unknowns() const noexcept { return width() + 1; }
  [[nodiscard]] double value(std::size_t row, std::size_t unknown) const noexcept {
    return unknown == 0 ? 1 : features[row * width() + unknown - 1];
  }
  [[nodiscard]] double score(std::size_t row, std::span<const double> w) const noexcept {
    double sum = 0;
    for (std::size_t j = 0; j < w.size(); ++j) sum += w[j] * value(row, j);
    return sum;
  }
  [[nodiscard]] double loss(std::span<const double> w) const noexcept {
    double sum = 0;
    for (std::size_t j = 1; j < w.size(); ++j) sum += ridge / 2 * w[j] * w[j];
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const double x = score(i, w);
      sum += soft_plus(outcomes[i] != 0 ? -x : x);
    }
    return sum;
  }
};

struct slopes {
  std::vector<double> gradient;
  std::vector<double> curvature;  // rows of a symmetric matrix, its lower half
};

slopes slopes_of(const problem& p, std::span<const double> w) {
  const std::size_t k = w.size();
  slopes s{std::vector<double>(k), std::vector<double>(k * k)};
  for (std::size_t i = 0; i < p.outcomes.size(); ++i) {
    const double q = sigmoid(p.score(i, w));
    const double error = q - (p.outcomes[i] != 0 ? 1 : 0);
    for (std::size_t j = 0; j < k; ++j) {
      s.gradient[j] += error * p.value(i, j);
      for (std::size_t l = 0; l <= j; ++l) s.curvature[j * k + l] += q * (1 - q) * p.value(i, j) * p.value(i, l);
    }
  }
  for (std::size_t j = 1; j < k; ++j) {
    s.gradient[j] += p.ridge * w[j];
    s.curvature[j * k + j] += p.ridge;
  }
  return s;
}

/// Replaces the lower half of a positive definite matrix by its Cholesky factor; false when it is not one, to rounding.
bool factorise(std::vector<double>& m, std::size_t k) noexcept {
  constexpr double singular = 1e-12;  // of the diagonal that was there
  for (std::size_t j = 0; j < k; ++j) {
    const double before = m[j * k + j];
    for (std::size_t l = 0; l < j; ++l) m[j * k + j] -= m[j * k + l] * m[j * k + l];
    if (!(m[j * k + j] > singular * before)) return false;
    m[j * k + j] = std::sqrt(m[j * k + j]);
    for (std::size_t i = j + 1; i < k; ++i) {
      for (std::size_t l = 0; l < j; ++l) m[i * k + j] -= m[i * k + l] * m[j * k + l];
      m[i * k + j] /= m[j * k + j];
    }
  }
  return true;
}

/// curvature⁻¹ gradient; none when the curvature does not decide.
std::optional<std::vector<double>> newton_step(slopes s) {
  const std::size_t k = s.gradient.size();
  if (!factorise(s.curvature, k)) return std::nullopt;
  std::vector<double>& x = s.gradient;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t l = 0; l < i; ++l) x[i] -= s.curvature[i * k + l] * x[l];
    x[i] /= s.curvature[i * k + i];
  }
  for (std::size_t i = k; i-- > 0;) {
    for (std::size_t l = i + 1; l < k; ++l) x[i] -= s.curvature[l * k + i] * x[l];
    x[i] /= s.curvature[i * k + i];
  }
  return std::move(x);
}

/// Goes along the step, or a half, a quarter … of it, to where the loss does not rise; false when it rises everywhere.
bool descend(const problem& p, std::vector<double>& w, const std::vector<double>& step) {
  const double before = p.loss(w);
  double part = 1;
  for (int halving = 0; halving < halvings_max; ++halving, part /= 2) {
    std::vector<double> tried = w;
    for (std::size_t j = 0; j < w.size(); ++j) tried[j] -= part * step[j];
    if (p.loss(tried) <= before) {
      w = std::move(tried);
      return true;
    }
  }
  return false;
}

bool is_fit_for_learning(const logistic_sample& sample, double ridge) {
  const std::size_t n = sample.outcomes.size();
  if (n == 0 || sample.features.size() % n != 0 || !(ridge >= 0) || !std::ranges::all_of(sample.features, is_sample)) return false;
  const auto happened = static_cast<std::size_t>(std::ranges::count_if(sample.outcomes, [](std::uint8_t y) { return y != 0; }));
  return happened > 0 && happened < n;
}

}  // namespace

double logistic_model::probability(std::span<const double> features) const noexcept {
  return sigmoid(std::inner_product(weights_.begin(), weights_.end(), features.begin(), intercept_));
}

logistic_model untrained_confidence() { return {-2.944, {0.9815}}; }

std::optional<logistic_model> fit_logistic(const logistic_sample& sample, double ridge) {
  if (!is_fit_for_learning(sample, ridge)) return std::nullopt;
  const problem p{sample.features, sample.outcomes, ridge};
  std::vector<double> w(p.unknowns());
  for (int i = 0; i < steps_max; ++i) {
    const slopes here = slopes_of(p, w);
    const auto step = newton_step(here);
    if (!step) return std::nullopt;
    const double decrement = std::inner_product(step->begin(), step->end(), here.gradient.begin(), 0.0);  // twice the loss left, by Newton
    const bool done = decrement < 1e-16 * (1 + p.loss(w)) || !descend(p, w, *step);
    if (std::ranges::any_of(w, [](double x) { return !(std::abs(x) < weight_max); })) return std::nullopt;
    if (done) return logistic_model(w.front(), {w.begin() + 1, w.end()});
  }
  return std::nullopt;
}

}  // namespace remora::stats
