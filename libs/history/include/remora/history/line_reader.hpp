#pragma once

#include "remora/base/error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace remora::history {

/// Reads a text file, plain or gzip (also of several members), line by line in constant memory.
class line_reader {
 public:
  static constexpr std::size_t line_bytes_max = 16 * 1024 * 1024;

  /// Errors: not_found, refused (no right to read, a directory), malformed (empty, binary or of another compression), io.
  [[nodiscard]] static expected<line_reader> open(const std::string& path);
  line_reader(line_reader&&) noexcept;
  line_reader& operator=(line_reader&&) noexcept;
  ~line_reader();

  /// The next line without its end, valid until the next call; nothing at the end of the file. An error of code `limit` (a line that is
  /// too long) concerns that line only; after `damaged` (a truncated or corrupt gzip file) or `io` the file is at its end. An
  /// unfinished last line of a truncated file is not given.
  [[nodiscard]] expected<std::optional<std::string_view>> next();

  /// Number of the line given last, from 1.
  [[nodiscard]] std::uint64_t line_number() const noexcept;
  /// Of the file as it is stored, compressed or not.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept;
  [[nodiscard]] std::uint64_t bytes_total() const noexcept;
  [[nodiscard]] const std::string& path() const noexcept;

 private:
  struct state;
  explicit line_reader(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace remora::history
