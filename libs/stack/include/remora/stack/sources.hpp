#pragma once

#include "remora/base/error.hpp"
#include "remora/config/settings.hpp"
#include "remora/market/source.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace remora::stack {

struct source_choice {
  std::vector<std::string> files;  ///< in any order; empty: the market generator
  std::string symbol;              ///< for trade files whose name does not tell
  std::function<void(const std::string&)> note = [](const std::string&) {};  ///< remarks for the log
};

/// The recorded files (captures or trade history, told apart by looking), or the generator.
[[nodiscard]] expected<std::unique_ptr<market_source>> open_source(const config::settings& settings, const source_choice& choice);

/// What a source plays, in words: equal descriptions play the same. Files count by name and size.
[[nodiscard]] std::string description_of(const config::settings& settings, const source_choice& choice);

/// The configured instruments of all venues, as templates without ids.
[[nodiscard]] std::vector<instrument> instruments_of(const config::settings& settings);

/// Whether the benchmark can be listed in a run without recordings, which may list what nobody configured: it is none, the generator's
/// instrument, or a configured one. Error: not_found, with the place, what there is and what to do.
[[nodiscard]] expected<void> check_benchmark(const config::settings& settings);

}  // namespace remora::stack
