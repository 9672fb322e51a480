#pragma once

#include <optional>
#include <span>
#include <vector>

namespace remora::stats {

/// One observation of a curve that only rises: at x the value y was seen, with a weight.
struct isotonic_point {
  double x = 0;
  double y = 0;
  double weight = 1;
};

/// A rising piecewise-linear curve: constant within each block of the fit, a line from one block to the next, constant beyond the ends.
class isotonic_map {
 public:
  struct knot {
    double x = 0;
    double y = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(x, y);
    }
  };

  isotonic_map() = default;
  /// Ascending in x, not falling in y, at least one.
  explicit isotonic_map(std::vector<knot> knots);

  /// O(log knots); NaN for NaN.
  [[nodiscard]] double value(double x) const noexcept;
  [[nodiscard]] const std::vector<knot>& knots() const noexcept { return knots_; }

  template <class Archive>
  void archive(Archive& a) {
    a(knots_);
  }

 private:
  std::vector<knot> knots_{{}};
};

/// Least squares among all rising curves, by pooling adjacent violators (Ayer et al. 1955; Barlow et al. 1972): O(n) after sorting by x.
/// Points of one x are first joined to their weighted mean. With outcomes 0 and 1 as y it turns scores into calibrated probabilities
/// (Zadrozny and Elkan 2002). None without points, for an x or y that is no sample, or a weight that is not positive.
[[nodiscard]] std::optional<isotonic_map> fit_isotonic(std::span<const isotonic_point> points);

}  // namespace remora::stats
