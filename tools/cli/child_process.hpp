#pragma once

#include "remora/base/error.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace remora::cli {

/// A program started by us. It ends when we do: the kernel sends it SIGTERM if we die.
class child_process {
 public:
  /// Starts `arguments[0]`; its output goes to `log_file` (appended).
  [[nodiscard]] static expected<child_process> start(const std::vector<std::string>& arguments, const std::string& log_file);

  /// Exit status if it has ended (128 + signal if killed), else nothing.
  [[nodiscard]] std::optional<int> poll();
  void signal(int number) const;
  /// Waits for its end; SIGKILL after `patience`. Returns the exit status.
  int wait(std::chrono::milliseconds patience);
  [[nodiscard]] int pid() const noexcept { return pid_; }

 private:
  explicit child_process(int pid) noexcept : pid_(pid) {}
  int pid_;
  std::optional<int> ended_;
};

}  // namespace remora::cli
