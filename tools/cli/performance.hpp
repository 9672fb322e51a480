#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// What a run earned, with what can be said about its certainty. Nothing is claimed that the sample does not carry: none instead.
struct performance {
  std::size_t observations = 0;            ///< returns of equity
  std::size_t trades = 0;                  ///< closing fills
  double drawdown = 0;                     ///< largest fall from a peak, share of the peak
  std::optional<double> sharpe;            ///< mean over deviation of the returns, per observation
  std::optional<double> sharpe_error;      ///< √((1 + SR²/2) / T), Lo 2002, for independent normal returns
  std::optional<double> win_rate;
  std::optional<double> profit_factor;     ///< gains over losses
  std::optional<double> recovery_factor;   ///< net gain over the largest fall, in money

  [[nodiscard]] std::string verdict() const {
    constexpr std::size_t trades_min = 30;
    if (trades < trades_min) return "fewer than 30 closing trades: this says whether the machine works, nothing about profit";
    if (!sharpe || !sharpe_error || std::abs(*sharpe) < 2 * *sharpe_error) return "the Sharpe ratio is within two errors of zero: no edge is shown";
    return *sharpe > 0 ? "the Sharpe ratio is more than two errors above zero in this sample" : "the Sharpe ratio is more than two errors below zero";
  }
};

/// From equity after each report and the net result of each closing trade.
[[nodiscard]] inline performance performance_of(const std::vector<double>& equity, const std::vector<double>& trades) {
  performance p;
  p.trades = trades.size();
  std::vector<double> returns;
  double peak = equity.empty() ? 0 : equity.front(), fall_in_money = 0;
  for (std::size_t i = 0; i < equity.size(); ++i) {
    if (i > 0 && equity[i - 1] > 0) returns.push_back(equity[i] / equity[i - 1] - 1);
    peak = std::max(peak, equity[i]);
    fall_in_money = std::max(fall_in_money, peak - equity[i]);
    if (peak > 0) p.drawdown = std::max(p.drawdown, (peak - equity[i]) / peak);
  }
  p.observations = returns.size();
  const auto n = static_cast<double>(returns.size());
  double mean = 0, squares = 0;
  for (const double r : returns) mean += r / n;
  for (const double r : returns) squares += (r - mean) * (r - mean);
  if (returns.size() > 1 && squares > 0) {
    p.sharpe = mean / std::sqrt(squares / (n - 1));
    p.sharpe_error = std::sqrt((1 + 0.5 * *p.sharpe * *p.sharpe) / n);
  }
  double gains = 0, losses = 0, wins = 0;
  for (const double t : trades) {
    wins += t > 0 ? 1 : 0;
    (t > 0 ? gains : losses) += std::abs(t);
  }
  if (!trades.empty()) p.win_rate = wins / static_cast<double>(trades.size());
  if (losses > 0) p.profit_factor = gains / losses;
  if (fall_in_money > 0 && equity.size() > 1) p.recovery_factor = (equity.back() - equity.front()) / fall_in_money;
  return p;
}

}  // namespace remora::cli
