#pragma once

#include "remora/service/duty.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace remora::service {

/// The actor system of a service: a worker, resumed by whoever calls `step`, and a supervisor on CAF's own threads.
class actor_loop {
 public:
  /// `on_stop` is called from a CAF thread when the supervisor decides that the process ends.
  actor_loop(duty& work, std::function<void()> on_stop);
  ~actor_loop();
  actor_loop(const actor_loop&) = delete;
  actor_loop& operator=(const actor_loop&) = delete;

  /// Lets the worker work, on the calling thread. False: it failed; the reason is in the log.
  [[nodiscard]] bool step();
  /// Lets the worker write its last words, on the calling thread.
  [[nodiscard]] bool close();
  /// Tells the supervisor that the poll thread lives.
  void pulse(bool caught_up);
  /// Asks for an orderly end; from any thread.
  void request_stop(std::string reason);

  struct health {
    bool live = false;
    bool ready = false;
  };
  /// From any thread but CAF's own; not live if the supervisor does not answer within a second.
  [[nodiscard]] health ask_health();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace remora::service
