#pragma once

#include <optional>

namespace remora::risk {

/// A bet that wins `payoff_ratio` per unit staked with `win_probability` and loses the unit otherwise.
struct bet {
  double win_probability = 0.5;
  double payoff_ratio = 1.0;
};

/// The share of wealth that maximises growth: f* = p - (1 - p) / b (Kelly 1956); not positive without an edge.
[[nodiscard]] double kelly_share(const bet& terms) noexcept;
/// Expected growth per bet at a share f: p ln(1 + b f) + (1 - p) ln(1 - f).
[[nodiscard]] double growth_of(const bet& terms, double share) noexcept;

/// Returns that come in small steps, per unit of time.
struct edge {
  double mean = 0;
  double deviation = 1;  ///< positive
};

/// Of a bet's result in stakes: mean p b - (1 - p) and deviation (1 + b) √(p (1 - p)).
[[nodiscard]] edge edge_of(const bet& terms) noexcept;

/// The share of wealth (above 1: with leverage) that maximises growth: mean / variance (Merton 1969).
[[nodiscard]] double kelly_share(const edge& of) noexcept;
/// Expected growth per unit of time at a share f: mean f - variance f² / 2; at twice the Kelly share it is none.
[[nodiscard]] double growth_of(const edge& of, double share) noexcept;

/// The probability that wealth ever falls to that part of what it was, betting that fraction of the Kelly share for ever: part^(2 /
/// fraction - 1) (Thorp 2006); 1 from twice the Kelly share on. None unless the part is in (0, 1) and the fraction positive.
[[nodiscard]] std::optional<double> fall_probability(double part, double kelly_fraction) noexcept;

}  // namespace remora::risk
