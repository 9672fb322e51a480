#include "remora/risk/sizing.hpp"

#include "remora/risk/kelly.hpp"

#include <algorithm>
#include <cmath>

namespace remora::risk {
namespace {

double regime_factor(const sizing_settings& s, regime r) noexcept {
  if (r == regime::high_volatility) return s.high_volatility_factor;
  return r == regime::trending ? s.trending_factor : 1.0;
}

amount clamped(const sizing_settings& s, amount size) { return std::max(s.min_size, std::min(size, s.max_size)); }

}  // namespace

amount wanted_size(const sizing_settings& s, const sizing_view& view) {
  if (view.equity.nanos <= 0) return {};
  if (s.method == sizing_method::fixed) return clamped(s, s.fixed_size);
  const double win_probability = s.win_probability_base + s.win_probability_slope * std::clamp(view.score, 0.0, 1.0);
  const double share = s.kelly_fraction * regime_factor(s, view.market_regime) * kelly_share(bet{win_probability, s.payoff_ratio});
  if (!(share > 0)) return {};
  const auto size = amount_of(share * to_double(view.equity));
  return size ? clamped(s, *size) : amount{};
}

quantity size_at_stop(const instrument& what, amount loss, price distance) noexcept {
  if (what.inverse || loss.nanos <= 0) return {};
  return quantity_for(what, distance, loss);  // what it loses is its notional at the distance
}

amount share_of(amount whole, double share) noexcept {
  constexpr int128 million = 1'000'000;
  const int128 rate = std::llround(share * 1e6);
  return {whole.nanos / million * rate + whole.nanos % million * rate / million};
}

}  // namespace remora::risk
