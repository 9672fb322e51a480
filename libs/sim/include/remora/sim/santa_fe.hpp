#pragma once

namespace remora::sim {

/// Rates of a book whose orders come without any intention (Daniels, Farmer, Gillemot, Iori, Smith 2003).
struct santa_fe_rates {
  double market = 1;        ///< μ, shares of market orders a second
  double limit = 1;         ///< α, shares of limit orders a second and unit of price
  double cancellation = 1;  ///< δ, of a resting share, a second
  double order_size = 1;    ///< σ, shares
};

/// How far orders come in grains: ε = δ σ / μ.
[[nodiscard]] double granularity_of(const santa_fe_rates& rates) noexcept;
/// The spread in units of μ / α: f(ε) = 0.28 + 1.86 ε^(3/4) (Farmer, Patelli, Zovko 2005).
[[nodiscard]] double scaled_spread(double granularity) noexcept;
/// The mean spread such a book shows, in units of price; rates positive. What a book of flow shows beyond it is intention.
[[nodiscard]] double spread_of(const santa_fe_rates& rates) noexcept;

}  // namespace remora::sim
