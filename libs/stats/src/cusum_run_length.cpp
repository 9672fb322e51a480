#include "remora/stats/cusum_run_length.hpp"

#include "remora/stats/normal.hpp"

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace remora::stats {
namespace {

constexpr std::size_t nodes = 30;
constexpr std::size_t unknowns = nodes + 1;  // the run length from S = 0, and from each node
constexpr double threshold_max = 20;
constexpr double length_max = 1e12;

double normal_density(double x) noexcept { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

struct rule {
  std::array<double, nodes> at, weight;
};

/// Gauss–Legendre on [0, end].
rule rule_on(double end) {
  using gauss = boost::math::quadrature::gauss<double, nodes>;
  rule r{};
  for (std::size_t i = 0; i < nodes / 2; ++i) {
    const double x = gauss::abscissa()[i], w = gauss::weights()[i] * end / 2;
    r.at[2 * i] = end / 2 * (1 - x), r.weight[2 * i] = w;
    r.at[2 * i + 1] = end / 2 * (1 + x), r.weight[2 * i + 1] = w;
  }
  return r;
}

using matrix = std::array<std::array<double, unknowns + 1>, unknowns>;  // the last column is the right-hand side

/// L(z) = 1 + L(0) Φ(k - z - shift) + ∫ L(y) φ(y + k - z - shift) dy at z = 0 and at each node.
matrix equations(const cusum_design& design, double shift) {
  const rule r = rule_on(design.threshold);
  matrix m{};
  for (std::size_t row = 0; row < unknowns; ++row) {
    const double from = design.reference - shift - (row == 0 ? 0 : r.at[row - 1]);
    m[row][0] -= normal_cdf(from);
    for (std::size_t i = 0; i < nodes; ++i) m[row][i + 1] -= r.weight[i] * normal_density(r.at[i] + from);
    m[row][row] += 1;
    m[row][unknowns] = 1;
  }
  return m;
}

/// The first unknown, by elimination from the last to the first with row exchange.
double first_unknown(matrix& m) noexcept {
  for (std::size_t column = unknowns; column-- > 1;) {
    const auto larger = [column](const auto& a, const auto& b) { return std::abs(a[column]) < std::abs(b[column]); };
    std::swap(m[column], *std::max_element(m.begin(), m.begin() + static_cast<std::ptrdiff_t>(column) + 1, larger));
    for (std::size_t row = 0; row < column; ++row) {
      const double factor = m[row][column] / m[column][column];
      for (std::size_t j = 0; j <= unknowns; ++j) m[row][j] -= factor * m[column][j];
    }
  }
  return m[0][unknowns] / m[0][0];
}

bool is_sound(const cusum_design& design, double shift) noexcept {
  return design.threshold > 0 && design.threshold <= threshold_max && std::isfinite(design.reference) && std::isfinite(shift);
}

}  // namespace

std::optional<double> cusum_run_length(const cusum_design& design, double shift) {
  if (!is_sound(design, shift)) return std::nullopt;
  matrix m = equations(design, shift);
  const double length = first_unknown(m);
  // A length beyond the digits of a double comes out as any large number, of either sign.
  return length > 0 && length < length_max ? length : length_max;
}

std::optional<double> two_sided_run_length(const cusum_design& design, double shift) {
  const auto up = cusum_run_length(design, shift), down = cusum_run_length(design, -shift);
  if (!up || !down) return std::nullopt;
  return 1 / (1 / *up + 1 / *down);
}

std::optional<double> cusum_threshold(double length, double reference) {
  double low = 1e-6, high = threshold_max;
  const auto length_at = [reference](double threshold) { return cusum_run_length({reference, threshold}); };
  const auto shortest = length_at(low), longest = length_at(high);
  if (!shortest || !(length >= *shortest && length <= *longest && length < length_max)) return std::nullopt;
  constexpr int halvings = 48;
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    (*length_at(middle) < length ? low : high) = middle;
  }
  return (low + high) / 2;
}

double siegmund_run_length(const cusum_design& design, double shift) noexcept {
  constexpr double overshoot = 1.166;  // mean excess over both ends
  const double drift = shift - design.reference, b = design.threshold + overshoot;
  if (drift == 0) return b * b;
  return (std::exp(-2 * drift * b) + 2 * drift * b - 1) / (2 * drift * drift);
}

}  // namespace remora::stats
