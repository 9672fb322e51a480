#pragma once

#include "remora/base/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace remora::history {

/// Writes a text file line by line, as gzip where its name ends in ".gz"; the same lines give the same bytes. It is written aside, as
/// `PATH.part`, and takes its name, and the place of a file that has it, when it is whole and on disk. Given up before that, it is removed.
class line_writer {
 public:
  /// Errors: refused (a directory, no ordinary file, no right to write, no such folder).
  [[nodiscard]] static expected<line_writer> open(const std::string& path);
  line_writer(line_writer&&) noexcept;
  line_writer& operator=(line_writer&&) noexcept;
  ~line_writer();

  /// Adds a line, which holds no end of one. Error: io (the disk is full and the like); the writer is then of no more use.
  [[nodiscard]] expected<void> write(std::string_view line);
  /// Finishes the file and gives it its name. Error: io.
  [[nodiscard]] expected<void> close();

  [[nodiscard]] std::uint64_t lines() const noexcept;
  /// Before compression.
  [[nodiscard]] std::uint64_t bytes() const noexcept;

 private:
  struct state;
  explicit line_writer(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace remora::history
