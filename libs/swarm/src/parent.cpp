#include "remora/swarm/parent.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>

namespace remora::swarm {

void parent::arrive(std::optional<price> middle, std::optional<double> deviation) noexcept {
  if (middle) arrival_ = *middle;
  deviation_ = deviation;
}

void parent::schedule(planner by, const std::vector<planned_child>& plan, timestamp start) {
  planner_ = by;
  if (planned_ == 0) planned_ = static_cast<std::uint32_t>(plan.size());
  for (const planned_child& child : plan) {
    scheduled_.push_back({child.after.lots > 0 ? never : start + child.delay, child.size, child.force, child.after});
    rest_ -= child.size;
  }
  REMORA_ASSERT(rest_.lots >= 0);
}

bool parent::replan(timestamp due, time_in_force force, size_limits limits, std::uint32_t max_orders) {
  bool planned = false;
  while (!stopped() && rest_ >= limits.min && sent_ + scheduled_.size() < max_orders) {
    const quantity size = std::min(rest_, limits.max);
    const auto place = std::upper_bound(scheduled_.begin(), scheduled_.end(), due,
                                        [](timestamp time, const scheduled_child& child) { return time < child.due; });
    scheduled_.insert(place, {due, size, force, {}});
    rest_ -= size;
    planned = true;
  }
  join_scheduled(limits.max);
  return planned;
}

/// What no order is left for goes with those that are still to go, the next one first.
void parent::join_scheduled(quantity most) {
  for (auto child = scheduled_.begin(); !stopped() && child != scheduled_.end() && rest_.lots > 0; ++child) {
    const quantity part = std::clamp(most - child->size, quantity{}, rest_);
    child->size += part;
    rest_ -= part;
  }
}

void parent::unschedule(double deviation) {
  deviation_ = deviation;
  for (const auto& child : scheduled_) rest_ += child.size;
  scheduled_.clear();
}

void parent::see_volume(quantity size, timestamp now) {
  volume_ += size;
  for (auto& child : scheduled_) {
    if (child.due == never && child.after <= volume_) child.due = now;
  }
  std::stable_sort(scheduled_.begin(), scheduled_.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
}

void parent::take_first(quantity size) {
  rest_ += scheduled_.front().size - size;
  scheduled_.pop_front();
}

void parent::send(child order, timestamp now) {
  sent_times_.push_back(now);
  sent_ = order.intent().child;
  live_.emplace(sent_, std::move(order));
}

void parent::book(const paid& fill, amount notional, amount fee) {
  filled_ += fill.size;
  filled_notional_ += notional;
  fees_ += fee;
  if (!fills_.empty() && fills_.back().at == fill.at) fills_.back().size += fill.size;
  else fills_.push_back(fill);
}

void parent::book_late(const ended_child& order, const paid& fill, amount notional, amount fee) {
  book(fill, notional, fee);
  if (order.gave_back) overdrawn_ += fill.size;
  drop_unwanted();
}

void parent::remove(std::uint32_t number, bool give_back) {
  const auto found = live_.find(number);
  if (give_back) rest_ += found->second.rest();
  ended_.emplace(number, ended_child{std::move(found->second), give_back});
  live_.erase(found);
  drop_unwanted();
}

void parent::amend(quantity size, std::string reason) {
  const quantity target = std::max(size, filled_);
  const quantity now_wanted = order_.granted.size - surplus_;
  if (target >= now_wanted) return;
  surplus_ += now_wanted - target;
  amendment_ = std::move(reason);
  drop_unwanted();
}

/// What was filled late is in the size already; what is asked back leaves it.
void parent::drop_unwanted() {
  overdrawn_ -= take_unsent(overdrawn_);
  const quantity dropped = take_unsent(surplus_);
  surplus_ -= dropped;
  order_.granted.size -= dropped;
}

/// Takes up to so many lots from the rest, then from the end of the plan; how many there were.
quantity parent::take_unsent(quantity size) {
  quantity taken = std::min(size, rest_);
  rest_ -= taken;
  while (taken < size && !scheduled_.empty()) {
    auto& last = scheduled_.back();
    const quantity part = std::min(last.size, size - taken);
    last.size -= part;
    taken += part;
    if (last.size.lots == 0) scheduled_.pop_back();
  }
  return taken;
}

void parent::stop(std::string reason) {
  if (stopped()) return;
  if (waits_for_volume() && obstacle_.empty()) obstacle_ = "others traded too little";
  stop_reason_ = std::move(reason);
  for (const auto& child : scheduled_) rest_ += child.size;
  scheduled_.clear();
}

grant_usage parent::usage(const instrument& what, timestamp now, std::uint64_t risk_epoch) const {
  grant_usage used{filled_, filled_notional_, 0, now, risk_epoch};
  for (const auto& [number, child] : live_) {
    const quantity open = child.committed() - child.filled();
    used.committed += open;
    if (const auto notional = notional_of(what, child.intent().limit, open)) used.committed_notional += *notional;
  }
  const auto recent = std::count_if(sent_times_.begin(), sent_times_.end(), [&](timestamp t) { return t + seconds(1) > now; });
  used.sent_in_last_second = static_cast<std::uint32_t>(recent);
  return used;
}

quantity parent::taking() const noexcept {
  quantity sum;
  for (const auto& [number, child] : live_) {
    if (!child.rests()) sum += child.committed() - child.filled();
  }
  return sum;
}

timestamp parent::rate_allows_at(timestamp now) {
  while (!sent_times_.empty() && sent_times_.front() + seconds(1) <= now) sent_times_.pop_front();
  const bool full = sent_times_.size() >= std::max<std::size_t>(1, order_.granted.orders_per_second);
  return full ? sent_times_.front() + seconds(1) : now;
}

bool parent::cannot_wait() const noexcept {
  using enum order_purpose;
  const order_purpose p = order_.purpose;
  return p == stop_loss || p == trailing_stop || p == crisis_exit || p == flatten || p == close_out || p == time_stop;
}

bool parent::only_doubt_left() const noexcept {
  return std::all_of(live_.begin(), live_.end(), [](const auto& each) { return each.second.in_doubt(); });
}

timestamp parent::next_wake() const {
  timestamp next = stopped() || told_ ? never : order_.granted.valid_until;
  if (!scheduled_.empty()) next = std::min(next, std::max(scheduled_.front().due, held_until_));
  for (const auto& [number, child] : live_) next = std::min(next, child.check_at());
  return next;
}

double parent::slippage() const noexcept {
  if (filled_.lots <= 0) return 0;
  double sum = 0;
  for (const paid& fill : fills_) sum += static_cast<double>(fill.at.ticks - arrival_.ticks) * static_cast<double>(fill.size.lots);
  return sign_of(order_.granted.direction) * sum / static_cast<double>(filled_.lots);
}

parent_finished parent::summary() const {
  parent_finished result{order_.id, order_.instrument, order_.granted.size, filled_, sent_, "filled"};
  if (filled_ >= order_.granted.size) {
    if (!amendment_.empty()) result.reason = "done as amended: " + amendment_;
    return result;
  }
  result.reason = stopped() ? stop_reason_ : "the rest cannot be placed";
  if (!obstacle_.empty()) result.reason += "; last obstacle: " + obstacle_;
  return result;
}

std::optional<parent_measured> parent::measure(const instrument& what, price end) const {
  const auto& g = order_.granted;
  const auto cost = shortfall_of(what, {g.direction, g.size, order_.reference, arrival_, end, fees_}, fills_);
  const auto paper = notional_of(what, order_.reference, g.size);
  if (!cost || !paper) return std::nullopt;
  parent_measured m{order_.id, order_.instrument, g.direction, std::string(name_of(planner_)), g.size, filled_, order_.reference, arrival_, end,
                    cost->delay, cost->trading, cost->opportunity, cost->fees, cost->total()};
  if (paper->nanos != 0) m.total_bp = 1e4 * static_cast<double>(m.total.nanos) / static_cast<double>(absolute(*paper).nanos);
  return m;
}

}  // namespace remora::swarm
