#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace remora::stats {

/// n × n numbers of which one half is kept: a covariance or correlation matrix. Zeros at first.
class symmetric_matrix {
 public:
  explicit symmetric_matrix(std::size_t size = 0) : size_(size), lower_(size * (size + 1) / 2) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// The number of row i and column j, in either order; both below size().
  [[nodiscard]] double& at(std::size_t i, std::size_t j) noexcept { return lower_[place_of(i, j)]; }
  [[nodiscard]] double at(std::size_t i, std::size_t j) const noexcept { return lower_[place_of(i, j)]; }

  template <class Archive>
  void archive(Archive& a) {
    a(size_, lower_);
  }

 private:
  [[nodiscard]] static std::size_t place_of(std::size_t i, std::size_t j) noexcept { return i < j ? j * (j + 1) / 2 + i : i * (i + 1) / 2 + j; }

  std::size_t size_;
  std::vector<double> lower_;  // row by row
};

/// The x with A x = right, by Cholesky's A = L Lᵀ. None unless A is positive definite (each pivot above 1e-14 of its diagonal
/// number, which is rounding) and `right` has its length, all of it samples. O(n³).
[[nodiscard]] std::optional<std::vector<double>> solve(const symmetric_matrix& a, std::span<const double> right);

/// No eigenvalue of A is below -tolerance × its largest diagonal number: A plus that much on the diagonal has a Cholesky factor. False for a
/// number that is no sample. O(n³).
[[nodiscard]] bool is_positive_semidefinite(const symmetric_matrix& a, double tolerance = 1e-10);

/// xᵀ A y; both of the length of A.
[[nodiscard]] double product_of(const symmetric_matrix& a, std::span<const double> x, std::span<const double> y) noexcept;

}  // namespace remora::stats
