#include "remora/channel/round_clock.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>

namespace remora::channel {

round_clock::round_clock(std::vector<publisher> participants, nanoseconds span) : span_(span) {
  REMORA_ASSERT(span > nanoseconds(0));
  for (const publisher who : participants) participants_.push_back({who, 0, std::nullopt});
}

void round_clock::restore(std::uint64_t last, timestamp until) noexcept {
  round_ = last;
  until_ = until;
}

void round_clock::done(publisher who, const round_done& report) {
  for (participant& each : participants_)
    if (each.who == who && report.index > each.done) {
      each.done = report.index;
      each.next_wake = report.next_wake;
    }
}

bool round_clock::ready() const noexcept {
  return std::all_of(participants_.begin(), participants_.end(), [&](const participant& each) { return each.done >= round_; });
}

std::optional<round_closed> round_clock::open(std::optional<timestamp> next_market) {
  REMORA_ASSERT(ready());
  std::optional<timestamp> start = next_market;
  for (const participant& each : participants_)
    if (each.next_wake && (!start || *each.next_wake < *start)) start = each.next_wake;
  if (!start) return std::nullopt;
  until_ = std::max(until_, *start) + span_;
  return round_closed{++round_, until_, 0};
}

}  // namespace remora::channel
