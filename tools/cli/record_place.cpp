#include "commands.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace remora::cli {
namespace {

namespace fs = std::filesystem;

/// When a run said something last: its gateway logs at each start and end. The oldest time if nothing tells.
fs::file_time_type last_active(const fs::path& record) {
  std::error_code problem;
  const auto logged = fs::last_write_time(record / "log" / "gateway.log", problem);
  if (!problem) return logged;
  const auto begun = fs::last_write_time(record / "journal", problem);
  return problem ? fs::file_time_type::min() : begun;
}

}  // namespace

std::string record_or_newest(const std::string& given) {
  std::error_code problem;
  if (!given.empty()) {
    if (fs::is_directory(given + "/journal", problem)) return given;
    fmt::print(stderr, "remora: '{}' is not the record of a run: it has no journal folder\n", given);
    return {};
  }
  std::pair<fs::file_time_type, std::string> newest{fs::file_time_type::min(), {}};  // the clock of files counts from 2174
  for (const auto& entry : fs::directory_iterator("record", problem))
    if (fs::is_directory(entry.path() / "journal", problem)) newest = std::max(newest, {last_active(entry.path()), entry.path().string()});
  if (newest.second.empty()) fmt::print(stderr, "remora: there is no run under record/: start one with `remora up`, or give --record DIR\n");
  return newest.second;
}

}  // namespace remora::cli
