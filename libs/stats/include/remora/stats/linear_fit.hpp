#pragma once

#include "remora/stats/rolling_correlation.hpp"

#include <cstdint>
#include <optional>

namespace remora::stats {

/// The line y = a + b x by recursive least squares with forgetting: minimises Σλ^age (y - a - b x)². O(1) a pair. It keeps the weighted
/// means and squared deviations, which is the same fit as the recursion of the inverse matrix, without that one's growth when x stands
/// still.
class linear_fit {
 public:
  /// lambda in (0, 1]: what a pair's weight is multiplied with at each further pair; 1 forgets nothing.
  explicit linear_fit(double lambda = 0.999, std::uint64_t pairs_min = 30);

  /// Learns a pair; false, and no change, when one of the two is not a sample.
  bool push(const paired_sample& pair) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// b; none before `pairs_min` pairs or while x stands still.
  [[nodiscard]] std::optional<double> slope() const noexcept;
  /// a.
  [[nodiscard]] std::optional<double> intercept() const noexcept;
  /// The part of y's variance the line explains, in [0, 1]; none also while y stands still.
  [[nodiscard]] std::optional<double> r_squared() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(lambda_, pairs_min_, count_, weight_, mean_x_, mean_y_, xx_, xy_, yy_);
  }

 private:
  double lambda_;
  std::uint64_t pairs_min_;
  std::uint64_t count_ = 0;
  double weight_ = 0;  // Σλ^age
  double mean_x_ = 0;
  double mean_y_ = 0;
  double xx_ = 0;  // weighted mean of (x - mean)²
  double xy_ = 0;
  double yy_ = 0;
};

}  // namespace remora::stats
