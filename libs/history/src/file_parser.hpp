#pragma once

#include "remora/history/recording.hpp"
#include "remora/venue/binance_message.hpp"

#include <memory>
#include <string_view>

namespace remora::history {

/// What a line says; the message holds until the parser's next line.
struct parsed_line {
  timestamp stamp{};  ///< local time of the recording
  const binance::message* what = nullptr;
};

/// Understands the lines of one file.
class file_parser {
 public:
  file_parser() = default;
  file_parser(const file_parser&) = delete;
  file_parser& operator=(const file_parser&) = delete;
  virtual ~file_parser() = default;

  [[nodiscard]] virtual expected<timestamp> stamp_of(std::string_view line) const = 0;
  [[nodiscard]] virtual expected<parsed_line> parse(std::string_view line) = 0;
};

/// The parser for a file of whatever kind. Errors: as kind_of_file.
[[nodiscard]] expected<std::unique_ptr<file_parser>> parser_for(const std::string& path, const recording_options& options);

/// The market that words in a path name ("futures/um", "coinm"), or none.
[[nodiscard]] venue market_in_path(std::string_view path);

}  // namespace remora::history
