#include "remora/stats/kupiec.hpp"

#include "remora/stats/normal.hpp"

#include <cmath>

namespace remora::stats {
namespace {

bool is_open_share(double p) noexcept { return p > 0 && p < 1; }

/// n ln(a / b), 0 for n = 0 whatever a.
double weighted_log_ratio(std::uint64_t n, double a, double b) noexcept {
  return n == 0 ? 0 : static_cast<double>(n) * std::log(a / b);
}

double ratio_of(const tally& seen, double p) noexcept {
  const double share = seen.share();
  return 2 * (weighted_log_ratio(seen.hits, share, p) + weighted_log_ratio(seen.trials - seen.hits, 1 - share, 1 - p));
}

}  // namespace

std::optional<double> kupiec_ratio(const tally& seen, double p) {
  if (!seen.valid() || !is_open_share(p)) return std::nullopt;
  return ratio_of(seen, p);
}

std::optional<count_range> kupiec_accepts(const kupiec_question& question) {
  const std::uint64_t trials = question.trials;
  const double p = question.p, confidence = question.confidence;
  const auto z = normal_quantile(0.5 + confidence / 2);
  if (trials == 0 || !is_open_share(p) || !is_open_share(confidence) || !z) return std::nullopt;
  const auto accepted = [&](std::uint64_t hits) { return ratio_of({hits, trials}, p) < *z * *z; };  // χ² with one degree is a squared normal
  // The ratio falls up to the expected count and rises after it: walk outwards from there.
  auto least = static_cast<std::uint64_t>(p * static_cast<double>(trials));
  if (!accepted(least)) ++least;
  if (least > trials || !accepted(least)) return std::nullopt;
  count_range range{least, least};
  while (range.least > 0 && accepted(range.least - 1)) --range.least;
  while (range.most < trials && accepted(range.most + 1)) ++range.most;
  return range;
}

}  // namespace remora::stats
