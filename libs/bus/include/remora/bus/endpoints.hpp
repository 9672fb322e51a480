#pragma once

#include "remora/base/error.hpp"
#include "remora/base/place.hpp"

#include <string>

namespace remora::bus {

/// Where a publisher is reached: records are pushed from one endpoint and pulled from another; a person's commands go to the third.
struct endpoints {
  std::string push;
  std::string pull;
  std::string command;
};

/// `ipc://DIRECTORY/gateway.push` and `…/gateway.pull` and so on. The directory belongs to the bus alone: binding replaces files of these names.
/// Error: limit, if the path is longer than a UNIX socket allows.
[[nodiscard]] expected<endpoints> endpoints_of(const std::string& directory, publisher who);

}  // namespace remora::bus
