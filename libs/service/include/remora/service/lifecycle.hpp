#pragma once

#include "remora/base/place.hpp"
#include "remora/bus/port.hpp"
#include "remora/service/duty.hpp"
#include "remora/service/metrics.hpp"

#include <cstdint>
#include <string>

namespace remora::service {

struct lifecycle_options {
  publisher self = publisher::none;
  std::string http_address = "127.0.0.1";
  std::uint16_t http_port = 0;   ///< 0: any free one, logged
  std::string http_port_file;    ///< where the port in use is written; empty: nowhere
};

/// SIGTERM and SIGINT are blocked from here on; call before any thread is started.
void block_signals();

/// Runs a service until it is told to stop or has finished: the poll loop, the actors around it, `/metrics` and `/health`.
/// Returns the exit status: 0 after an orderly end, 1 when the duty failed.
[[nodiscard]] int run(const lifecycle_options& options, duty& work, bus::port& port, metrics& measured);

}  // namespace remora::service
