#include "remora/risk/kelly.hpp"

#include <algorithm>
#include <cmath>

namespace remora::risk {

double kelly_share(const bet& terms) noexcept { return terms.win_probability - (1 - terms.win_probability) / terms.payoff_ratio; }

double growth_of(const bet& terms, double share) noexcept {
  return terms.win_probability * std::log1p(terms.payoff_ratio * share) + (1 - terms.win_probability) * std::log1p(-share);
}

edge edge_of(const bet& terms) noexcept {
  const auto [p, b] = terms;
  return {p * b - (1 - p), (1 + b) * std::sqrt(p * (1 - p))};
}

double kelly_share(const edge& of) noexcept { return of.mean / (of.deviation * of.deviation); }

double growth_of(const edge& of, double share) noexcept { return of.mean * share - of.deviation * of.deviation * share * share / 2; }

std::optional<double> fall_probability(double part, double kelly_fraction) noexcept {
  if (!(part > 0 && part < 1) || !(kelly_fraction > 0)) return std::nullopt;
  return std::pow(part, std::max(0.0, 2 / kelly_fraction - 1));
}

}  // namespace remora::risk
