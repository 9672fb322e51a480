#pragma once

#include "child_process.hpp"
#include "commands.hpp"

#include "remora/base/place.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace remora::cli {

/// The six processes of a local run: started from the inside out, restarted when one dies, stopped in order.
class local_stack {
 public:
  /// `binaries`: directory of the remora-* programs; `bus`: directory of the sockets.
  local_stack(const up_options& options, std::string record, std::string binaries, std::string bus);

  [[nodiscard]] expected<void> start();
  /// Restarts what died, and says what that was, a line each. Error: a service dies again and again; its last log lines are in the text.
  [[nodiscard]] expected<std::vector<std::string>> mend();
  /// All have opened their journals and answer.
  [[nodiscard]] bool serving() const;
  /// Tells the gateway that no more data shall be read; what is open then runs out.
  void end_of_data();
  /// The recorder first, while the others still answer it; then along the ring. Error: one did not end in order, so that the record
  /// may not be whole. `gave_up`: someone is down for good, so the recorder is not waited for long.
  [[nodiscard]] expected<void> stop(bool gave_up);
  /// "6 of 6 services up, 1 restart, the last: ...", and who is down.
  [[nodiscard]] std::string health_text();
  [[nodiscard]] std::uint64_t restarts() const noexcept { return restarts_; }

 private:
  struct member {
    child_process process;
    std::vector<std::chrono::steady_clock::time_point> deaths;
  };
  [[nodiscard]] expected<void> launch(publisher who);
  [[nodiscard]] std::vector<std::string> command_of(publisher who) const;
  [[nodiscard]] std::string log_of(publisher who) const;
  [[nodiscard]] std::string port_file_of(publisher who) const;

  const up_options& options_;
  std::string record_, binaries_, bus_;
  std::map<publisher, member> members_;
  std::uint64_t restarts_ = 0;
  std::string last_restart_;
};

}  // namespace remora::cli
