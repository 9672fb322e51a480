#pragma once

#include "remora/channel/step.hpp"

#include <deque>
#include <vector>

namespace remora::channel {

/// The order of inputs in lock-step and backtest: by (effective time, publisher, position), in rounds.
///
/// Market records take effect at their event time; records of other services one `link` later. GATEWAY closes round r at `until`; everything
/// another service did in rounds before r is known by its `round_done(r-1)`. A round spans at most `link`, so nothing decided inside
/// a round can take effect inside it, and the order does not depend on who was faster.
class round_order {
 public:
  /// `upstream`: whom this service follows, GATEWAY among them. `link`: modelled latency between services, > 0.
  round_order(std::vector<publisher> upstream, nanoseconds link);

  /// A record arrived; records of one publisher arrive in order of position.
  void arrived(proto::record record);
  /// The next step of the round in hand, or nothing until more arrives. `next_wake` is the engine's earliest timer now; after a
  /// `timer_step` or `input_step` the caller runs the engine before it calls again. A `round_step` ends each round.
  [[nodiscard]] std::optional<step> next(std::optional<timestamp> next_wake);

  /// Earliest effective time of what was decided before the round just finished and waits beyond it: part of `round_done.next_wake`.
  /// What was decided in that same round is left out, for its author reports it, and whether it has arrived here yet is chance.
  [[nodiscard]] std::optional<timestamp> earliest_waiting() const;
  [[nodiscard]] timestamp now() const noexcept { return now_; }
  /// Continue after round `done` (from a checkpoint).
  void restore(std::uint64_t done, timestamp now) noexcept;

 private:
  struct waiting {
    proto::record record;
    std::uint64_t round = 0;              // in which its author decided it
  };
  struct source {
    publisher who;
    std::deque<waiting> records;          // arrived, not yet taken
    std::uint64_t rounds_known = 0;       // its records are complete up to this round
  };

  [[nodiscard]] bool round_is_known() const;
  [[nodiscard]] timestamp effective_time(const proto::record& record) const noexcept;
  [[nodiscard]] source* earliest();

  std::vector<source> sources_;
  nanoseconds link_;
  std::uint64_t round_ = 1;               // the round in hand
  std::deque<round_closed> closed_;       // rounds GATEWAY has closed, from the one in hand on
  timestamp now_{};
};

}  // namespace remora::channel
