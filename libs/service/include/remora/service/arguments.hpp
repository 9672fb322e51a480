#pragma once

#include "remora/base/place.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace remora::service {

/// What every service is told on its command line; the same options for all, so that one parent can start any of them.
struct arguments {
  std::string config = "config";           ///< directory of the configuration
  std::string profile;                     ///< overlay, e.g. "demo"
  std::vector<std::string> overrides;      ///< --set section.key=value
  std::string data = "record";             ///< directory of journals, Parquet and logs
  std::string bus;                         ///< directory of the sockets; empty: as configured
  bool lock_step = false;
  double speed = 1.0;                      ///< paced: event seconds per wall second
  std::string simd;                        ///< force a SIMD target; empty: the best this machine has
  std::string log_file;                    ///< empty: standard error
  std::string http_address = "127.0.0.1";
  std::uint16_t http_port = 0;
  std::string http_port_file;
  std::vector<std::string> replay;         ///< gateway: recorded files; empty: the generator
  std::string symbol;                      ///< gateway: instrument of trade files whose name does not say it
};

/// Parses the command line; prints help or the mistake and exits the process with 0 or 2 itself.
[[nodiscard]] arguments parse_arguments(int argc, const char* const* argv, publisher self);

}  // namespace remora::service
