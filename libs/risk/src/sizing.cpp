#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace remora::risk {
namespace {

double regime_factor(const sizing_settings& s, regime r) noexcept {
  if (r == regime::high_volatility) return s.high_volatility_factor;
  return r == regime::trending ? s.trending_factor : 1.0;
}

amount clamped(const sizing_settings& s, amount size) { return size.nanos <= 0 ? amount{} : std::max(s.min_size, std::min(size, s.max_size)); }

double full_kelly_share(const sizing_settings& s, const sizing_view& view) noexcept {
  const bool continuous = s.method == sizing_method::kelly_continuous;
  if (view.learned) return continuous ? view.learned->step_share : view.learned->bet_share;
  const bet prior = prior_of(s, view.score);
  return continuous ? kelly_share(edge_of(prior)) : kelly_share(prior);
}

/// What a fraction of the Kelly bet stakes; nothing where it says none.
amount kelly_stake(const sizing_settings& s, const sizing_view& view) {
  const double share = s.kelly_fraction * regime_factor(s, view.market_regime) * full_kelly_share(s, view);
  return share > 0 ? amount_of(share * to_double(view.equity)).value_or(amount{}) : amount{};
}

/// The notional that stakes so much, of which one position gets no more than its share of equity.
amount kelly_size(const sizing_settings& s, const sizing_view& view) {
  const amount stake = kelly_stake(s, view);
  const amount size = s.method == sizing_method::kelly_continuous ? notional_at_stop(stake, view.reference, view.stop_distance) : stake;
  const amount room = share_of(view.equity, s.max_kelly_share) - view.held;
  return room < s.min_size ? amount{} : std::min(size, room);
}

amount size_by_method(const sizing_settings& s, const sizing_view& view) {
  if (s.method == sizing_method::fixed) return s.fixed_size;
  if (s.method == sizing_method::volatility) return notional_at_stop(share_of(view.equity, s.risk_per_trade), view.reference, view.stop_distance);
  return kelly_size(s, view);
}

/// What the market's movement and the state of RISK leave of a size.
double factor_of(const sizing_settings& s, const sizing_view& view) noexcept {
  const double reduced = view.reduced ? s.reduced_factor : 1.0;
  if (s.target_volatility <= 0) return reduced;
  return view.volatility && *view.volatility > 0 ? reduced * std::min(1.0, s.target_volatility / *view.volatility) : 0.0;
}

}  // namespace

bet prior_of(const sizing_settings& s, double score) noexcept {
  constexpr double surest = 0.99;
  return {std::min(surest, s.win_probability_base + s.win_probability_slope * std::clamp(score, 0.0, 1.0)), s.payoff_ratio};
}

amount wanted_size(const sizing_settings& s, const sizing_view& view) {
  if (view.equity.nanos <= 0 || !std::isfinite(view.score)) return {};
  const amount whole = std::min(size_by_method(s, view), s.max_size);
  return clamped(s, share_of(whole, factor_of(s, view)));
}

amount notional_at_stop(amount loss, price reference, price distance) noexcept {
  if (loss.nanos <= 0 || reference.ticks <= 0 || distance.ticks <= 0) return {};
  int128 scaled = 0;
  if (__builtin_mul_overflow(loss.nanos, static_cast<int128>(reference.ticks), &scaled)) return {};
  return {scaled / distance.ticks};
}

std::optional<double> volatility_of(double minute_range) noexcept {
  constexpr double minutes_a_year = 365.0 * 24 * 60;
  if (!(minute_range > 0) || !std::isfinite(minute_range)) return std::nullopt;
  return minute_range / std::sqrt(8 / std::numbers::pi) * std::sqrt(minutes_a_year);
}

amount share_of(amount whole, double share) noexcept {
  constexpr int128 million = 1'000'000;
  const int128 rate = std::llround(share * 1e6);
  return {whole.nanos / million * rate + whole.nanos % million * rate / million};
}

}  // namespace remora::risk
