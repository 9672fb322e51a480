#include "remora/swarm/parent.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>

namespace remora::swarm {

void parent::schedule(const std::vector<planned_child>& plan) {
  for (const planned_child& child : plan) {
    scheduled_.push_back({started_ + child.delay, child.size, child.force});
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
    scheduled_.insert(place, {due, size, force});
    rest_ -= size;
    planned = true;
  }
  return planned;
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

void parent::book(quantity size, amount notional) {
  filled_ += size;
  filled_notional_ += notional;
}

void parent::remove(std::uint32_t number, bool give_back) {
  const auto found = live_.find(number);
  if (give_back) rest_ += found->second.rest();
  live_.erase(found);
}

void parent::stop(std::string reason) {
  if (stopped()) return;
  stop_reason_ = std::move(reason);
  for (const auto& child : scheduled_) rest_ += child.size;
  scheduled_.clear();
}

grant_usage parent::usage(const instrument& what, timestamp now) const {
  grant_usage used{filled_, filled_notional_, 0, now};
  for (const auto& [number, child] : live_) {
    const quantity open = child.committed() - child.filled();
    used.committed += open;
    if (const auto notional = notional_of(what, child.intent().limit, open)) used.committed_notional += *notional;
  }
  const auto recent = std::count_if(sent_times_.begin(), sent_times_.end(), [&](timestamp t) { return t + seconds(1) > now; });
  used.sent_in_last_second = static_cast<std::uint32_t>(recent);
  return used;
}

timestamp parent::rate_allows_at(timestamp now) {
  while (!sent_times_.empty() && sent_times_.front() + seconds(1) <= now) sent_times_.pop_front();
  const bool full = sent_times_.size() >= std::max<std::size_t>(1, order_.granted.orders_per_second);
  return full ? sent_times_.front() + seconds(1) : now;
}

timestamp parent::next_wake() const {
  timestamp next = stopped() ? never : order_.granted.valid_until;
  if (!scheduled_.empty()) next = std::min(next, std::max(scheduled_.front().due, held_until_));
  for (const auto& [number, child] : live_) next = std::min(next, child.check_at());
  return next;
}

parent_finished parent::summary() const {
  parent_finished result{order_.id, order_.instrument, order_.granted.size, filled_, sent_, "filled"};
  if (filled_ >= order_.granted.size) return result;
  result.reason = stopped() ? stop_reason_ : "the rest cannot be placed";
  if (!obstacle_.empty()) result.reason += "; last obstacle: " + obstacle_;
  return result;
}

}  // namespace remora::swarm
