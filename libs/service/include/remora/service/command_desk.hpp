#pragma once

#include "remora/base/error.hpp"
#include "remora/base/place.hpp"
#include "remora/market/risk_events.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace remora::service {

/// Hands a person's commands from the thread that hears them to the one that works, and the answer back.
class command_desk {
 public:
  static constexpr std::size_t waiting_max = 16;

  /// `rouse` ends a wait of the working thread.
  explicit command_desk(std::function<void()> rouse) : rouse_(std::move(rouse)) {}

  /// Any thread: lays a command down and waits until it was taken up. Errors: limit (too many wait), refused, io (not taken up in time: it
  /// stays, and will be).
  [[nodiscard]] expected<place> submit(const operator_commanded& command, std::chrono::milliseconds patience);

  /// The working thread: whether anything waits; costs one load.
  [[nodiscard]] bool waiting() const noexcept { return waiting_.load(std::memory_order_acquire) > 0; }
  /// The working thread: the command that has waited longest, to be answered by `answer`.
  [[nodiscard]] std::optional<operator_commanded> take();
  /// The working thread: where the command taken last is on the disk, or why it was refused.
  void answer(expected<place> outcome);

 private:
  struct slip {
    operator_commanded command;
    std::optional<expected<place>> outcome;
  };

  std::function<void()> rouse_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::deque<std::shared_ptr<slip>> slips_;
  std::shared_ptr<slip> in_hand_;
  std::atomic<std::size_t> waiting_ = 0;
};

}  // namespace remora::service
