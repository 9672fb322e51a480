#pragma once

#include "remora/history/recording.hpp"

#include <zlib.h>

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

/// Files of a test, removed at its end.
class recorded_files {
 public:
  recorded_files() {
    std::string pattern = (std::filesystem::temp_directory_path() / "remora_history_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
  }
  recorded_files(const recorded_files&) = delete;
  recorded_files& operator=(const recorded_files&) = delete;
  ~recorded_files() { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string directory() const { return directory_; }

  std::string write(const std::string& name, const std::string& content) const {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  /// One gzip member for each part.
  std::string write_gz(const std::string& name, const std::vector<std::string>& parts) const {
    const std::string path = directory_ + "/" + name;
    for (const std::string& part : parts) {
      gzFile file = gzopen(path.c_str(), "ab");
      REQUIRE(file != nullptr);
      gzwrite(file, part.data(), static_cast<unsigned>(part.size()));
      gzclose(file);
    }
    return path;
  }

  /// Cuts a file to a share of its bytes.
  static void cut(const std::string& path, double share) {
    const auto size = static_cast<double>(std::filesystem::file_size(path));
    std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size * share));
  }

 private:
  std::string directory_;
};

/// Everything a source says.
struct heard {
  std::vector<remora::market_message> messages;
  std::vector<remora::timestamp> times;  // of the batches

  template <class Message>
  [[nodiscard]] std::vector<Message> all() const {
    std::vector<Message> found;
    for (const auto& each : messages)
      if (const auto* message = std::get_if<Message>(&each)) found.push_back(*message);
    return found;
  }
};

inline heard listen(remora::market_source& source) {
  heard result;
  while (auto batch = source.next()) {
    result.times.push_back(batch->event_time);
    for (auto& each : batch->messages) result.messages.push_back(std::move(each));
  }
  return result;
}

inline heard listen(const std::vector<std::string>& files, const std::vector<remora::instrument>& catalogue = {},
                    const remora::history::recording_options& options = {}) {
  auto source = remora::history::open_recording(files, catalogue, options);
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  return listen(**source);
}

inline bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
