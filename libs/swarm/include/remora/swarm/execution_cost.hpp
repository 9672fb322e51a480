#pragma once

#include <cstddef>
#include <optional>
#include <vector>

/// What working an order is expected to cost, before it is worked: models of linear and of power-law impact. Signal mathematics in doubles,
/// for planning and reports; what was really paid is in shortfall.hpp.
namespace remora::swarm {

/// The market of Almgren and Chriss (2000), in units of price, quantity and time.
struct linear_market {
  double deviation = 0;    ///< σ, price per √time
  double half_spread = 0;  ///< ε
  double permanent = 0;    ///< γ, price per quantity
  double temporary = 0;    ///< η, price per quantity and time
};

struct liquidation {
  double size = 0;           ///< X
  double horizon = 1;        ///< T
  std::size_t slices = 1;    ///< N
  double risk_aversion = 0;  ///< λ: variance is worth that much cost; below 0 it is sought
};

/// The best schedule under linear impact.
struct schedule {
  double kappa = 0;              ///< urgency per time; for negative risk aversion that of a circle
  std::vector<double> holdings;  ///< left after 0, 1 … N slices
  double cost = 0;               ///< E: γX²/2 + εX + η̃/τ Σn², η̃ = η - γτ/2
  double variance = 0;           ///< of the cost: σ²τ Σx²
};

/// Almgren and Chriss: xⱼ = X sinh(κ(T - tⱼ)) / sinh(κT), cosh(κτ) = λσ²τ²/(2η̃) + 1. Without risk aversion it is a line, with a negative
/// one sin and cos. None when a number is not finite, horizon or slices are not positive, η̃ is not positive, or λ is so negative that no
/// schedule is best.
[[nodiscard]] std::optional<schedule> best_schedule(const liquidation& task, const linear_market& market);

/// A book that refills at rate ρ over a horizon T, as shares of the order (Obizhaeva and Wang 2013).
struct refill_schedule {
  double block = 0;    ///< at the start, and again at the end: 1 / (ρT + 2)
  double between = 0;  ///< evenly in between: ρT / (ρT + 2)
};
/// None for a ρT that is negative or no number.
[[nodiscard]] std::optional<refill_schedule> refill_schedule_of(double resilience_horizon);

/// An order as Almgren, Thum, Hauptmann and Li (2005) look at it.
struct equity_order {
  double day_share = 0;    ///< X / V, of a day's volume
  double turnover = 1;     ///< V / Θ, a day's volume over the shares outstanding
  double deviation = 0;    ///< σ of a day's return
  double days = 1;         ///< T it takes, in days of trading
};

struct equity_impact {
  double permanent = 0;  ///< I = 0.314 σ X/V (Θ/V)^(1/4)
  double temporary = 0;  ///< K = 0.142 σ |X/(VT)|^(3/5)
  [[nodiscard]] double cost() const noexcept { return permanent / 2 + temporary; }  ///< J, relative to the price
};
/// Fitted to orders in American shares; coins have no Θ, so it is a yardstick and not a forecast. None unless turnover and days are
/// positive and the rest is not negative.
[[nodiscard]] std::optional<equity_impact> equity_impact_of(const equity_order& order);

}  // namespace remora::swarm
