#pragma once

namespace remora::stats {

/// Both ends belong to it.
struct interval {
  double low = 0;
  double high = 0;

  [[nodiscard]] bool contains(double x) const noexcept { return low <= x && x <= high; }

  template <class Archive>
  void archive(Archive& a) {
    a(low, high);
  }
};

}  // namespace remora::stats
