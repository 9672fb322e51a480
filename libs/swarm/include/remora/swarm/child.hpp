#pragma once

#include "remora/market/order_events.hpp"

#include <cstdint>
#include <vector>

namespace remora::swarm {

/// The state a report leads to; what does not fit (an acknowledgement after a fill, anything after the end) changes nothing.
///
///     pending ──accepted──▶ working ──part filled──▶ partially_filled ──part filled──▶ (itself)
///        │                     │                            │
///        ├──part filled──▶ partially_filled                 │
///        ├──rejected──▶ rejected (end; from pending only)   │
///        └─────────────────────┴────────────────────────────┴──▶ filled, cancelled, expired (ends, never left)
///
/// in_doubt is what pending becomes by silence alone; reports lead on from it as from pending.
[[nodiscard]] order_state state_after(order_state state, report_kind kind) noexcept;

/// One child order as its reports tell it, in whatever order and however often they come.
class child {
 public:
  child() = default;
  /// `last_request`: number of the last account request that left before it.
  child(order_intended intent, timestamp check_at, std::uint64_t last_request = 0)
      : intent_(std::move(intent)), check_at_(check_at), last_request_(last_request) {}

  /// What a report brought.
  struct news {
    bool changed = false;   ///< state or filled quantity
    bool new_fill = false;  ///< a fill that was not seen before
  };
  news apply(const execution_reported& report);
  /// The venue has been silent for too long.
  void doubt() noexcept { state_ = order_state::in_doubt; }
  [[nodiscard]] bool in_doubt() const noexcept { return state_ == order_state::in_doubt; }
  /// Ends a child that the venue provably never took.
  void give_up() noexcept { state_ = order_state::expired; }

  [[nodiscard]] const order_intended& intent() const noexcept { return intent_; }
  [[nodiscard]] order_state state() const noexcept { return state_; }
  [[nodiscard]] quantity filled() const noexcept { return filled_; }
  /// Not filled of its size; never negative, even if the venue overfills.
  [[nodiscard]] quantity rest() const noexcept { return {std::max<std::int64_t>(0, intent_.size.lots - filled_.lots)}; }
  /// What may still be filled or is filled already: its worst case.
  [[nodiscard]] quantity committed() const noexcept { return is_final(state_) ? filled_ : std::max(filled_, intent_.size); }
  /// Ended, and every fill that the venue counted has been seen: nothing will come any more.
  [[nodiscard]] bool settled() const noexcept { return is_final(state_) && booked_ >= filled_; }
  /// Waits at the venue until it is cancelled; the others end by themselves.
  [[nodiscard]] bool rests() const noexcept { return intent_.force == time_in_force::post_only || intent_.force == time_in_force::gtc; }
  /// Acknowledged by the venue and not ended.
  [[nodiscard]] bool open() const noexcept { return state_ == order_state::working || state_ == order_state::partially_filled; }

  /// Whether the answer to a request for the account can know of it: only if the request left after it.
  [[nodiscard]] bool is_known_to(std::uint64_t request) const noexcept { return last_request_ < request; }

  /// When somebody should look at it again: its age is up, or its silence is suspicious.
  [[nodiscard]] timestamp check_at() const noexcept { return check_at_; }
  void check_at(timestamp time) noexcept { check_at_ = time; }

  template <class Archive>
  void archive(Archive& a) {
    a(intent_.id, intent_.parent, intent_.child, intent_.instrument, intent_.direction, intent_.force, intent_.limit, intent_.size,
      intent_.valid_until, intent_.reduce_only, state_, filled_, booked_, fill_ids_, check_at_, last_request_);
  }

 private:
  order_intended intent_;
  order_state state_ = order_state::pending;
  quantity filled_;                      // the largest cumulative quantity reported
  quantity booked_;                      // the sum of the fills seen
  std::vector<std::uint64_t> fill_ids_;  // the venue's, unique per instrument
  timestamp check_at_{};
  std::uint64_t last_request_ = 0;
};

/// What is told of it after a change.
[[nodiscard]] order_updated update_of(const child& order, std::string reason);

}  // namespace remora::swarm
