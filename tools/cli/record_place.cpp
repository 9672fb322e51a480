#include "commands.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace remora::cli {

std::string record_or_newest(const std::string& given) {
  namespace fs = std::filesystem;
  std::error_code problem;
  if (!given.empty()) {
    if (fs::is_directory(given + "/journal", problem)) return given;
    fmt::print(stderr, "remora: '{}' is not the record of a run: it has no journal folder\n", given);
    return {};
  }
  std::string newest;
  for (const auto& entry : fs::directory_iterator("record", problem))
    if (fs::is_directory(entry.path() / "journal", problem)) newest = std::max(newest, entry.path().string());
  if (newest.empty()) fmt::print(stderr, "remora: there is no run under record/: start one with `remora up`, or give --record DIR\n");
  return newest;
}

}  // namespace remora::cli
