#include "running.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fstream>
#include <sys/socket.h>
#include <unistd.h>

namespace remora::cli {

std::uint16_t port_of(const std::string& record, publisher who) {
  std::ifstream file(fmt::format("{}/http/{}.port", record, name_of(who)));
  unsigned port = 0;
  return file >> port && port < 65536 ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
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

}  // namespace remora::cli
