#include "remora/swarm/plan.hpp"

#include "remora/base/assert.hpp"
#include "remora/swarm/draws.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace remora::swarm {
namespace {

/// A request that can be placed: what the planners share.
struct task {
  const plan_request& request;
  const swarm_settings& settings;
  std::int64_t total = 0;
  part_limits limits;
};

using sizes = std::vector<std::int64_t>;

/// Of the child at that place of the plan, from 1; 0 stands for the plan.
philox draws_for(const task& t, std::uint32_t place, draw use) noexcept {
  return draws_of({t.settings.seed, t.request.parent, t.request.sent + place}, use);
}

double middle_count(const swarm_settings& s) noexcept { return std::sqrt(static_cast<double>(s.min_orders) * static_cast<double>(s.max_orders)); }

/// As near to the wanted number as the venue's limits allow.
std::size_t count_near(double wanted, const task& t) {
  const auto& s = t.settings;
  const std::int64_t bounded = std::clamp<std::int64_t>(std::llround(wanted), s.min_orders, s.max_orders);
  const std::int64_t possible = std::max<std::int64_t>(1, t.total / t.limits.smallest);
  const std::int64_t shapely = std::max<std::int64_t>(s.min_orders, possible / 2);  // leaves the sizes room to differ
  const std::int64_t needed = (t.total - 1) / t.limits.largest + 1;
  return static_cast<std::size_t>(std::max(needed, std::min({bounded, possible, shapely})));
}

sizes cut(const task& t, const std::vector<double>& weights) {
  auto parts = allocate(t.total, weights);
  fit(parts, t.limits);
  return parts;
}

/// Log-normal, and of a number that is drawn as well.
sizes random_sizes(const task& t) {
  const auto& s = t.settings;
  const double stray = s.randomization_factor * (2 * draws_for(t, 0, draw::count).uniform() - 1);
  std::vector<double> weights(count_near(middle_count(s) * (1 + stray), t));
  std::uint32_t child = 0;
  for (double& w : weights) w = std::exp(s.sigma * draws_for(t, ++child, draw::size).normal() - s.sigma * s.sigma / 2);
  return cut(t, weights);
}

/// Shares of the window at which so many children leave: normalised exponential gaps, one more than children.
std::vector<double> random_shares(const task& t, std::size_t count) {
  std::vector<double> shares(count);
  double sum = 0;
  std::uint32_t child = 0;
  for (double& share : shares) share = sum += draws_for(t, ++child, draw::time).exponential();
  sum += draws_for(t, ++child, draw::time).exponential();
  for (double& share : shares) share /= sum;
  if (t.request.urgency >= t.settings.immediate_from && t.request.sent == 0) shares.front() = 0;
  return shares;
}

planned_child planned(const task& t, std::int64_t lots, double share_of_window) {
  const double window = static_cast<double>(nanoseconds(t.settings.time_window).count());
  const bool rests = t.request.urgency < t.settings.passive_below;
  return {{lots}, nanoseconds(std::llround(window * share_of_window)), rests ? time_in_force::post_only : time_in_force::ioc, {}};
}

/// One child at the start of each of as many equal slots.
std::vector<planned_child> in_slots(const task& t, const std::vector<double>& weights) {
  const auto parts = cut(t, weights);
  std::vector<planned_child> plan;
  plan.reserve(parts.size());
  for (const std::int64_t lots : parts) plan.push_back(planned(t, lots, static_cast<double>(plan.size()) / static_cast<double>(parts.size())));
  return plan;
}

std::vector<double> slot_weights(const task& t) { return std::vector<double>(count_near(middle_count(t.settings), t), 1.0); }

std::vector<planned_child> plan_swarm(const task& t) {
  const auto parts = random_sizes(t);
  const auto shares = random_shares(t, parts.size());
  const schedule_curve curve(t.request.urgency);
  std::vector<planned_child> plan;
  plan.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) plan.push_back(planned(t, parts[i], curve.time_of(shares[i])));
  return plan;
}

std::vector<planned_child> plan_almgren_chriss(const task& t) {
  auto weights = slot_weights(t);
  const double slots = static_cast<double>(weights.size());
  const schedule_curve curve(t.request.urgency);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double begin = static_cast<double>(j) / slots, end = static_cast<double>(j + 1) / slots;
    weights[j] = slots * (curve.share_left(begin) - curve.share_left(end));
  }
  return in_slots(t, weights);
}

std::vector<planned_child> plan_twap(const task& t) { return in_slots(t, slot_weights(t)); }

std::vector<planned_child> plan_vwap(const task& t) {
  auto weights = slot_weights(t);
  const double slot = static_cast<double>(nanoseconds(t.settings.time_window).count()) / static_cast<double>(weights.size());
  for (std::size_t j = 0; j < weights.size() && t.request.profile != nullptr; ++j) {
    weights[j] = t.request.profile->expected(t.request.start + nanoseconds(std::llround(slot * (static_cast<double>(j) + 0.5))));
  }
  return in_slots(t, weights);
}

std::vector<planned_child> plan_pov(const task& t) {
  const double others = (1 - t.settings.participation) / t.settings.participation;
  std::vector<planned_child> plan;
  std::int64_t done = 0;
  for (const std::int64_t lots : random_sizes(t)) {
    plan.push_back(planned(t, lots, 0));
    const double volume = std::ceil(static_cast<double>(done += lots) * others);
    plan.back().after = {volume < 9e18 ? static_cast<std::int64_t>(volume) : std::numeric_limits<std::int64_t>::max()};
  }
  return plan;
}

struct entry {
  planner kind;
  std::vector<planned_child> (*plan)(const task&);
};

constexpr entry planners[] = {
    {planner::swarm, &plan_swarm}, {planner::almgren_chriss, &plan_almgren_chriss}, {planner::twap, &plan_twap},
    {planner::vwap, &plan_vwap},   {planner::pov, &plan_pov},
};

}  // namespace

schedule_curve::schedule_curve(double urgency) noexcept : kappa_(6 * std::clamp(urgency, 0.0, 1.0)), sinh_(std::sinh(kappa_)) {}

double schedule_curve::share_left(double time) const noexcept {
  if (kappa_ < 1e-6) return 1 - time;
  return std::sinh(kappa_ * (1 - time)) / sinh_;
}

double schedule_curve::time_of(double share_done) const noexcept {
  if (kappa_ < 1e-6) return share_done;
  return std::clamp(1 - std::asinh((1 - share_done) * sinh_) / kappa_, 0.0, 1.0);
}

std::vector<planned_child> plan_of(planner kind, const plan_request& request, const instrument& what, const swarm_settings& settings) {
  const size_limits limits = limits_of(what, request.reference);
  const std::int64_t total = placeable(request.size.lots, limits, settings.max_orders);
  const bool too_small = total < limits.min.lots || limits.min > limits.max;
  if (total <= 0 || (too_small && !request.reduce_only)) return {};
  const task t{request, settings, total, part_limits_of(what, request.reference, total)};
  const auto found = std::find_if(std::begin(planners), std::end(planners), [&](const entry& each) { return each.kind == kind; });
  REMORA_ASSERT(found != std::end(planners));
  return found->plan(t);
}

}  // namespace remora::swarm
