#pragma once

#include "remora/stats/interval.hpp"

#include <cstdint>
#include <optional>

namespace remora::stats {

/// How often something happened that may happen once a trial: alarms among events, days beyond the value at risk.
struct tally {
  std::uint64_t hits = 0;
  std::uint64_t trials = 0;

  [[nodiscard]] bool valid() const noexcept { return trials > 0 && hits <= trials; }
  /// hits / trials; of a valid tally.
  [[nodiscard]] double share() const noexcept { return static_cast<double>(hits) / static_cast<double>(trials); }
};

/// Wilson's (1927) score interval of the true share, which stays inside [0, 1] and keeps its coverage for few trials, as the interval by
/// the normal error does not. None without trials, for more hits than trials, or a confidence outside (0, 1).
[[nodiscard]] std::optional<interval> wilson_interval(const tally& seen, double confidence = 0.95);

/// P(X >= seen.hits) when each of the trials hits with probability p: the binomial upper tail, by the incomplete beta function. None for
/// an invalid tally or a p outside [0, 1].
[[nodiscard]] std::optional<double> binomial_tail(const tally& seen, double p);

}  // namespace remora::stats
