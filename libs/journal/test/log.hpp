#pragma once

#include "remora/journal/reader.hpp"
#include "remora/journal/writer.hpp"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace remora::journal {

namespace fs = std::filesystem;

/// A directory that is gone after the test; in memory where possible: what is tested is what is asked of the disk, not the disk.
class temporary_directory {
 public:
  temporary_directory() : path_(((::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path()) / "remora-journal-XXXXXX").string()) { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// A record that outlives its visit.
struct kept {
  std::uint64_t position = 0;
  std::uint64_t epoch = 0;
  std::uint16_t kind = 0;
  bool checkpoint = false;
  std::int64_t event_time = 0;
  std::string body;
};

inline kept keep(const entry& e) { return {e.position, e.epoch, e.kind, e.checkpoint, e.event_time, std::string(e.body)}; }

/// A body that depends on its number only; lengths from 0 to 96 bytes.
inline std::string body_of(std::uint64_t number) {
  std::string body((number * 37) % 97, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(number * 31 + i * 7 + 1);
  return body;
}

inline writer open_writer(const std::string& directory, std::uint64_t segment_bytes = 4096, file_system* disk = nullptr) {
  auto opened = writer::open(directory, publisher::risk, 100, {segment_bytes, disk});
  INFO((opened ? std::string("opened") : opened.error().text));
  REQUIRE(opened.has_value());
  return std::move(*opened);
}

inline reader open_reader(const std::string& directory) {
  auto opened = reader::open(directory);
  INFO((opened ? std::string("opened") : opened.error().text));
  REQUIRE(opened.has_value());
  return std::move(*opened);
}

/// Appends records whose bodies are those of their positions.
inline void append_records(writer& to, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t number = to.last_position() + 1;
    const auto position = to.append(static_cast<std::uint16_t>(number % 50), static_cast<std::int64_t>(number) * 1000, body_of(number), false);
    REQUIRE(position.has_value());
    REQUIRE(*position == number);
  }
}

inline expected<std::vector<kept>> records_of(reader& from, std::uint64_t position = 1) {
  std::vector<kept> records;
  auto read = from.for_each(position, [&](const entry& each) {
    records.push_back(keep(each));
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  return records;
}

inline expected<std::vector<kept>> records_of(const std::string& directory) {
  auto opened = reader::open(directory);
  if (!opened) return tl::unexpected(opened.error());
  return records_of(*opened);
}

/// How many records stand there, all of them as append_records wrote them, from the first on.
inline std::uint64_t count_records(const std::string& directory) {
  const auto records = records_of(directory);
  INFO((records ? std::string("read") : records.error().text));
  REQUIRE(records.has_value());
  for (std::size_t i = 0; i < records->size(); ++i) {
    REQUIRE(records->at(i).position == i + 1);
    REQUIRE(records->at(i).body == body_of(i + 1));
  }
  return records->size();
}

inline std::vector<std::string> segment_paths(const std::string& directory) {
  std::vector<std::string> paths;
  for (const auto& file : fs::directory_iterator(directory))
    if (file.path().extension() == ".journal") paths.push_back(file.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace remora::journal
