#pragma once

#include "remora/channel/step.hpp"

#include <optional>
#include <vector>

namespace remora::channel {

/// GATEWAY's side of lock-step: decides when the next round may open and how far it reaches.
class round_clock {
 public:
  /// `participants`: who must report each round done. `span`: length of a round, at most the smallest modelled latency.
  round_clock(std::vector<publisher> participants, nanoseconds span);

  /// A participant reported a round done.
  void done(publisher who, const round_done& report);
  /// All participants have reported the last round.
  [[nodiscard]] bool ready() const noexcept;
  /// The next round, given the time of the next market record (none at the end of data); nothing if no timer is left either:
  /// then the run is settled. Call only when `ready()`.
  [[nodiscard]] std::optional<round_closed> open(std::optional<timestamp> next_market);
  [[nodiscard]] std::uint64_t round() const noexcept { return round_; }
  /// Continue after round `last`, which was closed before a restart and ended at `until`.
  void restore(std::uint64_t last, timestamp until) noexcept;

 private:
  struct participant {
    publisher who;
    std::uint64_t done = 0;
    std::optional<timestamp> next_wake;
  };
  std::vector<participant> participants_;
  nanoseconds span_;
  std::uint64_t round_ = 0;
  timestamp until_{};
};

}  // namespace remora::channel
