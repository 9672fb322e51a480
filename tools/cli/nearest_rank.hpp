#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace remora::cli {

/// The ⌈q n⌉-th smallest of n values: of fewer than a hundred, the p99 is the largest. 0 if there is none.
[[nodiscard]] inline std::int64_t nearest_rank(std::vector<std::int64_t> values, double q) {
  if (values.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, values.size()) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace remora::cli
