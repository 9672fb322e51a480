#include "remora/risk/edge_estimate.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/normal.hpp"

#include <algorithm>
#include <cmath>

namespace remora::risk {
namespace {

constexpr double result_max = 1e9;  // stakes; keeps every sum finite and says no when the unit was mistaken

bool is_sound(const prior_edge& prior) noexcept {
  return prior.win_probability > 0 && prior.win_probability < 1 && prior.cost >= 0 && prior.payoff_ratio > prior.cost && prior.payoff_ratio <= result_max;
}

/// Sums over trades, those of the prior included.
struct sums {
  double wins = 0, losses = 0, gained = 0, lost = 0, squares = 0;
};

sums of_prior(const prior_edge& prior, double weight) noexcept {
  const double gain = prior.payoff_ratio - prior.cost, loss = 1 + prior.cost;
  const double wins = weight * prior.win_probability, losses = weight - wins;
  return {wins, losses, wins * gain, losses * loss, wins * gain * gain + losses * loss * loss};
}

edge_verdict blended(const sums& all) noexcept {
  const double trades = all.wins + all.losses;
  edge_verdict v;
  v.terms = {all.wins / trades, all.gained / all.wins / (all.lost / all.losses)};
  v.result.mean = (all.gained - all.lost) / trades;
  v.result.deviation = std::sqrt(std::max(0.0, all.squares / trades - v.result.mean * v.result.mean));
  return v;
}

}  // namespace

edge_estimate::edge_estimate(const edge_settings& settings) : settings_(settings) {
  REMORA_ASSERT(settings.prior_weight >= 1 && settings.prior_weight <= result_max);
  REMORA_ASSERT(settings.confidence > 0.5 && settings.confidence < 1);
}

bool edge_estimate::push(double result) noexcept {
  if (!(std::abs(result) <= result_max)) return false;
  ++(result > 0 ? wins_ : losses_);
  (result > 0 ? gained_ : lost_) += std::abs(result);
  squares_ += result * result;
  return true;
}

std::optional<edge_verdict> edge_estimate::judge(const prior_edge& prior) const {
  if (!is_sound(prior)) return std::nullopt;
  sums all = of_prior(prior, settings_.prior_weight);
  all.wins += static_cast<double>(wins_), all.losses += static_cast<double>(losses_);
  all.gained += gained_, all.lost += lost_, all.squares += squares_;
  edge_verdict v = blended(all);
  const auto closed = static_cast<double>(count());
  v.error = v.result.deviation * std::sqrt(closed) / (settings_.prior_weight + closed);
  const double mean = v.result.mean;
  v.shrinkage = mean == 0 ? 0 : mean * mean / (mean * mean + v.error * v.error);
  v.lower_bound = mean - *stats::normal_quantile(settings_.confidence) * v.error;
  if (!(v.lower_bound > 0)) return v;
  // Kelly's share is what a loss costs of equity; a loss costs its mean in stakes.
  v.bet_share = std::max(0.0, v.shrinkage * kelly_share(v.terms) / (all.lost / all.losses));
  v.step_share = std::max(0.0, v.shrinkage * kelly_share(v.result));
  return v;
}

}  // namespace remora::risk
