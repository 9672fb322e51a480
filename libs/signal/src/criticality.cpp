#include "remora/signal/criticality.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {
namespace {

constexpr std::size_t quarter = activity_bar::bins / 4;   // 250 ms
constexpr std::size_t tenth = activity_bar::bins / 10;    // 100 ms
constexpr std::uint64_t long_bin = 10;                    // bars
constexpr double critical_exponent = 1.5;

double sum_of(const activity_bar& bar, std::size_t from, std::size_t bins) noexcept {
  double sum = 0;
  for (std::size_t i = from; i < from + bins; ++i) sum += bar.orders[i];
  return sum;
}

stats::ewma half_life(double bars) noexcept { return stats::ewma::with_half_life(bars); }

}  // namespace

criticality::criticality(const criticality_settings& s)
    : warm_up_(s.warm_up),
      branching_{branching_ratio(s.branching[0]), branching_ratio(s.branching[1]), branching_ratio(s.branching[2])},
      trend_(half_life(s.detrend_half_life)),
      products_(half_life(s.correlation_half_life)),
      squares_(half_life(s.correlation_half_life)),
      short_variance_(half_life(s.short_half_life)),
      long_variance_(half_life(s.long_half_life)),
      volume_(half_life(s.sweep_half_life)),
      swept_(half_life(s.sweep_half_life)),
      avalanches_(s.avalanche),
      score_(s.rank_window) {}

bool criticality::add(const activity_bar& bar) {
  if (!stats::is_sample(bar.log_return) || !stats::is_sample(bar.volume) || !(bar.swept >= 0 && bar.swept <= bar.volume)) return false;
  ++count_;
  count_orders(bar);
  short_variance_.push(bar.log_return * bar.log_return);
  long_variance_.push(bar.log_return * bar.log_return);
  volume_.push(bar.volume);
  swept_.push(bar.swept);
  soc_ = score_.add(measures());
  return true;
}

void criticality::count_orders(const activity_bar& bar) {
  for (std::size_t i = 0; i < activity_bar::bins; i += tenth) avalanches_.push(sum_of(bar, i, tenth));
  for (std::size_t i = 0; i < activity_bar::bins; i += quarter) branching_[0].push(sum_of(bar, i, quarter));
  const double orders = sum_of(bar, 0, activity_bar::bins);
  branching_[1].push(orders);
  learn_activity(orders);
  long_bin_ += orders;
  if (count_ % long_bin == 0) branching_[2].push(std::exchange(long_bin_, 0));
}

void criticality::learn_activity(double orders) noexcept {
  const double activity = std::log1p(orders);
  const double distance = trend_.count() > 0 ? activity - trend_.mean() : 0;
  products_.push(distance * last_);
  squares_.push(distance * distance);
  last_ = distance;
  trend_.push(activity);
}

std::optional<double> criticality::autocorrelation() const noexcept {
  if (squares_.count() < 30 || !(squares_.mean() > 0)) return std::nullopt;
  return std::clamp(products_.mean() / squares_.mean(), -1.0, 1.0);
}

std::optional<double> criticality::variance_ratio() const noexcept {
  return long_variance_.mean() > 0 ? std::optional(short_variance_.mean() / long_variance_.mean()) : std::nullopt;
}

std::optional<double> criticality::sweep_share() const noexcept {
  return volume_.mean() > 0 ? std::optional(std::clamp(swept_.mean() / volume_.mean(), 0.0, 1.0)) : std::nullopt;
}

rank_score::values criticality::measures() const {
  rank_score::values found;
  double spread = 1;  // 1 / (1 - n̂) = √fano, the product over the scales: ranked as their mean would be, and finer where n̂ is near 1
  for (const branching_ratio& scale : branching_) spread *= scale.fano().value_or(1);
  if (branching_[1].fano()) found[0] = spread;
  found[1] = branching_[1].fano();
  if (const auto rho = autocorrelation()) found[2] = (1 + *rho) / std::max(1 - *rho, 1e-9);
  found[3] = variance_ratio();
  if (const auto tau = avalanches_.exponent()) found[4] = std::exp(-std::abs(*tau - critical_exponent));
  found[5] = sweep_share();
  return found;
}

criticality_reading criticality::reading() const {
  criticality_reading result;
  result.soc = soc();
  for (std::size_t i = 0; i < branching_.size(); ++i) result.branching[i] = branching_[i].value();
  result.fano = branching_[1].fano();
  result.autocorrelation = autocorrelation();
  result.variance_ratio = variance_ratio();
  result.avalanche_exponent = avalanches_.exponent();
  result.sweep_share = sweep_share();
  result.ranks = score_.ranks();
  result.count = count_;
  return result;
}

}  // namespace remora::signal
