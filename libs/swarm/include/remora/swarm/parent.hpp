#pragma once

#include "remora/market/grant.hpp"
#include "remora/swarm/child.hpp"
#include "remora/swarm/plan.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace remora::swarm {

/// A child that has not been sent yet.
struct scheduled_child {
  timestamp due{};
  quantity size;
  time_in_force force = time_in_force::ioc;

  template <class Archive>
  void archive(Archive& a) {
    a(due, size, force);
  }
};

/// A parent at work: its unsent plan, its live children, and what came of it. Every lot of it is at any time in exactly one place:
/// scheduled, at rest (unplanned), in a live child, filled, or given up with a child whose outcome is unknown.
class parent {
 public:
  parent() = default;
  parent(parent_ordered order, place cause, timestamp started)
      : order_(std::move(order)), cause_(cause), started_(started), rest_(order_.granted.size) {}

  /// Takes children over from a plan; their lots leave the rest.
  void schedule(const std::vector<planned_child>& plan);
  /// Plans lots at rest as further children at `due`, as long as they make orders and the number of orders allows; true if it did.
  bool replan(timestamp due, time_in_force force, size_limits limits, std::uint32_t max_orders);
  /// Takes the first scheduled child out. `size` of it goes out as an order, the remainder back to rest.
  void take_first(quantity size);
  void send(swarm::child order, timestamp now);
  /// Books a fill that was not seen before.
  void book(quantity size, amount notional);
  /// A settled child leaves; its unfilled lots go back to rest if nothing of it can come any more.
  void remove(std::uint32_t number, bool give_back);
  /// Nothing more is sent; the first reason stays.
  void stop(std::string reason);

  [[nodiscard]] grant_usage usage(const instrument& what, timestamp now) const;
  /// When the order rate of the grant admits the next order; `now` if it does already.
  [[nodiscard]] timestamp rate_allows_at(timestamp now);
  [[nodiscard]] bool exit() const noexcept { return is_exit(order_.purpose) || order_.granted.reduce_only; }
  [[nodiscard]] bool stopped() const noexcept { return !stop_reason_.empty(); }
  [[nodiscard]] bool done() const noexcept { return scheduled_.empty() && live_.empty(); }
  [[nodiscard]] timestamp next_wake() const;
  [[nodiscard]] parent_finished summary() const;

  [[nodiscard]] const parent_ordered& order() const noexcept { return order_; }
  /// The market record that led to the parent.
  [[nodiscard]] place cause() const noexcept { return cause_; }
  [[nodiscard]] timestamp started() const noexcept { return started_; }
  [[nodiscard]] quantity rest() const noexcept { return rest_; }
  [[nodiscard]] const std::deque<scheduled_child>& scheduled() const noexcept { return scheduled_; }
  [[nodiscard]] std::map<std::uint32_t, child>& live() noexcept { return live_; }
  [[nodiscard]] const std::map<std::uint32_t, child>& live() const noexcept { return live_; }
  [[nodiscard]] std::uint32_t sent() const noexcept { return sent_; }
  [[nodiscard]] std::uint32_t rejected() const noexcept { return rejected_; }
  void count_rejection() noexcept { ++rejected_; }
  /// Nothing can be sent before `time`, for this reason.
  void hold(timestamp time, std::string reason) { held_until_ = time; obstacle_ = std::move(reason); }
  [[nodiscard]] bool held(timestamp now) const noexcept { return now < held_until_; }

  template <class Archive>
  void archive(Archive& a);

 private:
  parent_ordered order_;
  place cause_;
  timestamp started_{};
  quantity rest_;
  std::deque<scheduled_child> scheduled_;  // by due time
  std::map<std::uint32_t, child> live_;
  std::uint32_t sent_ = 0;
  std::uint32_t rejected_ = 0;
  quantity filled_;
  amount filled_notional_;
  std::deque<timestamp> sent_times_;       // of the last second
  timestamp held_until_{};
  std::string obstacle_;
  std::string stop_reason_;
};

template <class Archive>
void parent::archive(Archive& a) {
  auto& g = order_.granted;
  a(order_.id, order_.instrument, order_.purpose, order_.urgency, order_.score, order_.reference);
  a(g.direction, g.size, g.notional_max, g.collar_low, g.collar_high, g.orders_per_second, g.valid_until, g.reduce_only);
  a(cause_.who, cause_.epoch, cause_.position, started_, rest_, scheduled_, live_, sent_, rejected_, filled_, filled_notional_);
  a(sent_times_, held_until_, obstacle_, stop_reason_);
}

}  // namespace remora::swarm
