#pragma once

#include <cstdint>

/// The exact autocorrelation of order signs under order splitting (Lillo, Mike, Farmer 2005), against which a generator or an estimate is
/// held. By renewal: with one order at work C(τ) = Σ_{L > τ} (L - τ) p_L / E[L].
namespace remora::sim {

/// Traders who work off orders of P(L >= k) = k^-alpha parts, alpha above 1, each part by one drawn at random: the law of
/// `long_memory_signs`.
struct splitting {
  std::uint32_t traders = 20;
  double alpha = 1.5;
};

/// C(τ) of one trader is ζ(α, τ + 1) / ζ(α); of M, (1/M) Σⱼ Bin(j; τ - 1, 1/M) C₁(j + 1). 1 at lag 0. O(lag).
[[nodiscard]] double sign_autocorrelation(const splitting& of, std::uint32_t lag);

/// One trader whose orders have p_L ∝ L^-exponent parts, exponent above 2: their mean length ζ(e - 1) / ζ(e).
[[nodiscard]] double zeta_law_mean(double exponent);
/// C(τ) of that trader: (ζ(e - 1, τ + 1) - τ ζ(e, τ + 1)) / ζ(e - 1).
[[nodiscard]] double zeta_law_autocorrelation(double exponent, std::uint32_t lag);

}  // namespace remora::sim
