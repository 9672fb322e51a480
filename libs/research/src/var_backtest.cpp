#include "remora/research/var_backtest.hpp"

#include "remora/stats/kupiec.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace remora::research {
namespace {

/// Reports of one minute come a few milliseconds apart.
constexpr seconds slack(1);

/// The last equity at or before a time; none before the first.
std::optional<double> equity_at(std::span<const equity_seen> equity, timestamp time) {
  const auto after = std::ranges::upper_bound(equity, time, {}, &equity_seen::at);
  if (after == equity.begin()) return std::nullopt;
  return std::prev(after)->value;
}

/// Whether each period in turn lost more than was told.
std::vector<std::uint8_t> exceptions_of(std::span<const loss_forecast> forecasts, std::span<const equity_seen> equity, const backtest_question& question) {
  const double scale = std::sqrt(static_cast<double>(question.period.count()) / static_cast<double>(question.horizon.count()));
  std::vector<std::uint8_t> exceptions;
  timestamp free_from = timestamp::min();
  for (const loss_forecast& told : forecasts) {
    const timestamp end = told.at + question.period;
    if (told.at < free_from || !(told.value_at_risk > 0) || equity.empty() || equity.back().at + slack < end) continue;
    const auto before = equity_at(equity, told.at + slack), after = equity_at(equity, end + slack);
    if (!before || !after || !(*before > 0)) continue;
    exceptions.push_back((*before - *after) / *before > scale * told.value_at_risk ? 1 : 0);
    free_from = end - slack;
  }
  return exceptions;
}

}  // namespace

var_backtest backtest_of(std::span<const loss_forecast> forecasts, std::span<const equity_seen> equity, const backtest_question& question) {
  const auto exceptions = exceptions_of(forecasts, equity, question);
  var_backtest judged;
  judged.exceptions = {static_cast<std::uint64_t>(std::ranges::count(exceptions, 1)), exceptions.size()};
  if (!var_backtest::is_enough(exceptions.size(), question.level)) return judged;
  const auto ratio = stats::kupiec_ratio(judged.exceptions, 1 - question.level);
  if (ratio) judged.kupiec = std::max(0.0, *ratio);  // at the promised rate rounding may leave it a bit below
  if (judged.kupiec) judged.kupiec_p = stats::chi_squared_tail(*judged.kupiec, 1);
  judged.independence = stats::christoffersen(exceptions);
  return judged;
}

}  // namespace remora::research
