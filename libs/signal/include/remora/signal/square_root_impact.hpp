#pragma once

#include <cmath>

namespace remora::signal {

/// How far a metaorder moves the price: I = Y σ (Q / V)^δ, σ and V of one day, whatever its duration (Tóth et al. 2011). The defaults are
/// those measured on every metaorder of the Tokyo exchange (Sato and Kanazawa 2024: δ = 0.489 ± 0.0015, prefactor 0.842).
struct square_root_impact {
  double prefactor = 0.84;
  double exponent = 0.5;

  /// Relative to the price: `day_share` is Q / V, not negative, `deviation` σ of a day's return.
  [[nodiscard]] double peak(double day_share, double deviation) const noexcept {
    return prefactor * deviation * std::pow(day_share, exponent);
  }
  /// What the order's own parts pay on average, over the peak: 1 / (1 + δ).
  [[nodiscard]] double average_over_peak() const noexcept { return 1 / (1 + exponent); }
  [[nodiscard]] double average(double day_share, double deviation) const noexcept { return peak(day_share, deviation) * average_over_peak(); }
  /// The day's share of volume that would move the price so far; the inverse of `peak`. `deviation` positive.
  [[nodiscard]] double day_share_of(double move, double deviation) const noexcept {
    return std::pow(move / (prefactor * deviation), 1 / exponent);
  }
};

/// The decay of single impacts, G(t) ~ t^-β, that keeps prices unpredictable while signs remember as lag^-γ: β = (1 - γ) / 2 (Bouchaud et
/// al. 2004). γ in (0, 1).
[[nodiscard]] constexpr double diffusive_decay(double sign_memory) noexcept { return (1 - sign_memory) / 2; }

}  // namespace remora::signal
