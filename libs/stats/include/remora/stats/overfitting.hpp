#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace remora::stats {

/// Ways to choose k of n; none when they are more than 64 bits count.
[[nodiscard]] std::optional<std::uint64_t> combinations(std::uint64_t n, std::uint64_t k) noexcept;

/// Combinatorial purged cross-validation: `test` of `groups` are held out at a time (López de Prado 2018).
struct cross_validation_size {
  std::uint64_t splits = 0;  ///< ways to hold them out
  std::uint64_t paths = 0;   ///< whole records that the held-out parts make: test / groups · splits
};
/// None unless 0 < test < groups, and when they cannot be counted.
[[nodiscard]] std::optional<cross_validation_size> cross_validation_size_of(std::uint64_t groups, std::uint64_t test) noexcept;

/// What became of the configuration that was best on one half of the record.
struct overfitting_verdict {
  double probability = 0;       ///< PBO: the share of splits in which it is not above the median of the other half; above 0.5 choosing adds nothing
  double loss_probability = 0;  ///< the share of splits in which it loses there
  std::vector<double> logits;   ///< ln(ω / (1 - ω)) of each split, ω its rank there over configurations + 1
};

/// The probability of back-test overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado, Zhu 2015),
/// judged by mean return. `blocks` holds the mean return of each of `configurations` in each of an even number of blocks of equal length,
/// block after block. Half of the blocks are chosen in every way: the configuration that is best there (the first of equals) is ranked on
/// the others, equals all with the lowest of their ranks. None for fewer than two configurations or blocks, an odd number of blocks or more
/// than 20, rows that are not whole, or a value that is no sample. O(C(S, S/2) S N).
[[nodiscard]] std::optional<overfitting_verdict> judge_overfitting(std::span<const double> blocks, std::size_t configurations);

}  // namespace remora::stats
