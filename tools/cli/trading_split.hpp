#pragma once

#include "record_reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace remora::cli {

/// What trading cost against arrival, split by the middle of the quote at each fill and a minute after it; means of parents, in 1e-4 of what
/// was decided at its price; positive is a cost. The three add up to the shortfall's trading.
struct trading_split {
  std::string planner;         ///< empty: of all
  std::uint64_t parents = 0;   ///< that could be split: with a quote at every fill and a minute after it
  double half_spread = 0;      ///< fills against the middle then; negative: the spread was earned
  double temporary = 0;        ///< the middle then against a minute later: what the market took back
  double permanent = 0;        ///< the middle a minute later against arrival
};

/// By planner, all of them last; empty where nothing can be split.
[[nodiscard]] expected<std::vector<trading_split>> read_trading_splits(const record_reader& record);

}  // namespace remora::cli
