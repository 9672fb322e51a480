#pragma once

#include "remora/base/error.hpp"
#include "remora/config/settings.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace remora::config {

/// Where the configuration comes from. Precedence: default < file < profile < environment < override.
struct load_options {
  std::filesystem::path directory = "config";
  std::string profile;                                                ///< "demo" reads profiles/demo.yaml; empty: none
  std::vector<std::string> overrides;                                 ///< "risk.max_leverage=2", as given to --set; the last one counts
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< name and value; only names that begin with REMORA__ are read
};

/// Reads every file of the directory, lays profile, environment and overrides over it and checks each value and what must hold
/// between values. Refuses with all errors found, each naming the place, the key, what was given and what is allowed.
[[nodiscard]] tl::expected<settings, std::vector<error>> load(const load_options& options);

/// What this process was started with, for `load_options::environment`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> process_environment();

/// The name of the environment variable that overrides a key: "risk.max_leverage" → "REMORA__RISK__MAX_LEVERAGE".
[[nodiscard]] std::string environment_name(const std::string& key);

}  // namespace remora::config
