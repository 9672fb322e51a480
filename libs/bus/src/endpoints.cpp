#include "remora/bus/endpoints.hpp"

#include <fmt/format.h>

namespace remora::bus {

expected<endpoints> endpoints_of(const std::string& directory, publisher who) {
  const std::string stem = fmt::format("{}/{}", directory, name_of(who));
  constexpr std::size_t socket_path_max = 107;  // sun_path of Linux, without the terminating zero
  if (stem.size() + 5 > socket_path_max)
    return fail(errc::limit, fmt::format("the socket directory '{}' is too long for a UNIX socket ({} characters at most): choose a shorter bus.directory",
                                         directory, socket_path_max - 5 - name_of(who).size() - 1));
  return endpoints{"ipc://" + stem + ".push", "ipc://" + stem + ".pull"};
}

}  // namespace remora::bus
