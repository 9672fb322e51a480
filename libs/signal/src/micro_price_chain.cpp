#include "remora/signal/micro_price_chain.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {
namespace {

constexpr double pivot_min = 1e-12;
constexpr int terms_max = 10'000;
constexpr double term_small = 1e-13;   // of the largest first move
constexpr double sum_large = 1e6;      // of the largest first move: it grows without bound

using rows = std::vector<std::vector<double>>;

/// [ I - Q | T | drift ], one row a state.
rows augmented(const micro_price_chain& chain) {
  const std::size_t n = chain.states();
  rows m(n, std::vector<double>(2 * n + 1));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      m[i][j] = (i == j ? 1.0 : 0.0) - chain.stays[i * n + j];
      m[i][n + j] = chain.moves[i * n + j];
    }
    m[i][2 * n] = chain.drift[i];
  }
  return m;
}

void subtract(std::vector<double>& from, const std::vector<double>& row, double factor, std::size_t first) {
  for (std::size_t k = first; k < row.size(); ++k) from[k] -= factor * row[k];
}

/// Gauss–Jordan with row pivots: leaves [ I | B | G¹ ]; false when the left part is singular.
bool reduce(rows& m) {
  const std::size_t n = m.size();
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r)
      if (std::abs(m[r][c]) > std::abs(m[pivot][c])) pivot = r;
    if (!(std::abs(m[pivot][c]) > pivot_min)) return false;
    std::swap(m[c], m[pivot]);
    const double scale = m[c][c];
    for (std::size_t k = c; k < m[c].size(); ++k) m[c][k] /= scale;
    for (std::size_t r = 0; r < n; ++r)
      if (r != c) subtract(m[r], m[c], m[r][c], c);
  }
  return true;
}

double largest(const std::vector<double>& values) noexcept {
  double result = 0;
  for (const double each : values) result = std::max(result, std::abs(each));
  return result;
}

/// B times a column.
std::vector<double> applied(const rows& m, const std::vector<double>& column) {
  const std::size_t n = m.size();
  std::vector<double> result(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) result[i] += m[i][n + j] * column[j];
  return result;
}

/// Σ Bⁱ G¹.
std::optional<std::vector<double>> limit_of(const rows& m, const std::vector<double>& first) {
  const double scale = largest(first);
  std::vector<double> total = first;
  std::vector<double> term = first;
  for (int i = 0; i < terms_max && largest(term) > term_small * scale; ++i) {
    term = applied(m, term);
    for (std::size_t s = 0; s < total.size(); ++s) total[s] += term[s];
    if (!(largest(total) <= sum_large * scale)) return std::nullopt;
  }
  return largest(term) <= term_small * scale ? std::optional(total) : std::nullopt;
}

}  // namespace

std::optional<micro_price_fit> solve(const micro_price_chain& chain) {
  const std::size_t n = chain.states();
  if (n == 0 || chain.stays.size() != n * n || chain.moves.size() != n * n) return std::nullopt;
  rows m = augmented(chain);
  if (!reduce(m)) return std::nullopt;
  micro_price_fit fit;
  for (const auto& row : m) fit.first.push_back(row[2 * n]);
  auto limit = limit_of(m, fit.first);
  if (!limit) return std::nullopt;
  fit.limit = std::move(*limit);
  return fit;
}

}  // namespace remora::signal
