#include "configuration.hpp"

#include <filesystem>
#include <fmt/format.h>

namespace remora::cli {
namespace {

namespace fs = std::filesystem;

bool is_configuration(const fs::path& directory) {
  std::error_code problem;
  return fs::is_directory(directory / "strategy", problem);
}

}  // namespace

std::string default_configuration() {
  if (is_configuration("config")) return "config";
  std::error_code problem;
  const fs::path program = fs::read_symlink("/proc/self/exe", problem);
  for (fs::path above = program.parent_path(); above.has_relative_path(); above = above.parent_path())
    if (is_configuration(above / "config")) return (above / "config").string();
  return "config";
}

std::optional<config::settings> load_configuration(const configuration_options& given) {
  auto settings = config::load({given.directory, given.profile, given.overrides, config::process_environment()});
  if (settings) return std::move(*settings);
  for (const error& problem : settings.error()) fmt::print(stderr, "remora: {}\n", problem.text);
  return std::nullopt;
}

}  // namespace remora::cli
