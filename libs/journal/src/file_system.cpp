#include "remora/journal/file_system.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace remora::journal {
namespace {

tl::unexpected<error> failed(std::string_view what, int problem) {
  const std::string_view advice = problem == ENOSPC ? ": free some space on that disk and start again" : "";
  return fail(errc::io, fmt::format("cannot {}: {}{}", what, std::strerror(problem), advice));
}

}  // namespace

expected<int> file_system::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return failed(fmt::format("open '{}'", path), errno);
  return file;
}

expected<void> file_system::reserve(int file, std::uint64_t bytes) {
  const int problem = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
  if (problem != 0) return failed(fmt::format("reserve {} bytes for the journal", bytes), problem);
  return {};
}

expected<std::size_t> file_system::write(int file, std::string_view bytes, std::uint64_t offset) {
  while (true) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written > 0) return static_cast<std::size_t>(written);
    if (written == 0 || errno != EINTR) return failed("write to the journal", written == 0 ? ENOSPC : errno);
  }
}

expected<void> file_system::sync(int file) {
  if (::fdatasync(file) != 0) return failed("sync the journal", errno);
  return {};
}

file_system& file_system::real() {
  static file_system disk;
  return disk;
}

}  // namespace remora::journal
