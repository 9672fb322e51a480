#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

/// A directory of this process for targets that read files; the input is written into the given file of it.
inline std::string scratch_with(const std::string& file, const std::uint8_t* data, std::size_t size) {
  static const std::string directory = std::filesystem::temp_directory_path() / ("remora-fuzz-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/" + file, std::ios::binary | std::ios::trunc).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return directory;
}
