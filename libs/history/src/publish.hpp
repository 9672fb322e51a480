#pragma once

#include "remora/base/error.hpp"

#include <string>

namespace remora::history {

/// Makes a finished file visible under its own name, and sure to stay: synced, renamed, its folder synced. Folders are made. Error: io.
[[nodiscard]] expected<void> publish(const std::string& aside, const std::string& final_path);
/// A file's or folder's bytes are on disk afterwards. Error: io.
[[nodiscard]] expected<void> sync_path(const std::string& path);

}  // namespace remora::history
