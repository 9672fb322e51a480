#include "remora/stats/log_bucket.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace remora::stats {
namespace {

constexpr double growth = (1 + log_bucket_accuracy) / (1 - log_bucket_accuracy);

/// borders[i - lowest] = γ^i, the upper end of bucket i.
constexpr auto borders = [] {
  std::array<double, log_bucket_highest - log_bucket_lowest + 1> result{};
  constexpr std::size_t one = -log_bucket_lowest;
  result[one] = 1;
  for (std::size_t i = one + 1; i < result.size(); ++i) result[i] = result[i - 1] * growth;
  for (std::size_t i = one; i > 0; --i) result[i - 1] = result[i] / growth;
  return result;
}();

}  // namespace

std::optional<int> log_bucket_of(double x) noexcept {
  if (!(x >= 0 && x <= borders.back())) return std::nullopt;
  return log_bucket_lowest + static_cast<int>(std::lower_bound(borders.begin(), borders.end(), x) - borders.begin());
}

double log_bucket_value(int bucket) noexcept {
  REMORA_ASSERT(bucket >= log_bucket_lowest && bucket <= log_bucket_highest);
  if (bucket == log_bucket_lowest) return 0;
  return 2 * borders[static_cast<std::size_t>(bucket - log_bucket_lowest)] / (growth + 1);
}

std::optional<std::uint64_t> quantile_place(double q, std::uint64_t n) noexcept {
  if (n == 0 || !(q >= 0 && q <= 1)) return std::nullopt;
  return static_cast<std::uint64_t>(std::floor(q * static_cast<double>(n - 1)));
}

}  // namespace remora::stats
