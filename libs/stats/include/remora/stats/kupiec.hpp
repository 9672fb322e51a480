#pragma once

#include "remora/stats/tally.hpp"

#include <cstdint>
#include <optional>

namespace remora::stats {

/// Kupiec's (1995) likelihood ratio of "each trial hits with probability p" against the share that was seen: χ² with one degree of freedom
/// when p is true. Two-sided: too few hits speak against p as too many do. None for an invalid tally or a p outside (0, 1).
[[nodiscard]] std::optional<double> kupiec_ratio(const tally& seen, double p);

/// Counts of hits, both ends included.
struct count_range {
  std::uint64_t least = 0;
  std::uint64_t most = 0;

  friend bool operator==(const count_range&, const count_range&) = default;
};

/// What is to be judged: a probability, on so many trials, at a confidence.
struct kupiec_question {
  std::uint64_t trials = 0;
  double p = 0.05;
  double confidence = 0.95;
};

/// The counts that do not speak against p. Kupiec's printed table joins no hits at all to the lower end where p is small; the ratio itself
/// rejects them (5.13 for 255 trials at 1 %). None without trials, for p or confidence outside (0, 1), or when no count is left. O(hits).
[[nodiscard]] std::optional<count_range> kupiec_accepts(const kupiec_question& question);

}  // namespace remora::stats
