#include "remora/swarm/volume_profile.hpp"

#include <algorithm>
#include <cmath>

namespace remora::swarm {
namespace {

constexpr double visits_half_life = 20;
constexpr double bars_half_life = 60 * visits_half_life;
constexpr std::uint32_t visits_min = 10;
constexpr double volume_max = 10;  // of the average
constexpr double factor_max = 5;

std::size_t slot_of(timestamp time, nanoseconds period) noexcept {
  const std::int64_t slot = count_of(time) / period.count() % 60;
  return static_cast<std::size_t>(slot < 0 ? slot + 60 : slot);
}

/// The plain mean of the first values, fading from then on.
double gain(std::uint64_t n, double half_life) noexcept { return std::max(1.0 / static_cast<double>(n), 1 - std::exp2(-1 / half_life)); }

}  // namespace

bool volume_profile::learn(const bar_closed& bar) {
  if (bar.volume.lots < 0 || (bar.period != seconds(1) && bar.period != seconds(60))) return false;
  cycle& of = bar.period == seconds(1) ? by_second_ : by_minute_;
  of.learn(slot_of(bar.open_time, bar.period), static_cast<double>(bar.volume.lots));
  return true;
}

double volume_profile::expected(timestamp time) const noexcept {
  return by_second_.factor(slot_of(time, seconds(1))) * by_minute_.factor(slot_of(time, seconds(60)));
}

void volume_profile::cycle::learn(std::size_t slot, double volume) noexcept {
  const double capped = count < 60 ? volume : std::min(volume, volume_max * mean);
  mean += gain(++count, bars_half_life) * (capped - mean);
  means[slot] += gain(++visits[slot], visits_half_life) * (capped - means[slot]);
}

double volume_profile::cycle::factor(std::size_t slot) const noexcept {
  if (visits[slot] < visits_min || !(mean > 0)) return 1;
  return std::clamp(means[slot] / mean, 1 / factor_max, factor_max);
}

}  // namespace remora::swarm
