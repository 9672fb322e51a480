#pragma once

#include "remora/stats/window.hpp"

#include <cstdint>
#include <optional>

namespace remora::stats {

/// Two values of the same instant, say the returns of two instruments over one minute.
struct paired_sample {
  double x = 0;
  double y = 0;
};

/// Pearson correlation of the last W pairs, computed exactly from the window when asked: O(1) a pair, O(W) a question.
class rolling_correlation {
 public:
  explicit rolling_correlation(std::size_t window = 120) : x_(window), y_(window) {}

  /// Learns a pair, forgetting the oldest of a full window; false, and no change, when one of the two is not a sample.
  bool push(const paired_sample& pair);

  [[nodiscard]] std::size_t count() const noexcept { return x_.size(); }
  /// In [-1, 1]; none below three pairs or while one side is constant.
  [[nodiscard]] std::optional<double> value() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(x_, y_);
  }

 private:
  window x_;
  window y_;
};

/// Variances, covariance and correlation of returns under fading weights (RiskMetrics 1996): C = λC + (1 - λ) r rᵀ, divided by
/// 1 - λⁿ. Returns are taken to have mean zero, so the matrix is positive semi-definite by construction.
class ewma_correlation {
 public:
  /// lambda in [0, 1): .94 for daily returns, .97 for monthly ones.
  explicit ewma_correlation(double lambda = 0.94);

  /// Learns a pair of returns; false, and no change, when one of the two is not a sample.
  bool push(const paired_sample& returns) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] double variance_x() const noexcept { return xx_; }
  [[nodiscard]] double variance_y() const noexcept { return yy_; }
  [[nodiscard]] double covariance() const noexcept { return xy_; }
  /// In [-1, 1]; none below three pairs or while one side has no variance.
  [[nodiscard]] std::optional<double> value() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(lambda_, count_, weight_, xx_, xy_, yy_);
  }

 private:
  double lambda_;
  std::uint64_t count_ = 0;
  double weight_ = 0;  // 1 - λⁿ
  double xx_ = 0;
  double xy_ = 0;
  double yy_ = 0;
};

}  // namespace remora::stats
