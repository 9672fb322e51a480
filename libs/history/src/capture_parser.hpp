#pragma once

#include "file_parser.hpp"
#include "remora/venue/binance_reader.hpp"

namespace remora::history {

/// Lines `<local time> <combined stream, raw payload or REST book as JSON>`; the time in ms, µs or ns, told apart by magnitude.
class capture_parser final : public file_parser {
 public:
  capture_parser() { remark_.ignored_as = "remark"; }

  [[nodiscard]] expected<timestamp> stamp_of(std::string_view line) const override;
  [[nodiscard]] expected<parsed_line> parse(std::string_view line) override;

 private:
  binance::reader reader_;
  binance::message remark_;  // for empty lines and those that begin with '#'
};

}  // namespace remora::history
