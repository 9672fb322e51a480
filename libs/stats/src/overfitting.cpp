#include "remora/stats/overfitting.hpp"

#include "remora/stats/sample.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace remora::stats {
namespace {

constexpr std::size_t blocks_max = 20;

/// Sums over the blocks whose bit is set, of each configuration.
std::vector<double> sums_over(std::uint32_t chosen, std::span<const double> blocks, std::size_t configurations) {
  std::vector<double> sums(configurations);
  for (std::size_t row = 0; row * configurations < blocks.size(); ++row) {
    if ((chosen >> row & 1) == 0) continue;
    for (std::size_t c = 0; c < configurations; ++c) sums[c] += blocks[row * configurations + c];
  }
  return sums;
}

/// 1 for the lowest, as many as there are for the highest; equals all have the lowest of their ranks, which is never in favour of the choice.
double rank_of(std::size_t which, const std::vector<double>& values) noexcept {
  return 1 + static_cast<double>(std::ranges::count_if(values, [own = values[which]](double v) { return v < own; }));
}

bool is_table(std::span<const double> blocks, std::size_t configurations) {
  if (configurations < 2 || blocks.empty() || blocks.size() % configurations != 0) return false;
  const std::size_t rows = blocks.size() / configurations;
  return rows % 2 == 0 && rows <= blocks_max && std::ranges::all_of(blocks, is_sample);
}

}  // namespace

std::optional<std::uint64_t> combinations(std::uint64_t n, std::uint64_t k) noexcept {
  if (k > n) return 0;
  k = std::min(k, n - k);
  std::uint64_t ways = 1;
  for (std::uint64_t i = 1; i <= k; ++i) {
    if (ways > std::numeric_limits<std::uint64_t>::max() / (n - k + i)) return std::nullopt;
    ways = ways * (n - k + i) / i;
  }
  return ways;
}

std::optional<cross_validation_size> cross_validation_size_of(std::uint64_t groups, std::uint64_t test) noexcept {
  const auto splits = combinations(groups, test);
  if (test == 0 || test >= groups || !splits) return std::nullopt;
  return cross_validation_size{*splits, combinations(groups - 1, test - 1).value()};  // k/n C(n, k)
}

std::optional<overfitting_verdict> judge_overfitting(std::span<const double> blocks, std::size_t configurations) {
  if (!is_table(blocks, configurations)) return std::nullopt;
  const auto rows = static_cast<int>(blocks.size() / configurations);
  const std::uint32_t all = (std::uint32_t{1} << rows) - 1;
  double overfitted = 0, lost = 0;
  overfitting_verdict verdict;
  for (std::uint32_t chosen = 0; chosen <= all; ++chosen) {
    if (std::popcount(chosen) * 2 != rows) continue;
    const std::vector<double> inside = sums_over(chosen, blocks, configurations);
    const std::vector<double> outside = sums_over(all & ~chosen, blocks, configurations);
    const auto best = static_cast<std::size_t>(std::ranges::max_element(inside) - inside.begin());
    const double share = rank_of(best, outside) / static_cast<double>(configurations + 1);
    verdict.logits.push_back(std::log(share / (1 - share)));
    overfitted += share <= 0.5 ? 1 : 0;
    lost += outside[best] < 0 ? 1 : 0;
  }
  const auto splits = static_cast<double>(verdict.logits.size());
  verdict.probability = overfitted / splits;
  verdict.loss_probability = lost / splits;
  return verdict;
}

}  // namespace remora::stats
