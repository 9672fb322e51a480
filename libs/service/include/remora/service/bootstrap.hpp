#pragma once

#include "remora/bus/port.hpp"
#include "remora/bus/pull_server.hpp"
#include "remora/channel/engine_node.hpp"
#include "remora/config/settings.hpp"
#include "remora/journal/writer.hpp"
#include "remora/service/arguments.hpp"
#include "remora/service/command_desk.hpp"
#include "remora/service/duty.hpp"
#include "remora/service/metrics.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace remora::service {

/// What every service has before it begins its own work.
struct equipment {
  arguments given;
  config::settings settings;
  std::uint64_t configuration = 0;         ///< fingerprint of the settings
  std::string journal_directory;
  journal::writer writer;
  bus::port port;
  metrics& measured;
  command_desk* commands = nullptr;        ///< of the services that a person may command: RISK and EXECUTION
};

/// Makes the duty of a service out of its equipment.
using duty_maker = std::function<expected<std::unique_ptr<duty>>(equipment&)>;

/// `main` of a service: command line, configuration, log, journal, bus; then the duty, until it ends. `upstream`: whom it follows.
/// `pushed`: whether it also hears pushed records (the recorder only pulls). Returns the exit status: 2 for a mistake of the caller.
[[nodiscard]] int main_of(int argc, const char* const* argv, publisher self, std::vector<publisher> upstream, bool pushed, const duty_maker& make);

/// Makes an engine out of the settings and the identity of its journal: the epoch of its first record, 0 in lock-step.
using node_maker = std::function<std::unique_ptr<channel::node>(const config::settings&, std::uint64_t)>;

/// `main` of a service that is an engine in a shell.
[[nodiscard]] int engine_main(int argc, const char* const* argv, publisher self, std::vector<publisher> upstream, const node_maker& make);

}  // namespace remora::service
