#include "running.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

namespace remora::cli {

std::string first_line_of(const std::string& path) {
  std::error_code problem;
  std::string line;
  if (std::filesystem::is_regular_file(path, problem)) {
    std::ifstream file(path);
    std::getline(file, line);
  }
  return line;
}

std::uint16_t port_of(const std::string& record, publisher who) {
  const std::string line = first_line_of(fmt::format("{}/http/{}.port", record, name_of(who)));
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), port);
  return problem == std::errc{} ? port : std::uint16_t{0};
}

bool is_running(const std::string& record, publisher who) {
  const std::uint16_t port = port_of(record, who);
  const int link = port == 0 ? -1 : ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (link < 0) return false;
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool listens = ::connect(link, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;  // the kernel answers for a process that hangs
  ::close(link);
  return listens;
}

bool is_supervised(const std::string& record) {
  const int file = ::open((record + "/lock").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return held;
}

}  // namespace remora::cli
