#include "remora/sim/regime_market.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace remora::sim {
namespace {

constexpr int steps = 4;                // of the mid in a second
constexpr double size_deviation = 1;    // of the logarithm of an order's size
constexpr double calm_depth = 8;        // mean size at the best level, in median orders

std::size_t place_of(regime label) noexcept { return static_cast<std::size_t>(label) - 1; }

}  // namespace

regime_market::regime_market(const regime_market_settings& settings)
    : settings_(settings),
      labels_(settings.seed, 1),
      returns_(settings.seed, 2),
      arrival_times_(settings.seed, 3),
      sizes_(settings.seed, 4),
      arrivals_({.rate = settings.orders_per_second * 0.5 / (1 - settings.phases[0].branching), .branching = settings.phases[0].branching}) {
  REMORA_ASSERT(settings.mean_dwell >= 1 && settings.deviation > 0 && settings.orders_per_second > 0);
  next_order_ = arrivals_.next(arrival_times_);
}

const regime_phase& regime_market::phase() const noexcept { return settings_.phases[place_of(bar_.label)]; }

void regime_market::enter(regime label) {
  bar_.label = label;
  entered_ = true;
  const double sign = label == regime::trending && labels_.uniform() < 0.5 ? -1 : 1;
  drift_ = sign * phase().drift;
  arrivals_.retune(settings_.orders_per_second * 0.5 / (1 - phase().branching), phase().branching);
}

void regime_market::wander() {
  if (labels_.uniform() * settings_.mean_dwell >= 1) return;
  const auto step = 1 + labels_.below(settings_.phases.size() - 1);
  enter(static_cast<regime>((place_of(bar_.label) + step) % settings_.phases.size() + 1));
}

const regime_bar& regime_market::next() {
  if (!entered_) wander();
  const std::uint64_t age = std::exchange(entered_, false) ? 0 : bar_.age + 1;
  bar_ = {.label = bar_.label, .age = age};
  move_price();
  take_orders();
  return bar_;
}

void regime_market::move_price() {
  const double deviation = settings_.deviation * phase().deviation;
  double high = 0, low = 0;
  for (int i = 0; i < steps; ++i) {
    bar_.log_return += deviation * (drift_ / steps + returns_.normal() / std::sqrt(double{steps}));
    high = std::max(high, bar_.log_return);
    low = std::min(low, bar_.log_return);
  }
  bar_.range = high - low;
}

void regime_market::take_orders() {
  for (const double end = second_ + 1; next_order_ < end; next_order_ += arrivals_.next(arrival_times_)) take_order(next_order_ - second_);
  second_ += 1;
}

void regime_market::take_order(double time) {
  const auto bin = static_cast<std::size_t>(time * regime_bar::bins);
  ++bar_.orders[std::min(bin, regime_bar::bins - 1)];
  const double size = std::exp(size_deviation * sizes_.normal());
  bar_.volume += size;
  if (size > calm_depth * phase().depth * sizes_.exponential()) bar_.swept += size;
}

}  // namespace remora::sim
