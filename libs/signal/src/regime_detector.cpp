#include "remora/signal/regime_detector.hpp"

#include "remora/stats/kernels.hpp"
#include "remora/stats/normal.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {
namespace {

// Log-odds of CRISIS against HIGH_VOLATILITY that a bar adds. For returns of 3 and 4.1 calm deviations the likelihood ratio is
// 0.31 (r² / 3.5² - 1); returns are not normal and weigh two thirds of that. The score moves slowly, so each of its bars weighs little.
constexpr double size_weight = 0.2;
constexpr double size_max = 6;             // r² / (crisis_volatility_ratio x calm)² is taken up to this: a single bar does not decide
constexpr double soc_weight = 0.03;
constexpr double soc_neutral = 0.2533471;  // Φ⁻¹(0.6)
constexpr double rank_min = 0.001;
constexpr double even = 0.5;               // probability from which turbulence is rather a crisis

drift_filter::settings drift_of(const regime_settings& s) noexcept { return {.drift = 1 / std::sqrt(static_cast<double>(s.trend_window)), .expected_dwell = s.expected_dwell}; }

bool is_turbulent(regime r) noexcept { return r >= regime::high_volatility; }

}  // namespace

regime regime_after(regime current, const regime_measures& m, const regime_settings& s) noexcept {
  const bool turbulent = m.volatility_ratio >= s.high_volatility_ratio * (is_turbulent(current) ? s.hysteresis : 1);
  if (turbulent) {
    const bool crisis = current == regime::crisis ? m.crisis_probability >= even * s.hysteresis
                                                  : is_turbulent(current) && m.critical && m.crisis_probability >= even;
    return crisis ? regime::crisis : regime::high_volatility;
  }
  return m.trend_probability >= s.trend_probability * (current == regime::trending ? s.hysteresis : 1) ? regime::trending : regime::normal;
}

regime_detector::regime_detector(const regime_settings& s)
    : returns_(s.trend_window), volatility_({s.volatility_window, s.calm_window, s.calm_past}), drift_(drift_of(s)) {}

std::optional<double> regime_detector::trend_t() const {
  if (!returns_.full()) return std::nullopt;
  const auto [mean, deviation] = stats::mean_and_deviation(returns_.values());
  return deviation > 0 ? std::sqrt(static_cast<double>(returns_.size())) * mean / deviation : 0;
}

std::optional<double> regime_detector::efficiency() const {
  if (!returns_.full()) return std::nullopt;
  double net = 0, path = 0;
  for (const double r : returns_.values()) {
    net += r;
    path += std::abs(r);
  }
  return path > 0 ? std::abs(net) / path : 0;
}

void regime_detector::weigh_crisis(double relative_square, const std::optional<double>& soc, const regime_settings& s) {
  const double moved = 1 / (3 * s.expected_dwell);
  const double before = measured_.crisis_probability * (1 - moved) + (1 - measured_.crisis_probability) * moved;
  double odds = std::log(before / (1 - before));
  odds += size_weight * (std::min(relative_square / (s.crisis_volatility_ratio * s.crisis_volatility_ratio), size_max) - 1);
  if (soc) odds += soc_weight * (*stats::normal_quantile(std::clamp(*soc, rank_min, 1 - rank_min)) - soc_neutral);
  measured_.crisis_probability = 1 / (1 + std::exp(-odds));
}

void regime_detector::measure(const regime_input& bar, const regime_settings& s) {
  if (bar.soc) measured_.critical = *bar.soc >= s.soc_threshold * (measured_.critical ? s.hysteresis : 1);
  const auto now = volatility_.now(), calm = volatility_.calm(bar.tick);
  if (!now || !calm || !(*calm > 0)) return;
  measured_.volatility_ratio = *now / *calm;
  const double standard = bar.log_return / *calm;
  if (is_turbulent(current_)) {
    drift_.restart();
    weigh_crisis(standard * standard, bar.soc, s);
  } else {
    drift_.push(standard);
    measured_.crisis_probability = even;
  }
  measured_.trend_probability = drift_.probability();
  measured_.direction = drift_.up() >= drift_.down() ? 1 : -1;
}

std::optional<regime_changed> regime_detector::add(const regime_input& bar, timestamp now, const regime_settings& s) {
  if (!volatility_.push(bar.log_return)) return std::nullopt;
  ++count_;
  returns_.push(bar.log_return);
  measure(bar, s);
  const regime next = returns_.full() ? regime_after(current_, measured_, s) : current_;
  const bool worse = next > current_;
  if (next == current_ || (!worse && now - since_ < s.min_dwell)) return std::nullopt;
  const regime_changed change{instrument_id::none, current_, next, measured_.volatility_ratio, measured_.direction * measured_.trend_probability,
                              bar.soc.value_or(0)};
  current_ = next;
  since_ = now;
  return change;
}

}  // namespace remora::signal
