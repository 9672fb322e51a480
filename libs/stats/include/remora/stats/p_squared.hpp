#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace remora::stats {

/// One quantile of everything so far from five markers (P², Jain and Chlamtac 1985): the ends, the quantile, and one between each, moved
/// by a parabola through their neighbours. Good for smooth laws, poor far in a tail; it never forgets. O(1) a value, no window, no unit.
class p_squared {
 public:
  /// p in (0, 1).
  explicit p_squared(double p = 0.5);

  /// Learns a value; false, and no change, when it is not a sample.
  bool push(double x) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// None before five values.
  [[nodiscard]] std::optional<double> value() const noexcept;
  /// Heights of the five markers, ascending once there are five values; and how many values are not above each.
  [[nodiscard]] const std::array<double, 5>& heights() const noexcept { return heights_; }
  [[nodiscard]] const std::array<std::int64_t, 5>& positions() const noexcept { return positions_; }

  template <class Archive>
  void archive(Archive& a) {
    a(p_, count_, heights_, positions_);
  }

 private:
  void count_below(double x) noexcept;
  void adjust(std::size_t marker) noexcept;
  [[nodiscard]] double wanted(std::size_t marker) const noexcept;
  [[nodiscard]] double parabola(std::size_t marker, int step) const noexcept;

  double p_;
  std::uint64_t count_ = 0;
  std::array<double, 5> heights_{};
  std::array<std::int64_t, 5> positions_{1, 2, 3, 4, 5};
};

}  // namespace remora::stats
