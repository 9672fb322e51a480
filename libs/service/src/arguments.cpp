#include "remora/service/arguments.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace remora::service {

arguments parse_arguments(int argc, const char* const* argv, publisher self) {
  arguments given;
  CLI::App app("remora-" + std::string(name_of(self)) + ": one service of Remora. `remora up` starts the whole stack.");
  app.set_version_flag("--version", REMORA_VERSION);
  app.add_option("--config", given.config, "directory of the configuration")->capture_default_str();
  app.add_option("--profile", given.profile, "profile laid over the configuration");
  app.add_option("--set", given.overrides, "override a value: section.key=value (repeatable)");
  app.add_option("--data", given.data, "directory of journals and the record")->capture_default_str();
  app.add_option("--bus", given.bus, "directory of the bus sockets (default: as configured)");
  app.add_flag("--lock-step", given.lock_step, "deterministic rounds instead of arrival order");
  app.add_option("--speed", given.speed, "event seconds per second of wall time")->check(CLI::Range(0.001, 1e6))->capture_default_str();
  app.add_option("--simd", given.simd, "force a SIMD target, for comparing them");
  app.add_option("--log-file", given.log_file, "log to this file (default: standard error)");
  app.add_option("--http-address", given.http_address, "address of /metrics and /health")->capture_default_str();
  app.add_option("--http-port", given.http_port, "port of /metrics and /health, 0 = any free one")->capture_default_str();
  app.add_option("--http-port-file", given.http_port_file, "write the port in use to this file");
  if (self == publisher::gateway) {
    app.add_option("--replay", given.replay, "recorded files, in any order (default: the market generator)");
    app.add_option("--symbol", given.symbol, "instrument of trade files whose name does not tell");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    const int status = app.exit(problem);
    std::exit(status == 0 ? 0 : 2);
  }
  return given;
}

}  // namespace remora::service
