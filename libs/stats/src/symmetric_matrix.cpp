#include "remora/stats/symmetric_matrix.hpp"

#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>

namespace remora::stats {
namespace {

/// Lower triangle L of A = L Lᵀ, in the lower half of the result; none unless every pivot is positive beyond rounding.
std::optional<symmetric_matrix> cholesky(symmetric_matrix a) {
  for (std::size_t j = 0; j < a.size(); ++j) {
    const double rounding = 1e-14 * a.at(j, j);
    for (std::size_t k = 0; k < j; ++k) a.at(j, j) -= a.at(j, k) * a.at(j, k);
    if (!(a.at(j, j) > rounding) || !is_sample(a.at(j, j))) return std::nullopt;
    a.at(j, j) = std::sqrt(a.at(j, j));
    for (std::size_t i = j + 1; i < a.size(); ++i) {
      for (std::size_t k = 0; k < j; ++k) a.at(i, j) -= a.at(i, k) * a.at(j, k);
      a.at(i, j) /= a.at(j, j);
    }
  }
  return a;
}

}  // namespace

std::optional<std::vector<double>> solve(const symmetric_matrix& a, std::span<const double> right) {
  const auto factor = cholesky(a);
  if (!factor || right.size() != a.size() || !std::ranges::all_of(right, is_sample)) return std::nullopt;
  std::vector<double> x(right.begin(), right.end());
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= factor->at(i, k) * x[k];
    x[i] /= factor->at(i, i);
  }
  for (std::size_t i = x.size(); i-- > 0;) {
    for (std::size_t k = i + 1; k < x.size(); ++k) x[i] -= factor->at(k, i) * x[k];
    x[i] /= factor->at(i, i);
  }
  return x;
}

bool is_positive_semidefinite(const symmetric_matrix& a, double tolerance) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a.at(i, i)));
  symmetric_matrix lifted = a;
  // A matrix of zeros has no scale of its own.
  const double lift = tolerance * (largest > 0 ? largest : 1);
  for (std::size_t i = 0; i < a.size(); ++i) lifted.at(i, i) += lift;
  return cholesky(std::move(lifted)).has_value();
}

double product_of(const symmetric_matrix& a, std::span<const double> x, std::span<const double> y) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a.size(); ++j) sum += x[i] * a.at(i, j) * y[j];
  return sum;
}

}  // namespace remora::stats
