#pragma once

#include "remora/config/load.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

/// The configuration that Remora ships.
inline std::filesystem::path shipped_directory() { return std::filesystem::path(REMORA_SOURCE_DIR) / "config"; }

/// A copy of the shipped configuration in a folder of its own, for tests that spoil it.
class folder {
 public:
  folder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() / ("remora-config-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::copy(shipped_directory(), path_, std::filesystem::copy_options::recursive);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  void write(const std::string& file, std::string_view text) const { std::ofstream(path_ / file, std::ios::binary) << text; }

  [[nodiscard]] auto load(std::vector<std::string> overrides = {}, std::string profile = {}) const {
    return remora::config::load({.directory = path_, .profile = std::move(profile), .overrides = std::move(overrides), .environment = {}});
  }

  /// All errors of loading, one a line; empty if it loads.
  [[nodiscard]] std::string errors(std::vector<std::string> overrides = {}, std::string profile = {}) const {
    const auto loaded = load(std::move(overrides), std::move(profile));
    std::string text;
    if (!loaded)
      for (const auto& one : loaded.error()) text += one.text + '\n';
    return text;
  }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
