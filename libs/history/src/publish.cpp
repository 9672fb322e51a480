#include "publish.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace remora::history {

namespace fs = std::filesystem;

expected<void> sync_path(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = file >= 0 && ::fsync(file) == 0;
  const int problem = errno;
  if (file >= 0) ::close(file);
  if (!good) return fail(errc::io, fmt::format("cannot sync '{}': {}", path, std::strerror(problem)));
  return {};
}

expected<void> publish(const std::string& aside, const std::string& final_path) {
  std::error_code problem;
  const fs::path named = fs::path(final_path).parent_path();
  const fs::path parent = named.empty() ? fs::path(".") : named;
  fs::create_directories(parent, problem);
  if (problem) return fail(errc::io, fmt::format("cannot create '{}': {}", parent.string(), problem.message()));
  if (auto synced = sync_path(aside); !synced) return synced;
  fs::rename(aside, final_path, problem);
  if (problem) return fail(errc::io, fmt::format("cannot rename '{}' to '{}': {}", aside, final_path, problem.message()));
  return sync_path(parent.string());
}

}  // namespace remora::history
