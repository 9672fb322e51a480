#pragma once

#include "remora/base/error.hpp"
#include "remora/base/place.hpp"
#include "remora/market/risk_events.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

/// How a person's command reaches a service: over a socket and a thread of its own, so that it is heard while everything else is saturated.
namespace remora::bus {

/// What became of a command. A refusal, or a command that nobody confirmed, is an error with a sentence.
using command_answer = expected<std::string>;

struct command_server_options {
  std::string directory;  ///< of the sockets
  publisher self = publisher::none;
  /// Called on the server's thread, one command at a time; may take seconds.
  std::function<command_answer(const operator_commanded&)> obey;
};

/// Takes commands at `ipc://DIRECTORY/SERVICE.command`. Who may write to the directory may command.
class command_server {
 public:
  [[nodiscard]] static expected<command_server> start(command_server_options options);
  command_server(command_server&&) noexcept;
  command_server& operator=(command_server&&) noexcept;
  /// Stops listening within a tenth of a second; one that is being obeyed is awaited.
  ~command_server();

 private:
  struct state;
  explicit command_server(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

/// Sends a command and waits for its answer. Errors: io (nobody listens, nobody answered in time, or the service could not take it up yet: it may
/// still be obeyed, and may be sent again), or refused.
[[nodiscard]] command_answer send_command(const std::string& endpoint, const operator_commanded& command, std::chrono::milliseconds patience);

}  // namespace remora::bus
