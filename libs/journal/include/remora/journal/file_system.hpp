#pragma once

#include "remora/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace remora::journal {

/// What a journal asks of the disk when it writes. Tests put failing ones in its place.
class file_system {
 public:
  virtual ~file_system() = default;
  /// Opens or creates a file for writing.
  [[nodiscard]] virtual expected<int> open(const std::string& path);
  /// Reserves bytes, zeroed, so that appends neither grow the file nor find the disk full.
  [[nodiscard]] virtual expected<void> reserve(int file, std::uint64_t bytes);
  /// Writes some of the bytes at an offset. Returns how many, at least one.
  [[nodiscard]] virtual expected<std::size_t> write(int file, std::string_view bytes, std::uint64_t offset);
  /// Waits until the disk has what was written to the file.
  [[nodiscard]] virtual expected<void> sync(int file);

  /// The real one.
  [[nodiscard]] static file_system& real();
};

}  // namespace remora::journal
