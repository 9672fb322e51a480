#include "remora/stats/calibration.hpp"

#include "remora/stats/logistic.hpp"
#include "remora/stats/tally.hpp"

#include <algorithm>
#include <cmath>

namespace remora::stats {
namespace {

constexpr double certainty_max = 1 - 1e-12;

double cut(double confidence) noexcept { return std::clamp(confidence, 1 - certainty_max, certainty_max); }

bool are_confidences(std::span<const forecast> forecasts) noexcept {
  return !forecasts.empty() && std::ranges::all_of(forecasts, [](const forecast& f) { return f.confidence >= 0 && f.confidence <= 1; });
}

double squared(double x) noexcept { return x * x; }

reliability_bin bin_of(std::span<const forecast> members) {
  reliability_bin bin;
  bin.count = members.size();
  for (const forecast& f : members) {
    bin.happened += f.happened ? 1 : 0;
    bin.confidence += f.confidence;
  }
  const tally seen{bin.happened, bin.count};
  bin.confidence /= static_cast<double>(bin.count);
  bin.share = seen.share();
  bin.likely = wilson_interval(seen).value();
  return bin;
}

/// Sorted forecasts cut into bins of n / bins, each stretched over its last confidence's equals.
std::vector<reliability_bin> bins_of(std::span<const forecast> sorted, std::size_t bins) {
  std::vector<reliability_bin> table;
  for (std::size_t begin = 0, k = 1; begin < sorted.size(); ++k) {
    std::size_t end = std::max(begin + 1, sorted.size() * std::min(k, bins) / bins);
    while (end < sorted.size() && sorted[end].confidence == sorted[end - 1].confidence) ++end;
    table.push_back(bin_of(sorted.subspan(begin, end - begin)));
    begin = end;
  }
  return table;
}

void add_scores(calibration& judged, std::span<const forecast> forecasts) {
  const auto n = static_cast<double>(forecasts.size());
  for (const forecast& f : forecasts) {
    judged.brier += squared(f.confidence - (f.happened ? 1 : 0)) / n;
    judged.log_loss -= std::log(f.happened ? cut(f.confidence) : 1 - cut(f.confidence)) / n;
  }
}

void add_decomposition(calibration& judged) {
  const auto n = static_cast<double>(judged.count);
  double happened = 0;
  for (const reliability_bin& bin : judged.table) happened += static_cast<double>(bin.happened);
  const double overall = happened / n;
  judged.uncertainty = overall * (1 - overall);
  for (const reliability_bin& bin : judged.table) {
    const double part = static_cast<double>(bin.count) / n;
    judged.reliability += part * squared(bin.confidence - bin.share);
    judged.resolution += part * squared(bin.share - overall);
    judged.expected_error += part * std::abs(bin.confidence - bin.share);
  }
  judged.within_bins = judged.brier - (judged.reliability - judged.resolution + judged.uncertainty);
}

}  // namespace

std::optional<double> calibration::skill() const noexcept {
  if (!(uncertainty > 0)) return std::nullopt;
  return 1 - brier / uncertainty;
}

std::optional<calibration> judge_calibration(std::span<const forecast> forecasts, std::size_t bins) {
  if (bins == 0 || !are_confidences(forecasts)) return std::nullopt;
  std::vector<forecast> sorted(forecasts.begin(), forecasts.end());
  std::ranges::stable_sort(sorted, {}, &forecast::confidence);
  calibration judged;
  judged.count = sorted.size();
  judged.table = bins_of(sorted, bins);
  add_scores(judged, sorted);
  add_decomposition(judged);
  return judged;
}

std::optional<double> recalibration_slope(std::span<const forecast> forecasts) {
  if (!are_confidences(forecasts)) return std::nullopt;
  logistic_sample sample;
  for (const forecast& f : forecasts) {
    sample.features.push_back(std::log(cut(f.confidence) / (1 - cut(f.confidence))));
    sample.outcomes.push_back(f.happened ? 1 : 0);
  }
  const auto fit = fit_logistic(sample);
  if (!fit) return std::nullopt;
  return fit->weights().front();
}

}  // namespace remora::stats
