#include "remora/sim/sign_memory.hpp"

#include "remora/base/assert.hpp"

#include <cmath>

namespace remora::sim {
namespace {

/// Hurwitz's ζ(s, a) = Σ (a + k)^-s, k >= 0, for s > 1 and a >= 1: ten terms, and the rest by Euler and Maclaurin, to about 1e-15.
double zeta(double s, double a) noexcept {
  constexpr int terms = 10;
  double sum = 0;
  for (int k = 0; k < terms; ++k) sum += std::pow(a + k, -s);
  const double n = a + terms, last = std::pow(n, -s);
  // B₂ⱼ / (2j)! = 1/12, -1/720, 1/30240, -1/1209600, 1/47900160
  constexpr double coefficients[] = {1.0 / 12, -1.0 / 720, 1.0 / 30'240, -1.0 / 1'209'600, 1.0 / 47'900'160};
  double rising = s * last / n;
  double correction = 0, order = s;
  for (const double c : coefficients) {
    correction += c * rising;
    rising *= (order + 1) * (order + 2) / (n * n);
    order += 2;
  }
  return sum + last * n / (s - 1) + last / 2 + correction;
}

double one_trader(double alpha, std::uint32_t lag) noexcept { return zeta(alpha, lag + 1.0) / zeta(alpha, 1); }

/// P(X = j) for X of n draws with probability p.
double binomial(std::uint32_t j, std::uint32_t n, double p) noexcept {
  if (p >= 1) return j == n ? 1 : 0;
  const double choices = std::lgamma(n + 1.0) - std::lgamma(j + 1.0) - std::lgamma(n - j + 1.0);
  return std::exp(choices + j * std::log(p) + (n - j) * std::log1p(-p));
}

}  // namespace

double sign_autocorrelation(const splitting& of, std::uint32_t lag) {
  REMORA_ASSERT(of.alpha > 1 && of.traders > 0);
  if (lag == 0) return 1;
  // The same trader must come again after the lag, and in between j times of lag - 1.
  const double share = 1.0 / of.traders;
  double sum = 0;
  for (std::uint32_t j = 0; j < lag; ++j) sum += binomial(j, lag - 1, share) * one_trader(of.alpha, j + 1);
  return share * sum;
}

double zeta_law_mean(double exponent) {
  REMORA_ASSERT(exponent > 2);
  return zeta(exponent - 1, 1) / zeta(exponent, 1);
}

double zeta_law_autocorrelation(double exponent, std::uint32_t lag) {
  REMORA_ASSERT(exponent > 2);
  return (zeta(exponent - 1, lag + 1.0) - lag * zeta(exponent, lag + 1.0)) / zeta(exponent - 1, 1);
}

}  // namespace remora::sim
