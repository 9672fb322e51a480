#pragma once

#include "own_traces.hpp"
#include "trading_split.hpp"

#include "remora/research/var_backtest.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What the report says of risk and of the cost of execution.
namespace remora::cli {

/// One way of telling a loss, held against what was lost over periods of one length.
struct law_backtest {
  std::string law;                ///< "historical", "normal", "cornish_fisher"
  std::string period;             ///< "day", "hour", "minute"
  research::var_backtest judged;
};

/// Mean implementation shortfall of parents, in 1e-4 of what was decided at its price; positive is a cost.
struct shortfall_row {
  std::string planner;            ///< empty: of all
  std::uint64_t parents = 0;
  double filled = 0;              ///< share of the size, mean
  double delay = 0, trading = 0, opportunity = 0, fees = 0, total = 0;
  std::optional<double> error;    ///< standard error of the mean total; none of one parent
};

/// A state of RISK from when it began to hold; the first of a run is NORMAL.
struct held_state {
  std::string since, state;
  double seconds = 0;             ///< until the next, or the end of the record
  std::string causes;             ///< names, comma between; empty for none
};

struct risk_review {
  std::vector<law_backtest> backtests;   ///< of laws that told anything, over a day, an hour and a minute
  std::vector<shortfall_row> shortfalls; ///< by planner, all of them last; empty without a measured parent
  std::vector<trading_split> splits;     ///< of the same parents' trading, as far as quotes tell
  std::vector<own_traces> traces;        ///< of their orders
  std::vector<held_state> states;        ///< in order of time, from the beginning of the run to its end
};

/// Reads it from a record; what was never written is empty.
[[nodiscard]] expected<risk_review> review_risk(const record_reader& record);

/// For people: some lines, or nothing where nothing was recorded.
[[nodiscard]] std::string text_of(const risk_review& review);
/// The members "var_backtests", "shortfall", "trading_split", "own_traces" and "risk_states" of a JSON object, without its brackets.
[[nodiscard]] std::string json_of(const risk_review& review);

}  // namespace remora::cli
