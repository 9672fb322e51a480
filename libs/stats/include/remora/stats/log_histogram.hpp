#pragma once

#include "remora/stats/log_bucket.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::stats {

/// Counts of non-negative values in logarithmic buckets: every quantile to 1 %, from 1e-9 to 1e18 in any unit. Two histograms
/// add up to the histogram of all their values, whatever the order. Grows to the range seen: 8 bytes a bucket, 115 a decade.
class log_histogram {
 public:
  /// Counts x `times` times; false, and no change, when x is negative, NaN or above the range.
  bool push(double x, std::uint64_t times = 1);
  void merge(const log_histogram& other);
  void clear() noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return total_; }
  /// The value of place ⌊q (n - 1)⌋ in order, to 1 %; none when empty or when q is outside [0, 1].
  [[nodiscard]] std::optional<double> quantile(double q) const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(first_, total_, counts_);
  }

 private:
  std::uint64_t& count_of(int bucket);

  int first_ = 0;  // the bucket of counts_.front()
  std::uint64_t total_ = 0;
  std::vector<std::uint64_t> counts_;
};

}  // namespace remora::stats
