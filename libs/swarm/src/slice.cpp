#include "remora/swarm/slice.hpp"

#include <algorithm>
#include <cmath>

namespace remora::swarm {
namespace {

constexpr double reach_max = 1e6;

bool buys(const slice_view& s) noexcept { return s.direction == side::buy; }

std::optional<double> spread_of(const slice_view& s) noexcept {
  if (!s.bid || !s.ask) return std::nullopt;
  return static_cast<double>(s.ask->ticks - s.bid->ticks);
}

price inside(const slice_view& s, price wanted) noexcept { return std::clamp(wanted, s.collar_low, s.collar_high); }

/// At its own touch, or behind it where the collar keeps it there; a price better than the touch would be a gift.
std::optional<style> resting(const slice_view& s) noexcept {
  const auto& touch = buys(s) ? s.bid : s.ask;
  if (!touch) return std::nullopt;
  const price limit = inside(s, *touch);
  if (buys(s) ? limit > *touch : limit < *touch) return std::nullopt;
  return style{time_in_force::post_only, limit};
}

std::optional<style> taking(const slice_view& s, time_in_force force, price wanted) noexcept {
  const auto& touch = buys(s) ? s.ask : s.bid;
  if (!touch) return std::nullopt;
  const price limit = inside(s, wanted);
  if (buys(s) ? limit < *touch : limit > *touch) return std::nullopt;
  return style{force, limit};
}

bool rests(const slice_view& s) noexcept {
  const auto spread = spread_of(s);
  if (!spread || !s.deviation || !s.adverse_move || !s.fill_probability) return s.patient;
  return !s.lags && rests_cheaper(*s.fill_probability, *spread + s.fee_saved, *s.adverse_move);
}

}  // namespace

std::int64_t reach_of(double spread, double deviation, double latency) noexcept {
  const double reach = std::ceil(0.5 * spread + 2 * deviation * std::sqrt(std::max(0.0, latency)));
  return reach >= 1 ? static_cast<std::int64_t>(std::min(reach, reach_max)) : 1;
}

double fill_probability_of(const resting_child& child) noexcept {
  const double volume = child.flow * child.seconds;
  if (!(volume > 0)) return 0;
  return std::exp(-static_cast<double>(child.queue.lots + child.size.lots) / volume);
}

bool rests_cheaper(double fill_probability, double saved, double adverse_move) noexcept {
  return fill_probability > 0 && fill_probability * saved > std::max(0.0, adverse_move);  // a market that comes back is no reason to wait
}

double fee_saved_at(const instrument& what, price at) noexcept {
  return 1e-6 * (static_cast<double>(what.taker_fee_e6) - what.maker_fee_e6) * static_cast<double>(at.ticks);
}

std::optional<style> style_of(const slice_view& s) noexcept {
  if (s.collar_low > s.collar_high) return std::nullopt;
  if (s.must_end) return taking(s, time_in_force::market, buys(s) ? s.collar_high : s.collar_low);
  if (rests(s)) return resting(s);
  const auto& touch = buys(s) ? s.ask : s.bid;
  if (!touch) return std::nullopt;
  const auto spread = spread_of(s);
  const std::int64_t reach = spread && s.deviation ? reach_of(*spread, *s.deviation, s.latency) : s.cross_ticks;
  return taking(s, time_in_force::ioc, {touch->ticks + sign_of(s.direction) * reach});
}

}  // namespace remora::swarm
