#include "remora/signal/wall_tracker.hpp"

#include "remora/base/assert.hpp"
#include "remora/signal/size_limit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace remora::signal {
namespace {

constexpr std::size_t endings_max = 512;

double seconds_of(nanoseconds duration) noexcept { return static_cast<double>(duration.count()) * 1e-9; }

stats::survival_curve empty_curve() { return stats::survival_curve({0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600}); }

double share(double part, double rest) noexcept { return part + rest > 0 ? part / (part + rest) : 0; }

}  // namespace

wall_tracker::wall_tracker(const wall_settings& settings) : settings_(settings), sizes_(settings.sizes_window) {
  REMORA_ASSERT(settings.print_delay <= settings.aggression_within && settings.walls_max > 0 && settings.distance_max <= distances.back());
  curves_.fill(empty_curve());
}

bool wall_tracker::enter(bool sound, timestamp time) {
  if (!sound || time < last_time_) return false;
  last_time_ = time;
  if (time > next_verdict_) give_verdicts(time);
  return true;
}

bool wall_tracker::add(const level_change& change) {
  if (!enter(change.at.ticks > 0 && is_size(change.before) && is_size(change.after), change.time)) return false;
  const auto found = standing_.find({change.which, change.at.ticks});
  if (found == standing_.end())
    consider(change.which, {change.at, change.after}, change.time);
  else if (!found->second.ended)
    change_of(found->second, change);
  return true;
}

void wall_tracker::change_of(watched& each, const level_change& change) {
  const std::int64_t fallen = std::max<std::int64_t>(0, change.before.lots - change.after.lots);
  each.fallen = std::min(each.fallen + fallen, lots_max);
  each.size = std::max(each.size, change.after.lots);
  if (static_cast<double>(change.after.lots) >= settings_.gone_share * static_cast<double>(each.size)) return;
  each.ended = change.time;
  next_verdict_ = std::min(next_verdict_, change.time + settings_.aggression_within);
}

bool wall_tracker::add(const level_print& print) {
  if (!enter(print.at.ticks > 0 && is_size(print.executed) && print.executed.lots > 0, print.time)) return false;
  const auto found = standing_.find({print.resting, print.at.ticks});
  if (found != standing_.end() && (!found->second.ended || print.time - *found->second.ended <= settings_.print_delay))
    found->second.executed = std::min(found->second.executed + print.executed.lots, lots_max);
  else if (next_verdict_ != never)
    count_aggression(print);
  return true;
}

/// A print against the side of a wall is aggression of the opposite side.
void wall_tracker::count_aggression(const level_print& print) {
  for (auto& [where, each] : standing_)
    if (where.first == print.resting && each.ended) each.followed = std::min(each.followed + print.executed.lots, lots_max);
}

bool wall_tracker::add(const book_top& top, timestamp time) {
  if (!enter(is_sound(top) && !top.bids.empty() && !top.asks.empty(), time)) return false;
  const bool moved = !bid_ || bid_->at != top.bids.front().at || ask_->at != top.asks.front().at;
  bid_ = top.bids.front();
  ask_ = top.asks.front();
  if (moved) follow_touch(time);
  if (time >= next_sample_) sample(top, time);
  return true;
}

void wall_tracker::sample(const book_top& top, timestamp now) {
  next_sample_ = now + settings_.sample_every;
  const auto bids = top.bids.first(std::min(top.bids.size(), levels_sampled));
  const auto asks = top.asks.first(std::min(top.asks.size(), levels_sampled));
  buy_min_ = size_min(bids);
  sell_min_ = size_min(asks);
  for (const level& each : bids) consider(side::buy, each, now);
  for (const level& each : asks) consider(side::sell, each, now);
  learn_sizes(bids);
  learn_sizes(asks);
}

void wall_tracker::learn_sizes(std::span<const level> levels) {
  for (const level& each : levels) sizes_.push(static_cast<double>(each.size.lots));
}

std::optional<double> wall_tracker::size_min(std::span<const level> levels) const {
  const auto quantile = sizes_.quantile(settings_.size_quantile);
  if (sizes_.count() < settings_.sizes_min || !quantile) return std::nullopt;
  std::array<std::int64_t, levels_sampled> lots{};
  std::ranges::transform(levels, lots.begin(), [](const level& each) { return each.size.lots; });
  const auto middle = lots.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(lots.begin(), middle, lots.begin() + static_cast<std::ptrdiff_t>(levels.size()));
  return std::max(*quantile, settings_.medians_min * static_cast<double>(*middle));
}

double wall_tracker::distance_of(price at) const noexcept {
  const double mid = 0.5 * (static_cast<double>(bid_->at.ticks) + static_cast<double>(ask_->at.ticks));
  return std::abs(static_cast<double>(at.ticks) - mid) / mid;
}

bool wall_tracker::near_touch(side which, price at) const noexcept {
  return std::abs((at - (which == side::buy ? bid_ : ask_)->at).ticks) <= settings_.near_ticks;
}

/// Watches a level from now on, if it is large and close enough.
void wall_tracker::consider(side which, const level& candidate, timestamp now) {
  const auto& min = which == side::buy ? buy_min_ : sell_min_;
  if (!min || !bid_ || static_cast<double>(candidate.size.lots) < *min || candidate.size.lots > lots_max) return;
  const double distance = distance_of(candidate.at);
  const key where{which, candidate.at.ticks};
  if (distance > settings_.distance_max || standing_.contains(where)) return;
  if (std::ranges::count(standing_, which, [](const auto& each) { return each.first.first; }) >= settings_.walls_max) {
    ++passed_over_;
    return;
  }
  watched& each = standing_[where];
  each.born = now;
  each.size = candidate.size.lots;
  each.tested = near_touch(which, candidate.at);
  each.distance = static_cast<std::uint64_t>(std::ranges::lower_bound(distances, distance) - distances.begin());
}

void wall_tracker::follow_touch(timestamp now) {
  for (auto at = standing_.begin(); at != standing_.end();) {
    auto& [where, each] = *at;
    const bool lost = !each.ended && distance_of({where.second}) > settings_.distance_max;
    if (lost) learn_survival(each, now, false);
    if (!each.ended && near_touch(where.first, {where.second})) each.tested = true;
    at = lost ? standing_.erase(at) : std::next(at);
  }
}

void wall_tracker::give_verdicts(timestamp now) {
  next_verdict_ = never;
  for (auto at = standing_.begin(); at != standing_.end();) {
    const auto ended = at->second.ended;
    const bool due = ended && now - *ended > settings_.aggression_within;
    if (due) conclude(at->first, at->second);
    if (ended && !due) next_verdict_ = std::min(next_verdict_, *ended + settings_.aggression_within);
    at = due ? standing_.erase(at) : std::next(at);
  }
}

void wall_tracker::conclude(const key& where, const watched& ended) {
  const bool followed = static_cast<double>(ended.followed) >= settings_.aggression_share * static_cast<double>(ended.size);
  const auto cancelled = static_cast<double>(ended.cancelled_lots());
  const auto executed = static_cast<double>(ended.executed_lots());
  if (*ended.ended - ended.born >= settings_.age_min) {  // what flickers is no wall, and would drown those that are
    if (past_.size() == endings_max) past_.pop_front();
    past_.push_back({*ended.ended, where.first, cancelled, executed, ended.cancelled(), ended.tested, followed});
  }
  learn_survival(ended, *ended.ended, ended.cancelled());
  ++count_;
  const record own{share(cancelled, executed), ended.tested ? 1.0 : 0.0, followed ? 1.0 : 0.0};
  if (ended.cancelled()) last_cancelled_ = described(where, ended, *ended.ended, own);
}

void wall_tracker::learn_survival(const watched& what, timestamp until, bool cancelled) {
  curves_[what.distance].push(seconds_of(until - what.born), cancelled);
}

void wall_tracker::restart() {
  for (const auto& [where, each] : standing_) {
    if (each.ended)
      conclude(where, each);
    else
      learn_survival(each, last_time_, false);
  }
  standing_.clear();
  next_verdict_ = never;
  bid_.reset();
  ask_.reset();
}

wall_tracker::record wall_tracker::record_of(side which, timestamp now) const {
  double cancelled = 0, executed = 0;               // lots
  double near = 0, near_kept = 0, followed = 0, alone = 0;  // walls
  for (const ending& each : past_) {
    if (each.which != which || now - each.time > settings_.memory) continue;
    cancelled += each.cancelled;
    executed += each.executed;
    if (each.tested) ++(each.was_cancelled ? near : near_kept);
    if (each.was_cancelled) ++(each.followed ? followed : alone);
  }
  return {share(cancelled, executed), share(near, near_kept), share(followed, alone)};
}

double wall_tracker::score(const record& past, bool young) const noexcept {
  return settings_.cancelled_weight * past.cancelled_share + settings_.near_weight * past.near_cancelled +
         (young ? settings_.young_weight : 0) + settings_.aggression_weight * past.followed;
}

bool wall_tracker::stands(const watched& each, timestamp now) const noexcept { return !each.ended && now - each.born >= settings_.age_min; }

wall wall_tracker::described(const key& where, const watched& each, timestamp now, const record& past) const {
  const nanoseconds age = now - each.born;
  return {where.first, {where.second}, {each.size}, age, each.tested, score(past, age < settings_.age_min)};
}

std::optional<wall> wall_tracker::largest(side which, timestamp now) const {
  auto best = standing_.end();
  for (auto at = standing_.begin(); at != standing_.end(); ++at)
    if (at->first.first == which && stands(at->second, now) && (best == standing_.end() || at->second.size > best->second.size)) best = at;
  if (best == standing_.end()) return std::nullopt;
  return described(best->first, best->second, now, record_of(which, now));
}

std::optional<double> wall_tracker::pressure(timestamp now) const {
  const record buys = record_of(side::buy, now);
  const record sells = record_of(side::sell, now);
  double net = 0, total = 0;
  for (const auto& [where, each] : standing_) {
    if (!stands(each, now)) continue;
    const wall one = described(where, each, now, where.first == side::buy ? buys : sells);
    const auto lots = static_cast<double>(each.size);
    net += lots * sign_of(one.which) * (one.spoof_score > settings_.spoof_min ? -1 : 1);
    total += lots;
  }
  return total > 0 ? std::optional(net / total) : std::nullopt;
}

std::optional<double> wall_tracker::survival(std::size_t bucket, nanoseconds age) const noexcept {
  return bucket < curves_.size() ? curves_[bucket].value(seconds_of(age)) : std::nullopt;
}

}  // namespace remora::signal
