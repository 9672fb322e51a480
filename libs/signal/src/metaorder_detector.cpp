#include "remora/signal/metaorder_detector.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

metaorder_detector::metaorder_detector(const metaorder_settings& settings)
    : settings_(settings), gain_(std::log(2 * settings.matching)), loss_(std::log(2 * (1 - settings.matching))) {
  REMORA_ASSERT(settings.matching > 0.5 && settings.matching < 1 && settings.threshold > 0);
}

std::optional<metaorder> metaorder_detector::add(side aggressor, double notional, timestamp now) {
  ++count_;
  std::optional<metaorder> found;
  for (const side which : {side::buy, side::sell}) {
    sum& of = sums_[which == side::buy ? 0 : 1];
    learn(of, which == aggressor, notional, now);
    if (auto told = tell(of, which)) found = told;
  }
  return found;
}

void metaorder_detector::learn(sum& of, bool matches, double notional, timestamp now) const noexcept {
  const double value = of.value + (matches ? gain_ : loss_);
  if (value <= 0) {
    of = {.quiet_until = of.quiet_until};
    return;
  }
  if (of.value == 0) of.since = now;
  of.value = value;
  ++of.orders;
  of.matching += matches ? 1 : 0;
  (matches ? of.notional : of.against) += std::max(notional, 0.0);
}

/// Starts over once it has told: what goes on shows itself again.
std::optional<metaorder> metaorder_detector::tell(sum& of, side which) const noexcept {
  if (of.value <= settings_.threshold) return std::nullopt;
  const metaorder found{which, of.value, of.orders, of.matching, std::max(0.0, of.notional - of.against), of.since};
  const bool quiet = count_ < of.quiet_until;
  of = {.quiet_until = quiet ? of.quiet_until : count_ + settings_.pause};
  return quiet ? std::nullopt : std::optional(found);
}

}  // namespace remora::signal
