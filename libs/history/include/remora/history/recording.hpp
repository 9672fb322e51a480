#pragma once

#include "remora/base/error.hpp"
#include "remora/market/source.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace remora::history {

enum class file_kind : std::uint8_t {
  capture = 1,    ///< lines `<local time> <Binance message as JSON>`, plain or gzip
  trade_csv = 2,  ///< rows of trades, Binance's archive format or with a header, plain or gzip
};

/// What a file holds, judged by its first lines. Errors: those of line_reader::open, unsupported (known, but not read here), malformed.
[[nodiscard]] expected<file_kind> kind_of_file(const std::string& path);

struct recording_options {
  std::string symbol;             ///< for trade files that name none; empty: from the file's name
  venue market = venue::none;     ///< overrides what the files tell
  /// Fees, account and limits of an instrument of this market that is not in the catalogue.
  std::function<instrument(venue)> unlisted = [](venue) { return instrument{}; };
  std::uint64_t skips_told_max = 100;  ///< unusable lines told one by one; later ones are counted and told at the end
  std::function<void(const std::string&)> note = [](const std::string&) {};  ///< remarks for the log: inferred ticks, ignored kinds
  std::function<void(const source_progress&)> on_survey = [](const source_progress&) {};  ///< progress of the first pass over the files
};

/// Opens recorded files as one source, merged by local time, so that files of a chain may come in any order and several instruments run
/// side by side. A first pass finds instruments and, for those that `catalogue` does not define by market and symbol, tick and lot
/// (the finest that occurs); a tick that the catalogue defines too coarsely gives way to that of the files. Errors: those of kind_of_file, and files that hold no usable line.
[[nodiscard]] expected<std::unique_ptr<market_source>> open_recording(const std::vector<std::string>& files, const std::vector<instrument>& catalogue,
                                                                      const recording_options& options = {});

}  // namespace remora::history
