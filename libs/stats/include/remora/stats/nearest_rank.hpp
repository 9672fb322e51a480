#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

namespace remora::stats {

/// The ⌈q n⌉-th smallest of n values, none of them a NaN: of fewer than a hundred, the p99 is the largest. None of no values. O(n).
template <class T>
[[nodiscard]] std::optional<T> nearest_rank(std::vector<T> values, double q) {
  if (values.empty()) return std::nullopt;
  const auto rank = static_cast<std::size_t>(std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace remora::stats
