#pragma once

#include "remora/stats/sharpe.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// What a run earned, with what can be said about its certainty. Nothing is claimed that the sample does not carry: none instead.
struct performance {
  std::size_t minutes = 0;                 ///< returns of equity from the end of one minute to the end of the next
  std::size_t trades = 0;                  ///< round trips
  double drawdown = 0;                     ///< largest fall from a peak, share of the peak
  std::optional<double> sharpe;            ///< mean over deviation of the returns, per minute, not annualised
  std::optional<double> sharpe_error;      ///< √((1 + SR²/2) / T), Lo 2002, for independent normal returns
  std::optional<double> win_rate;
  std::optional<double> profit_factor;     ///< gains over losses
  std::optional<double> recovery_factor;   ///< net gain over the largest fall, in money

  [[nodiscard]] std::string verdict() const {
    constexpr std::size_t trades_min = 30;
    if (trades < trades_min) return "fewer than 30 round trips: this says whether the machine works, nothing about profit";
    if (!sharpe || !sharpe_error || std::abs(*sharpe) < 2 * *sharpe_error) return "the Sharpe ratio is within two errors of zero: no edge is shown";
    return *sharpe > 0 ? "the Sharpe ratio is more than two errors above zero in this sample" : "the Sharpe ratio is more than two errors below zero";
  }
};

struct equity_point {
  std::int64_t minute = 0;
  double equity = 0;
};

/// Equity at the end of each minute; a minute without a report ends as the one before it.
[[nodiscard]] inline std::vector<double> by_minute(const std::vector<equity_point>& points) {
  std::vector<double> ends;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool last_of_minute = i + 1 == points.size() || points[i + 1].minute != points[i].minute;
    if (!last_of_minute) continue;
    const std::int64_t next = i + 1 == points.size() ? points[i].minute + 1 : points[i + 1].minute;
    constexpr std::int64_t pause_max = 24 * 60;  // a longer one is a gap between recordings
    ends.insert(ends.end(), static_cast<std::size_t>(std::clamp<std::int64_t>(next - points[i].minute, 1, pause_max)), points[i].equity);
  }
  return ends;
}

/// From equity after each report, in order, and the net result of each round trip.
[[nodiscard]] inline performance performance_of(const std::vector<equity_point>& equity, const std::vector<double>& trades) {
  performance p;
  p.trades = trades.size();
  double peak = equity.empty() ? 0 : equity.front().equity, fall_in_money = 0;
  for (const equity_point& point : equity) {
    peak = std::max(peak, point.equity);
    fall_in_money = std::max(fall_in_money, peak - point.equity);
    if (peak > 0) p.drawdown = std::max(p.drawdown, (peak - point.equity) / peak);
  }
  const std::vector<double> ends = by_minute(equity);
  std::vector<double> returns;
  for (std::size_t i = 1; i < ends.size(); ++i)
    if (ends[i - 1] > 0) returns.push_back(ends[i] / ends[i - 1] - 1);
  p.minutes = returns.size();
  if (const auto record = stats::sharpe_of(returns)) {
    p.sharpe = record->ratio;
    p.sharpe_error = stats::sharpe_error(*record);
  }
  double gains = 0, losses = 0, wins = 0;
  for (const double t : trades) {
    wins += t > 0 ? 1 : 0;
    (t > 0 ? gains : losses) += std::abs(t);
  }
  if (!trades.empty()) p.win_rate = wins / static_cast<double>(trades.size());
  if (losses > 0) p.profit_factor = gains / losses;
  if (fall_in_money > 0 && equity.size() > 1) p.recovery_factor = (equity.back().equity - equity.front().equity) / fall_in_money;
  return p;
}

}  // namespace remora::cli
