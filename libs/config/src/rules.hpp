#pragma once

#include "remora/config/settings.hpp"

#include <set>
#include <string>
#include <vector>

namespace remora::config {

/// What must hold between two or more values.
struct rule {
  std::vector<std::string> keys;
  bool (*holds)(const settings&);
  std::string demand;  ///< "momentum.fast_period must be smaller than momentum.slow_period"
};

/// One sentence for each rule that is broken, with the values and where they come from; rules over a key in `failed` are skipped.
[[nodiscard]] std::vector<std::string> broken_rules(const settings& values, const std::set<std::string>& failed);

}  // namespace remora::config
