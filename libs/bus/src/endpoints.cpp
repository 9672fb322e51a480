#include "remora/bus/endpoints.hpp"

#include <fmt/format.h>

namespace remora::bus {

expected<endpoints> endpoints_of(const std::string& directory, publisher who) {
  const std::string stem = fmt::format("{}/{}", directory, name_of(who));
  constexpr std::size_t suffix_max = 8;           // ".command"
  constexpr std::size_t socket_path_max = 107;  // sun_path of Linux, without the terminating zero
  if (stem.size() + suffix_max > socket_path_max)
    return fail(errc::limit, fmt::format("the socket directory '{}' is too long for a UNIX socket ({} characters at most): choose a shorter bus.directory",
                                         directory, socket_path_max - suffix_max - name_of(who).size() - 1));
  return endpoints{"ipc://" + stem + ".push", "ipc://" + stem + ".pull", "ipc://" + stem + ".command"};
}

}  // namespace remora::bus
