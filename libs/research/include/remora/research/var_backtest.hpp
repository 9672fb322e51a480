#pragma once

#include "remora/base/time.hpp"
#include "remora/stats/christoffersen.hpp"
#include "remora/stats/tally.hpp"

#include <optional>
#include <span>

namespace remora::research {

/// A value at risk as it was told: the share of equity, positive, that a loss over the horizon does not exceed with the level's probability.
struct loss_forecast {
  timestamp at{};
  double value_at_risk = 0;
};

/// What the account was worth from then on.
struct equity_seen {
  timestamp at{};
  double value = 0;
};

struct backtest_question {
  nanoseconds horizon = std::chrono::hours(24);  ///< of the forecasts
  nanoseconds period = std::chrono::hours(24);   ///< over which losses are looked at; a forecast is brought to it by √(period / horizon)
  double level = 0.95;
};

/// How often more was lost than was told.
struct var_backtest {
  stats::tally exceptions;                                      ///< periods that lost more, among those that were judged
  std::optional<double> kupiec;                                 ///< likelihood ratio of the promised rate; none while not enough
  std::optional<double> kupiec_p;                               ///< of a larger one, were the promise kept
  std::optional<stats::christoffersen_verdict> independence;    ///< none while not enough, or without an exception that others follow

  /// Below five expected exceptions (a hundred periods at 95 %) neither ratio follows its law.
  [[nodiscard]] static bool is_enough(std::uint64_t periods, double level) noexcept { return static_cast<double>(periods) * (1 - level) >= 5 - 1e-9; }
};

/// Holds forecasts against what was lost over the period after each. Periods do not overlap: a forecast inside the period of the one before
/// is passed over, and so is one of no loss (nothing is held) and one whose period the record does not see the end of. Losses are those of the
/// account, with what was traded meanwhile, while the forecast is of positions that stay. Both lists rise in time; an equity holds until the
/// next, and counts within a second after its time. O(forecasts log equities).
[[nodiscard]] var_backtest backtest_of(std::span<const loss_forecast> forecasts, std::span<const equity_seen> equity, const backtest_question& question);

}  // namespace remora::research
