#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"
#include "remora/stats/running_moments.hpp"

#include <cstdint>
#include <optional>
#include <span>

/// How well others could tell that a parent is being worked: measures on the flow of its own children.
namespace remora::swarm {

/// A child as the tape shows it.
struct seen_child {
  timestamp at{};
  quantity size;
};

/// Each none where there are too few children, or nothing varies.
struct detectability {
  std::optional<double> periodicity_p;    ///< of Fisher's g on the periodogram of the times, as if they were random: small is a clock
  std::optional<double> gap_variation;    ///< deviation over mean of the gaps: 0 is a clock, 1 is random
  std::optional<double> equal_sizes;      ///< share of children of the size of the one before
};

/// Of children in the order of their times; from 5 on. The periodogram is that of the points themselves, |Σ exp(2πi j t/T)|² / n over the span T
/// from first to last gap's end, j = 1 … ⌊3n/2⌋, so that no bins can hide a rhythm. O(n²).
[[nodiscard]] detectability detectability_of(std::span<const seen_child> children);

/// Means over many parents; none where no parent has such a number.
class detectability_means {
 public:
  void add(const detectability& one);

  /// Those with children enough.
  [[nodiscard]] std::uint64_t parents() const noexcept { return equal_sizes_.count(); }
  /// Share of parents whose periodicity has p below 0.05: as much by chance.
  [[nodiscard]] std::optional<double> rhythm() const noexcept { return mean_of(rhythm_); }
  [[nodiscard]] std::optional<double> gap_variation() const noexcept { return mean_of(gap_variation_); }
  [[nodiscard]] std::optional<double> equal_sizes() const noexcept { return mean_of(equal_sizes_); }

 private:
  [[nodiscard]] static std::optional<double> mean_of(const stats::running_moments& values) noexcept;

  stats::running_moments rhythm_, gap_variation_, equal_sizes_;
};

/// The probability that a detector scores a true case above a false one, ties counting half (Mann and Whitney): 0.5 sees nothing. None when a
/// side is empty or a score is no number. O(n log n).
[[nodiscard]] std::optional<double> area_under_curve(std::span<const double> when_true, std::span<const double> when_false);

}  // namespace remora::swarm
