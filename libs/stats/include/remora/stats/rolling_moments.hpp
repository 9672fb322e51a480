#pragma once

#include "remora/stats/sample.hpp"
#include "remora/stats/window.hpp"

#include <cstdint>

namespace remora::stats {

/// Mean and deviation of the last W values, O(1) a value. Replacing x0 by x:
/// m' = m + (x - x0)/W; M2 += (x - x0)((x - m') + (x0 - m)), not below 0. Rounding is kept out by an exact rebuild every
/// 1024 replacements, and whenever values that left took nearly all of M2 with them.
class rolling_moments {
 public:
  explicit rolling_moments(std::size_t window = 100) : window_(window) {}

  /// Learns x, forgetting the oldest value of a full window; false, and no change, when x is not a sample.
  bool push(double x);

  [[nodiscard]] std::size_t count() const noexcept { return window_.size(); }
  [[nodiscard]] bool full() const noexcept { return window_.full(); }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  /// M2 / (n - 1); 0 below two values.
  [[nodiscard]] double variance() const noexcept { return count() < 2 ? 0 : m2_ / static_cast<double>(count() - 1); }
  [[nodiscard]] double deviation() const noexcept { return std::sqrt(variance()); }
  /// The standard score of x against the window as it is: score first, push afterwards, so that x is not in its own scale
  /// (with x inside, no score of W values exceeds (W - 1)/√W). 0 below two values.
  [[nodiscard]] double z_of(double x) const noexcept { return count() < 2 ? 0 : z_score(x, {mean_, deviation()}); }
  /// The values in the window, not in the order of time.
  [[nodiscard]] std::span<const double> values() const noexcept { return window_.values(); }

  template <class Archive>
  void archive(Archive& a) {
    a(window_, replacements_, mean_, m2_, m2_peak_);
  }

 private:
  void add(double x) noexcept;
  void replace(double oldest, double x) noexcept;
  void rebuild() noexcept;

  window window_;
  std::uint32_t replacements_ = 0;  // since the last rebuild
  double mean_ = 0;
  double m2_ = 0;
  double m2_peak_ = 0;  // since the last rebuild
};

}  // namespace remora::stats
