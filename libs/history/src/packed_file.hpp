#pragma once

#include "remora/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace remora::history {

/// The bytes of a file, unpacked where it is gzip (RFC 1952, one member or several, padded with zeros or not). zlib's `gzread` does the same,
/// but drops what follows the last member without a word.
class packed_file {
 public:
  /// Errors: refused (no right to read), io.
  [[nodiscard]] static expected<packed_file> open(const std::string& path);

  /// Writes the next bytes, at most `size` of them, and says how many; 0 at the end. Errors: io; damaged (cut off, corrupt, or followed by
  /// something else), after all that could be unpacked.
  [[nodiscard]] expected<std::size_t> read(char* into, std::size_t size);
  /// How much of the file as it is stored has been taken.
  [[nodiscard]] std::uint64_t offset() const noexcept;

 private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  struct inflater;
  struct ender {
    void operator()(inflater* of) const noexcept;
  };

  packed_file() = default;
  [[nodiscard]] expected<std::size_t> stored(char* into, std::size_t size);
  [[nodiscard]] expected<void> refill();
  [[nodiscard]] error failure(int code) const;

  std::string path_;
  std::unique_ptr<std::FILE, closer> file_;
  std::unique_ptr<inflater, ender> inflater_;  // none = the file is plain
  std::uint64_t taken_ = 0;                    // of the file as it is stored
};

}  // namespace remora::history
