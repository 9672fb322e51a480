#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace remora::stats {

/// Whether exceptions come alone. A value at risk that is right on average may still fail in clusters, when losses are largest.
struct christoffersen_verdict {
  std::uint64_t quiet_quiet = 0;          ///< steps from no exception to none
  std::uint64_t quiet_hit = 0;
  std::uint64_t hit_quiet = 0;
  std::uint64_t hit_hit = 0;              ///< an exception after an exception
  double ratio = 0;                       ///< of "as likely after one as after none" against what was seen
  double p = 1;                           ///< of a larger ratio for independent exceptions: χ² with one degree of freedom
};

/// Christoffersen's (1998) test of independence: -2 ln of (1-π)^(n₀₀+n₁₀) π^(n₀₁+n₁₁) over (1-π₀₁)^n₀₀ π₀₁^n₀₁ (1-π₁₁)^n₁₀ π₁₁^n₁₁, with π₀₁ =
/// n₀₁/(n₀₀+n₀₁), π₁₁ = n₁₁/(n₁₀+n₁₁), π = (n₀₁+n₁₁)/n. 0 is no exception, all else is one. None unless a step begins at either kind: without it
/// there is nothing to compare.
[[nodiscard]] std::optional<christoffersen_verdict> christoffersen(std::span<const std::uint8_t> exceptions);

/// The probability that χ² with that many degrees of freedom is larger. None unless both are positive or the value is zero.
[[nodiscard]] std::optional<double> chi_squared_tail(double value, double degrees);

}  // namespace remora::stats
