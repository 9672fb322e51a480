#include "remora/stats/power_law.hpp"

#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace remora::stats {
namespace {

/// Largest distance of the ascending tail's steps to the law, before and after each.
double distance_of(std::span<const double> tail, const power_law& law) noexcept {
  const auto n = static_cast<double>(tail.size());
  double largest = 0;
  for (std::size_t i = 0; i < tail.size(); ++i) {
    const double below = 1 - std::pow(law.x_min / tail[i], law.alpha - 1);
    largest = std::max({largest, below - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - below});
  }
  return largest;
}

std::optional<power_law> fit_tail(std::span<const double> tail, double x_min) noexcept {
  double logs = 0;
  for (const double x : tail) logs += std::log(x / x_min);
  if (tail.size() < 2 || !(logs > 0)) return std::nullopt;
  const auto n = static_cast<double>(tail.size());
  power_law law;
  law.alpha = 1 + n / logs;
  law.error = (law.alpha - 1) / std::sqrt(n);
  law.x_min = x_min;
  law.tail = tail.size();
  law.distance = distance_of(tail, law);
  return law;
}

std::optional<std::vector<double>> ascending(std::span<const double> values) {
  if (!std::ranges::all_of(values, is_sample)) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  return sorted;
}

std::span<const double> tail_from(std::span<const double> sorted, double x_min) noexcept {
  return {std::ranges::lower_bound(sorted, x_min), sorted.end()};
}

}  // namespace

std::optional<power_law> fit_power_law(std::span<const double> values, double x_min) {
  const auto sorted = ascending(values);
  if (!sorted || !(x_min > 0) || !is_sample(x_min)) return std::nullopt;
  return fit_tail(tail_from(*sorted, x_min), x_min);
}

std::optional<power_law> fit_power_law(std::span<const double> values, const tail_search& where) {
  const auto sorted = ascending(values);
  if (!sorted || sorted->size() < where.tail_min || where.candidates_max == 0) return std::nullopt;
  const std::size_t beginnings = sorted->size() - where.tail_min + 1;
  const std::size_t step = std::max<std::size_t>(1, (beginnings - 1) / where.candidates_max + 1);
  std::optional<power_law> best;
  for (std::size_t i = 0; i < beginnings; i += step) {
    const double x_min = (*sorted)[i];
    if (!(x_min > 0) || (i > 0 && x_min == (*sorted)[i - step])) continue;
    const auto law = fit_tail(tail_from(*sorted, x_min), x_min);
    if (law && (!best || law->distance < best->distance)) best = law;
  }
  return best;
}

std::optional<double> hill_index(std::span<const double> values, std::size_t k) {
  if (k == 0 || k >= values.size() || !std::ranges::all_of(values, is_sample)) return std::nullopt;
  std::vector<double> largest(k + 1);
  std::ranges::partial_sort_copy(values, largest, std::greater());
  if (!(largest.back() > 0)) return std::nullopt;
  double logs = 0;
  for (const double x : largest) logs += std::log(x / largest.back());
  if (!(logs > 0)) return std::nullopt;
  return static_cast<double>(k) / logs;
}

}  // namespace remora::stats
