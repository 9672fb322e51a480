#pragma once

#include "remora/channel/step.hpp"

#include <array>
#include <deque>
#include <vector>

namespace remora::channel {

/// The order of inputs in live and paced running: as they arrive. After a restart the order the journal recorded comes first
/// (the script), so the engine is led through the same inputs to the same state; from there on arrival decides.
class arrival_order {
 public:
  static constexpr std::size_t waiting_max = 65'536;  ///< records of one publisher

  /// What was taken since the checkpoint, as journaled.
  void follow_script(std::vector<input_run> runs);
  /// A record arrived; records of one publisher arrive in order of position.
  void arrived(proto::record record);
  /// All that waits of this publisher comes before what waits of others.
  void hurry(publisher who);
  /// The next step, or nothing until more arrives. Timers are not decided here but in the script or by `timer()`.
  [[nodiscard]] std::optional<step> next();
  /// Whether the journaled order is still being followed.
  [[nodiscard]] bool replaying() const noexcept { return !script_.empty(); }
  /// Whether a record of this publisher has arrived and not been taken.
  [[nodiscard]] bool holds(publisher who) const noexcept { return !by_publisher_[index_of(who)].empty(); }
  /// So many records of this publisher wait that no more should be brought; they can be pulled again.
  [[nodiscard]] bool full(publisher who) const noexcept { return by_publisher_[index_of(who)].size() >= waiting_max; }
  [[nodiscard]] timestamp now() const noexcept { return now_; }
  /// A live timer at `at`: never before what was already taken.
  [[nodiscard]] timestamp timer(timestamp at) noexcept { return now_ = std::max(now_, at); }
  void restore(timestamp now) noexcept { now_ = now; }

 private:
  [[nodiscard]] std::optional<step> next_of_script();
  [[nodiscard]] step taken(proto::record record);

  std::deque<input_run> script_;
  std::array<std::deque<proto::record>, publisher_count> by_publisher_;
  std::deque<publisher> arrivals_;
  timestamp now_{};
};

}  // namespace remora::channel
