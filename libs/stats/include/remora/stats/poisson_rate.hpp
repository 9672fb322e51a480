#pragma once

#include "remora/stats/interval.hpp"

#include <cstdint>
#include <optional>

namespace remora::stats {

/// The largest mean that a Poisson count is still compatible with: χ²(2(count + 1)) at `confidence`, halved (Garwood 1936). One-sided:
/// a larger mean gives so few only with probability 1 - confidence. None for a confidence outside (0, 1).
[[nodiscard]] std::optional<double> poisson_upper_bound(std::uint64_t count, double confidence = 0.95);

/// The exact two-sided interval of the mean behind a Poisson count (Garwood 1936), half of the doubt on each side; from 0 for no count.
[[nodiscard]] std::optional<interval> poisson_interval(std::uint64_t count, double confidence = 0.95);

/// "At most `rate` alarms an event", said with `confidence`. Events must be independent, so alarms of one cluster count once.
struct promised_rate {
  double rate = 1e-3;
  double confidence = 0.95;
};

/// What was seen of a promise.
struct alarm_count {
  std::uint64_t alarms = 0;
  std::uint64_t events = 0;
};

/// Events that must have been seen, with that many alarms among them, before the promise is certified: the upper bound of the count over
/// the rate, rounded up. None for a rate that is not positive, or a confidence outside (0, 1).
[[nodiscard]] std::optional<std::uint64_t> events_to_certify(std::uint64_t alarms, const promised_rate& promise = {});

/// What was seen is enough to hold the promise; false also for a promise that cannot be certified.
[[nodiscard]] bool certifies(const alarm_count& seen, const promised_rate& promise = {});

}  // namespace remora::stats
