#pragma once

#include "remora/base/random.hpp"
#include "remora/stats/interval.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace remora::stats {

/// The interval in which the mean of independent samples lies with that probability, by the percentiles of the means of samples drawn anew with
/// replacement (Efron 1979). None below two samples. O(n · resamples).
[[nodiscard]] std::optional<interval> bootstrap_mean(std::span<const double> samples, double level, std::size_t resamples, philox& draws);

}  // namespace remora::stats
