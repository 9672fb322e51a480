#include "remora/signal/metaorder_detector.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

metaorder_detector::metaorder_detector(const metaorder_settings& settings)
    : settings_(settings), gain_(std::log(2 * settings.matching)), loss_(std::log(2 * (1 - settings.matching))) {
  REMORA_ASSERT(settings.matching > 0.5 && settings.matching < 1 && settings.threshold > 0);
}

std::optional<metaorder> metaorder_detector::add(const aggressor_order_seen& order, timestamp now, double raised) {
  ++count_;
  std::optional<metaorder> found;
  for (const side which : {side::buy, side::sell}) {
    sum& of = sums_[which == side::buy ? 0 : 1];
    learn(of, which == order.aggressor, order, now);
    if (auto told = tell(of, which, raised)) found = told;
  }
  return found;
}

void metaorder_detector::sum::restart() noexcept {
  const auto kept = quiet_until;
  *this = {};
  quiet_until = kept;
}

void metaorder_detector::learn(sum& of, bool matches, const aggressor_order_seen& order, timestamp now) const noexcept {
  const double value = of.value + (matches ? gain_ : loss_);
  if (value <= 0) return of.restart();
  if (of.value == 0) {
    of.since = now;
    of.first_price = order.first_price;
    of.first_trade_id = order.first_trade_id;
  }
  of.value = value;
  ++of.orders;
  of.matching += matches ? 1 : 0;
  constexpr quantity size_max{std::int64_t{1} << 61};  // where sums stop growing, far from the end of their type
  of.size = std::clamp(of.size + (matches ? order.size : -order.size), -size_max, size_max);
  of.notional += matches ? order.notional : -order.notional;
}

std::optional<metaorder> metaorder_detector::tell(sum& of, side which, double raised) const noexcept {
  if (of.value <= settings_.threshold * raised) return std::nullopt;
  const metaorder found{which,       of.value,          of.orders, of.matching, std::max(quantity{}, of.size), std::max(amount{}, of.notional),
                        of.first_price, of.first_trade_id, of.since};
  const bool quiet = count_ < of.quiet_until;
  of.restart();
  if (!quiet) of.quiet_until = count_ + settings_.pause;
  return quiet ? std::nullopt : std::optional(found);
}

}  // namespace remora::signal
