#include "remora/swarm/detectability.hpp"

#include "remora/stats/independence.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>
#include <vector>

namespace remora::swarm {
namespace {

constexpr std::size_t children_min = 5;

double seconds_from(timestamp start, timestamp time) noexcept { return static_cast<double>((time - start).count()) * 1e-9; }

std::optional<double> periodicity_of(std::span<const seen_child> children) {
  const std::size_t n = children.size();
  // A period of n equal gaps: the last child's own gap belongs to it, as long as the others' on average.
  const double span = seconds_from(children.front().at, children.back().at) * static_cast<double>(n) / static_cast<double>(n - 1);
  if (!(span > 0)) return std::nullopt;
  std::vector<double> ordinates;
  for (std::size_t j = 1; j <= 3 * n / 2; ++j) {
    std::complex<double> sum = 0;
    for (const seen_child& child : children) {
      sum += std::polar(1.0, 2 * std::numbers::pi * static_cast<double>(j) * seconds_from(children.front().at, child.at) / span);
    }
    ordinates.push_back(std::norm(sum) / static_cast<double>(n));
  }
  const auto g = stats::fisher_g(ordinates);
  return g ? stats::fisher_g_tail(std::min(*g, 1.0), ordinates.size()) : std::nullopt;
}

std::optional<double> gap_variation_of(std::span<const seen_child> children) {
  stats::running_moments gaps;
  for (std::size_t i = 1; i < children.size(); ++i) gaps.push(seconds_from(children[i - 1].at, children[i].at));
  return gaps.mean() > 0 ? std::optional(gaps.deviation() / gaps.mean()) : std::nullopt;
}

double equal_sizes_of(std::span<const seen_child> children) {
  std::size_t equal = 0;
  for (std::size_t i = 1; i < children.size(); ++i) equal += children[i].size == children[i - 1].size ? 1 : 0;
  return static_cast<double>(equal) / static_cast<double>(children.size() - 1);
}

}  // namespace

detectability detectability_of(std::span<const seen_child> children) {
  if (children.size() < children_min) return {};
  return {periodicity_of(children), gap_variation_of(children), equal_sizes_of(children)};
}

void detectability_means::add(const detectability& one) {
  if (one.periodicity_p) rhythm_.push(*one.periodicity_p < 0.05 ? 1.0 : 0.0);
  if (one.gap_variation) gap_variation_.push(*one.gap_variation);
  if (one.equal_sizes) equal_sizes_.push(*one.equal_sizes);
}

std::optional<double> detectability_means::mean_of(const stats::running_moments& values) noexcept {
  return values.count() == 0 ? std::nullopt : std::optional(values.mean());
}

std::optional<double> area_under_curve(std::span<const double> when_true, std::span<const double> when_false) {
  if (when_true.empty() || when_false.empty()) return std::nullopt;
  std::vector<std::pair<double, bool>> all;
  for (const double score : when_true) all.emplace_back(score, true);
  for (const double score : when_false) all.emplace_back(score, false);
  if (std::any_of(all.begin(), all.end(), [](const auto& each) { return std::isnan(each.first); })) return std::nullopt;
  std::sort(all.begin(), all.end());
  double above = 0, false_below = 0;
  for (auto tie = all.begin(); tie != all.end();) {
    const auto end = std::find_if(tie, all.end(), [&](const auto& each) { return each.first != tie->first; });
    const auto positives = static_cast<double>(std::count_if(tie, end, [](const auto& each) { return each.second; }));
    const auto negatives = static_cast<double>(end - tie) - positives;
    above += positives * (false_below + negatives / 2);
    false_below += negatives;
    tie = end;
  }
  return above / (static_cast<double>(when_true.size()) * static_cast<double>(when_false.size()));
}

}  // namespace remora::swarm
