#pragma once

#include "remora/stats/log_bucket.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace remora::stats {

/// Ranks and quantiles of the last W non-negative values, to 1 % of value: a ring of bucket numbers and a Fenwick tree (1994) of
/// their counts. Twelve steps a value or question; 12 kB and 2 bytes a value. Shift what can be negative before it comes here.
class trailing_rank {
 public:
  explicit trailing_rank(std::size_t window = 7200);

  /// Learns x, forgetting the oldest value of a full window; false, and no change, when x is negative, NaN or above 1e18.
  bool push(double x);

  [[nodiscard]] std::size_t count() const noexcept { return ring_.size(); }
  [[nodiscard]] bool full() const noexcept { return ring_.size() == window_; }
  /// The part of the window below x, plus half of what shares its bucket: in [0, 1]. Rank first, push afterwards.
  /// None when the window is empty or x cannot be ranked.
  [[nodiscard]] std::optional<double> rank_of(double x) const noexcept;
  /// The value of place ⌊q (n - 1)⌋ in order, to 1 %; none when empty or when q is outside [0, 1].
  [[nodiscard]] std::optional<double> quantile(double q) const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(window_, next_, ring_, tree_);
  }

 private:
  void add(std::size_t slot, std::uint32_t change) noexcept;
  [[nodiscard]] std::uint64_t count_through(std::size_t slot) const noexcept;

  std::size_t window_;
  std::size_t next_ = 0;               // where the oldest value stands, once full
  std::vector<std::uint16_t> ring_;    // slots: 1 is the lowest bucket
  std::vector<std::uint32_t> tree_;    // tree_[i] counts the slots (i - lowbit(i), i]
};

}  // namespace remora::stats
