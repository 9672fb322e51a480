#pragma once

#include "record_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// How easily the orders of a run are told to be ours, by swarm::detectability_of of each parent's; none where no parent has enough of them.
struct own_traces {
  std::string planner;                  ///< empty: of all
  std::uint64_t parents = 0;            ///< with orders enough
  std::optional<double> rhythm;         ///< share of parents with p below 0.05; by chance 0.05
  std::optional<double> gap_variation;  ///< mean: 0 is a clock, 1 is random
  std::optional<double> equal_sizes;    ///< mean share of orders of the size of the one before
};

/// By planner, all of them last; empty where no parent has orders enough.
[[nodiscard]] expected<std::vector<own_traces>> read_own_traces(const record_reader& record);

}  // namespace remora::cli
