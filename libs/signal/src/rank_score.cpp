#include "remora/signal/rank_score.hpp"

#include "remora/stats/normal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace remora::signal {
namespace {

constexpr double rank_min = 0.001;
constexpr double correlation_gain = 0.001;  // 1 - λ

constexpr std::size_t place_of(std::size_t i, std::size_t j) noexcept { return i * (i + 1) / 2 + j; }

template <class T, std::size_t... I>
std::array<T, sizeof...(I)> filled(const T& value, std::index_sequence<I...>) {
  return {((void)I, value)...};
}

}  // namespace

rank_score::rank_score(std::uint32_t window)
    : past_(filled(stats::trailing_rank(window), std::make_index_sequence<measures>())),
      products_(filled(stats::ewma(correlation_gain), std::make_index_sequence<measures * (measures + 1) / 2>())) {}

double rank_score::correlation(std::size_t i, std::size_t j) const noexcept {
  if (i == j) return 1;
  const double squares = products_[place_of(i, i)].mean() * products_[place_of(j, j)].mean();
  return squares > 0 ? products_[place_of(std::max(i, j), std::min(i, j))].mean() / std::sqrt(squares) : 0;
}

std::optional<double> rank_score::add(const values& measured) {
  ++count_;
  std::array<std::optional<double>, measures> z;
  for (std::size_t i = 0; i < measures; ++i) {
    ranks_[i] = measured[i] ? past_[i].rank_of(*measured[i]) : std::nullopt;
    if (ranks_[i]) z[i] = *stats::normal_quantile(std::clamp(*ranks_[i], rank_min, 1 - rank_min));
    if (measured[i]) past_[i].push(*measured[i]);
  }
  double sum = 0, variance = 0;
  for (std::size_t i = 0; i < measures; ++i) {
    for (std::size_t j = 0; j <= i; ++j)
      if (z[i] && z[j]) products_[place_of(i, j)].push(*z[i] * *z[j]);
  }
  for (std::size_t i = 0; i < measures; ++i) {
    if (!z[i]) continue;
    sum += weights[i] * *z[i];
    for (std::size_t j = 0; j < measures; ++j)
      if (z[j]) variance += weights[i] * weights[j] * correlation(i, j);
  }
  return variance > 0 ? std::optional(stats::normal_cdf(sum / std::sqrt(variance))) : std::nullopt;
}

}  // namespace remora::signal
