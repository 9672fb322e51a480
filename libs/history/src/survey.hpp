#pragma once

#include "file_parser.hpp"
#include "remora/history/recording.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace remora::history {

/// From the first to the last trade. An aggregate comes a moment after its trades, so it is near them also a second later.
struct time_span {
  timestamp first = never, last{};

  [[nodiscard]] bool is_near(timestamp at) const noexcept { return first <= at + seconds(1) && at <= last + seconds(1); }
};

inline constexpr int digits_max = 12;  ///< of a fraction; finer ones are damage: their line will be refused

/// What the files show of one symbol.
struct symbol_survey {
  std::optional<venue> market;
  int evidence = 0;           ///< how surely `market` is known
  bool mixed = false;         ///< messages of two markets under one symbol
  std::uint64_t trades = 0, aggregate_trades = 0, quotes = 0, updates = 0, snapshots = 0;
  int price_digits = 0;       ///< most fractional digits that matter
  int size_digits = 0;
  std::array<std::uint64_t, digits_max + 1> prices{};  ///< by number of fractional digits that matter
  std::vector<time_span> traded;  ///< one for each file that holds single trades

  void add(const binance::message& what, timestamp stamp);
  void add(const symbol_survey& other);
  /// Fractional digits that more than one price in a hundred has: what fewer have is damage.
  [[nodiscard]] int usual_price_digits() const noexcept;
};

/// What the first pass finds in one file.
struct file_survey {
  std::string path;
  std::uint64_t bytes = 0;
  timestamp first_stamp = never;
  std::map<std::string, symbol_survey, std::less<>> symbols;
  symbol_survey nameless;  ///< snapshots that name no symbol
};

/// Reads a whole file; lines that cannot be used are left to the second pass. `read` grows by the lines and bytes of the file.
[[nodiscard]] expected<file_survey> survey_of(const std::string& path, const recording_options& options, source_progress& read);

}  // namespace remora::history
