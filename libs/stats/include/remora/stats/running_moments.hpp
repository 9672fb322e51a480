#pragma once

#include "remora/stats/sample.hpp"

#include <cstdint>

namespace remora::stats {

/// Mean and deviation of everything seen so far (Welford 1962): n += 1; d = x - m; m += d/n; M2 += d(x - m).
class running_moments {
 public:
  /// Learns x; false, and no change, when x is not a sample.
  bool push(double x) noexcept {
    if (!is_sample(x)) return false;
    ++count_;
    const double distance = x - mean_;
    mean_ += distance / static_cast<double>(count_);
    m2_ += distance * (x - mean_);
    return true;
  }

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  /// M2 / (n - 1); 0 below two values.
  [[nodiscard]] double variance() const noexcept { return count_ < 2 ? 0 : m2_ / static_cast<double>(count_ - 1); }
  [[nodiscard]] double deviation() const noexcept { return std::sqrt(variance()); }
  /// The standard score of x against what was seen before; 0 below two values.
  [[nodiscard]] double z_of(double x) const noexcept { return count_ < 2 ? 0 : z_score(x, {mean_, deviation()}); }

  template <class Archive>
  void archive(Archive& a) {
    a(count_, mean_, m2_);
  }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double m2_ = 0;
};

}  // namespace remora::stats
