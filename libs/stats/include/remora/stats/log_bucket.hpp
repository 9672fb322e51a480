#pragma once

#include <cstdint>
#include <optional>

namespace remora::stats {

/// Buckets whose borders grow by one factor γ = (1 + a)/(1 - a) (the idea of DDSketch, Masson et al., VLDB 2019): bucket i holds
/// γ^(i-1) < x <= γ^i and stands for 2γ^i/(γ + 1), which is within a = 1 % of every x in it.
/// The borders come from a table built by multiplication alone, so the bucket of x is the same on every machine.
inline constexpr double log_bucket_accuracy = 0.01;
/// Holds everything from 0 to 9.8e-10 and stands for 0.
inline constexpr int log_bucket_lowest = -1037;
/// Ends at 1.015e18; nothing above it is accepted.
inline constexpr int log_bucket_highest = 2073;

/// The bucket of x; none when x is negative, NaN or above the highest bucket.
[[nodiscard]] std::optional<int> log_bucket_of(double x) noexcept;

/// The value that stands for a bucket between the lowest and the highest.
[[nodiscard]] double log_bucket_value(int bucket) noexcept;

/// Which of n ordered values, from 0, is the q-quantile: ⌊q (n - 1)⌋; none when there is none or q is outside [0, 1].
[[nodiscard]] std::optional<std::uint64_t> quantile_place(double q, std::uint64_t n) noexcept;

}  // namespace remora::stats
