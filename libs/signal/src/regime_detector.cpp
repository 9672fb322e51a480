#include "remora/signal/regime_detector.hpp"

#include "remora/stats/kernels.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {
namespace {

constexpr double count_half_life = 60;  // bars over which the order flow's clustering is judged

double t_statistic(std::span<const double> returns) {
  const auto [mean, deviation] = stats::mean_and_deviation(returns);
  return deviation > 0 ? std::sqrt(static_cast<double>(returns.size())) * mean / deviation : 0;
}

/// The worst state that the measures call for.
regime called_for(const regime_measures& measured, const regime_settings& settings) noexcept {
  for (const regime state : {regime::crisis, regime::high_volatility, regime::trending})
    if (holds(state, measured, settings, 1.0)) return state;
  return regime::normal;
}

}  // namespace

bool holds(regime state, const regime_measures& measured, const regime_settings& settings, double share) noexcept {
  switch (state) {
    case regime::crisis:
      return measured.criticality >= share * settings.soc_threshold && measured.volatility_ratio >= share * settings.crisis_volatility_ratio;
    case regime::high_volatility: return measured.volatility_ratio >= share * settings.high_volatility_ratio;
    case regime::trending: return std::abs(measured.trend) >= share * settings.trend_threshold;
    case regime::normal: return true;
  }
  return true;
}

regime_detector::regime_detector(const regime_settings& settings)
    : short_returns_(settings.volatility_window),
      trend_returns_(settings.trend_window),
      long_variance_(stats::ewma::with_half_life(settings.long_half_life)),
      counts_(stats::ewma::with_half_life(count_half_life)) {}

regime_measures regime_detector::measure() const {
  regime_measures now;
  const double long_deviation = std::sqrt(long_variance_.mean());
  if (long_deviation > 0) now.volatility_ratio = stats::mean_and_deviation(short_returns_.values()).deviation / long_deviation;
  now.trend = t_statistic(trend_returns_.values());
  if (counts_.variance() > counts_.mean() && counts_.mean() > 0) now.criticality = 1 - std::sqrt(counts_.mean() / counts_.variance());
  return now;
}

std::optional<regime_changed> regime_detector::add(double log_return, double orders, timestamp now, const regime_settings& settings) {
  if (!std::isfinite(log_return)) return std::nullopt;
  short_returns_.push(log_return);
  trend_returns_.push(log_return);
  long_variance_.push(log_return * log_return);
  counts_.push(orders);
  if (!trend_returns_.full()) return std::nullopt;
  const regime_measures measured = measure();
  const regime next = called_for(measured, settings);
  if (next == current_) return std::nullopt;
  const bool worse = next > current_;
  if (!worse && (now - since_ < settings.min_dwell || holds(current_, measured, settings, settings.hysteresis))) return std::nullopt;
  const regime_changed change{instrument_id::none, current_, next, measured.volatility_ratio, measured.trend, measured.criticality};
  current_ = next;
  since_ = now;
  return change;
}

}  // namespace remora::signal
