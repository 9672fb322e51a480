#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "remora/base/error.hpp"
#include "remora/session/http_message.hpp"

namespace remora::session {

/// Gets `target` from a server and waits for the whole answer, of any status, at most `timeout` (looking up a host name comes on top).
[[nodiscard]] expected<http_response> http_get(const std::string& address, std::uint16_t port, const std::string& target,
                                               std::chrono::milliseconds timeout);

}  // namespace remora::session
