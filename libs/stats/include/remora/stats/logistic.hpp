#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace remora::stats {

/// P(outcome) = 1 / (1 + exp(-(intercept + Σ weight · feature))).
class logistic_model {
 public:
  logistic_model() = default;
  logistic_model(double intercept, std::vector<double> weights) : intercept_(intercept), weights_(std::move(weights)) {}

  /// In [0, 1]; as many features as weights. NaN for a NaN among them.
  [[nodiscard]] double probability(std::span<const double> features) const noexcept;

  [[nodiscard]] double intercept() const noexcept { return intercept_; }
  [[nodiscard]] const std::vector<double>& weights() const noexcept { return weights_; }

  template <class Archive>
  void archive(Archive& a) {
    a(intercept_, weights_);
  }

 private:
  double intercept_ = 0;
  std::vector<double> weights_;
};

/// The confidence in an order's being a whale's from its evidence -log10 p alone, before anything was learned: one half at p = 1e-3, 95 %
/// at 1e-6, 99.99 % at 1e-12.
[[nodiscard]] logistic_model untrained_confidence();

/// What a fit learns from.
struct logistic_sample {
  std::vector<double> features;        ///< row after row, as many of them as there are outcomes
  std::vector<std::uint8_t> outcomes;  ///< 1 happened, 0 did not
};

/// Ridge-penalised maximum likelihood by Newton's method (iteratively reweighted least squares) with halved steps, from zero: minimises the
/// negative log-likelihood + ridge/2 Σ weight², the intercept free. Features should be of about one scale, or the penalty is not. The same
/// inputs give the same bits on one machine; the exponential is the platform's. None when rows are incomplete or a value is not a sample,
/// when the outcomes are all alike, when the ridge is negative, when features depend on each other or part the outcomes without an error
/// and there is no ridge to decide, or when it does not converge in 100 steps. O(steps · n · features²); meant for few features.
[[nodiscard]] std::optional<logistic_model> fit_logistic(const logistic_sample& sample, double ridge = 0);

}  // namespace remora::stats
