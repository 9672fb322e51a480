#include "remora/service/command_desk.hpp"

#include <fmt/format.h>

namespace remora::service {

expected<place> command_desk::submit(const operator_commanded& command, std::chrono::milliseconds patience) {
  std::unique_lock hold(mutex_);
  if (slips_.size() >= waiting_max) return fail(errc::limit, fmt::format("{} commands wait already", waiting_max));
  const auto own = std::make_shared<slip>(slip{command, {}});
  slips_.push_back(own);
  waiting_.store(slips_.size(), std::memory_order_release);
  rouse_();
  if (!answered_.wait_for(hold, patience, [&] { return own->outcome.has_value(); }))
    return fail(errc::io, fmt::format("it was not taken up within {} ms; it waits while this process lives, and is obeyed before anything new is decided: ask `remora status`, and say it again if need be", patience.count()));
  return *own->outcome;
}

std::optional<operator_commanded> command_desk::take() {
  const std::lock_guard hold(mutex_);
  if (slips_.empty()) return std::nullopt;
  in_hand_ = std::move(slips_.front());
  slips_.pop_front();
  waiting_.store(slips_.size(), std::memory_order_release);
  return in_hand_->command;
}

void command_desk::answer(expected<place> outcome) {
  const std::lock_guard hold(mutex_);
  in_hand_->outcome = std::move(outcome);
  answered_.notify_all();
}

}  // namespace remora::service
