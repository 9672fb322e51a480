#pragma once

#include "record_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// What trading cost against arrival, split by the middle of the quote when EXECUTION heard of each fill, and a minute after that; means of
/// parents, in 1e-4 of what was decided at its price; positive is a cost. The three add up to the parent's trading.
struct trading_split {
  std::string planner;         ///< empty: of all
  std::uint64_t parents = 0;   ///< that could be split: with a quote of the last minute at every fill and a minute after it
  std::uint64_t filled = 0;    ///< all that were filled at least in part
  // None where no parent could be split.
  std::optional<double> half_spread;  ///< fills against the middle then; negative: the spread was earned
  std::optional<double> temporary;    ///< the middle then against a minute later: what the market took back
  std::optional<double> permanent;    ///< the middle a minute later against arrival
};

/// By planner, all of them last; empty where nothing can be split.
[[nodiscard]] expected<std::vector<trading_split>> read_trading_splits(const record_reader& record);

}  // namespace remora::cli
