#pragma once

#include "remora/base/error.hpp"
#include "remora/bus/port.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace remora::service {

/// What a service does, without the waiting: the poll thread hands it what arrived, then lets it work. One thread calls all of it.
class duty : public bus::port_listener {
 public:
  /// Does everything that is possible now. Error: the service must end.
  [[nodiscard]] virtual expected<void> work() = 0;
  /// Pulls what is missing and tells others where we stand; called after every wait.
  virtual void keep_up() = 0;
  /// How long the poll thread may sleep at most.
  [[nodiscard]] virtual std::chrono::microseconds patience() const = 0;
  /// Takes part in the run: recovered and caught up.
  [[nodiscard]] virtual bool caught_up() const = 0;
  /// Nothing is left to do, ever: the process may end by itself.
  [[nodiscard]] virtual bool finished() const { return false; }
  /// The process was asked to end: bring in what is out. It is given some time for it, while work goes on.
  virtual void prepare_to_stop(const std::string&) {}
  /// Nothing that it has sent out waits for an answer.
  [[nodiscard]] virtual bool at_rest() const { return true; }
  /// The orderly end: the last words to the journal.
  [[nodiscard]] virtual expected<void> close() = 0;

  /// Who was heard to run with another version, other messages or other settings: to work with it would be to misunderstand each other.
  [[nodiscard]] std::optional<publisher> stranger() const noexcept { return stranger_; }
  void foreign(publisher who) final { stranger_ = who; }

 private:
  std::optional<publisher> stranger_;
};

}  // namespace remora::service
