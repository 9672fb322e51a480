#include "remora/stats/equity_ratios.hpp"

#include "remora/stats/kernels.hpp"
#include "remora/stats/sample.hpp"
#include "remora/stats/sharpe.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace remora::stats {
namespace {

std::vector<double> returns_of(std::span<const double> equity) {
  std::vector<double> returns(equity.size() - 1);
  for (std::size_t i = 0; i < returns.size(); ++i) returns[i] = equity[i + 1] / equity[i] - 1;
  return returns;
}

void add_money(equity_ratios& ratios, std::span<const double> equity) {
  double peak = equity.front(), largest_fall = 0, rises = 0, falls = 0, squares = 0;
  for (std::size_t i = 0; i < equity.size(); ++i) {
    peak = std::max(peak, equity[i]);
    const double fall = peak - equity[i];
    largest_fall = std::max(largest_fall, fall);
    ratios.drawdown = std::max(ratios.drawdown, fall / peak);
    squares += fall / peak * (fall / peak);
    const double change = i == 0 ? 0 : equity[i] - equity[i - 1];
    (change > 0 ? rises : falls) += std::abs(change);
  }
  ratios.ulcer = std::sqrt(squares / static_cast<double>(equity.size()));
  if (falls > 0) ratios.profit_factor = rises / falls;
  if (falls > 0) ratios.recovery = (equity.back() - equity.front()) / largest_fall;
}

void add_returns(equity_ratios& ratios, std::span<const double> returns) {
  if (const auto sample = sharpe_of(returns)) ratios.sharpe = sample->ratio;
  const auto n = static_cast<double>(returns.size());
  double squares = 0;
  for (const double r : returns) squares += std::pow(std::min(r, 0.0), 2);
  if (squares > 0) ratios.sortino = sum(returns) / n / std::sqrt(squares / n);
}

}  // namespace

std::optional<equity_ratios> judge_equity(std::span<const double> equity) {
  if (equity.size() < 2 || !std::ranges::all_of(equity, [](double e) { return e > 0 && is_sample(e); })) return std::nullopt;
  equity_ratios ratios;
  add_money(ratios, equity);
  add_returns(ratios, returns_of(equity));
  const double growth = std::pow(equity.back() / equity.front(), 1 / static_cast<double>(equity.size() - 1)) - 1;
  if (ratios.drawdown > 0) ratios.calmar = growth / ratios.drawdown;
  return ratios;
}

double expected_drawdown(double deviation) noexcept { return std::sqrt(std::numbers::pi / 2) * deviation; }

}  // namespace remora::stats
