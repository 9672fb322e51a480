#include "remora/stats/power_law.hpp"

#include <algorithm>
#include <cmath>

namespace remora::stats {
namespace {

constexpr std::size_t candidates_max = 50;

double distance_of(std::span<const double> tail, const power_law& law) noexcept {
  const auto n = static_cast<double>(tail.size());
  double largest = 0;
  for (std::size_t i = 0; i < tail.size(); ++i) {
    const double expected = 1 - std::pow(tail[i] / law.from, 1 - law.exponent);
    const double below = static_cast<double>(i) / n, through = static_cast<double>(i + 1) / n;
    largest = std::max({largest, std::abs(expected - below), std::abs(expected - through)});
  }
  return largest;
}

}  // namespace

double power_law::standard_error() const noexcept { return (exponent - 1) / std::sqrt(static_cast<double>(values)); }

std::optional<power_law> fit_power_law(std::span<const double> ascending, double from) noexcept {
  if (!(from > 0)) return std::nullopt;
  const auto tail = ascending.subspan(static_cast<std::size_t>(std::lower_bound(ascending.begin(), ascending.end(), from) - ascending.begin()));
  double logarithms = 0;
  for (const double x : tail) logarithms += std::log(x / from);
  if (tail.size() < 2 || !(logarithms > 0) || !std::isfinite(logarithms)) return std::nullopt;
  power_law law{1 + static_cast<double>(tail.size()) / logarithms, from, tail.size()};
  law.distance = distance_of(tail, law);
  return law;
}

std::optional<power_law> fit_power_law(std::span<const double> ascending) noexcept {
  std::optional<power_law> best;
  if (ascending.size() < power_law_values_min) return best;
  const std::size_t beginnings = ascending.size() - power_law_values_min + 1;
  const std::size_t step = (beginnings + candidates_max - 1) / candidates_max;
  for (std::size_t i = 0; i < beginnings; i += step) {
    if (i > 0 && ascending[i] == ascending[i - step]) continue;
    const auto law = fit_power_law(ascending, ascending[i]);
    if (law && (!best || law->distance < best->distance)) best = law;
  }
  return best;
}

}  // namespace remora::stats
