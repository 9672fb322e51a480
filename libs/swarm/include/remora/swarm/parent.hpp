#pragma once

#include "remora/market/grant.hpp"
#include "remora/swarm/child.hpp"
#include "remora/swarm/plan.hpp"
#include "remora/swarm/shortfall.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace remora::swarm {

/// A child that has not been sent yet.
struct scheduled_child {
  timestamp due{};            ///< never: it waits for others' volume
  quantity size;
  time_in_force force = time_in_force::ioc;
  quantity after;             ///< volume of others that it waits for

  template <class Archive>
  void archive(Archive& a) {
    a(due, size, force, after);
  }
};

/// A child that is over, kept as long as its parent: a late fill must still find it.
struct ended_child {
  child order;
  bool gave_back = false;     ///< its unfilled lots were planned again

  template <class Archive>
  void archive(Archive& a) {
    a(order, gave_back);
  }
};

/// A parent at work: its unsent plan, its live children, and what came of it. Every lot of it is at any time in exactly one place:
/// scheduled, at rest (unplanned), in a live child, filled, or given up with a child whose outcome is unknown. A fill that comes late was
/// counted as unfilled before: it takes its lots from what is unsent.
class parent {
 public:
  parent() = default;
  parent(parent_ordered order, place cause, timestamp started)
      : order_(std::move(order)), cause_(cause), started_(started), rest_(order_.granted.size), arrival_(order_.reference) {}

  /// The market when it was taken: middle of the quote, and σ if it is known.
  void arrive(std::optional<price> middle, std::optional<double> deviation) noexcept;
  /// Takes children over from a plan that begins at `start`; their lots leave the rest.
  void schedule(planner by, const std::vector<planned_child>& plan, timestamp start);
  /// Plans lots at rest as further children at `due`, as long as they make orders and the number of orders allows; true if it did. What is
  /// left then joins children that are planned already.
  bool replan(timestamp due, time_in_force force, size_limits limits, std::uint32_t max_orders);
  /// Takes the whole plan back to rest: σ has changed to this, and it is to be cut anew.
  void unschedule(double deviation);
  /// Others traded: children that waited for so much are due.
  void see_volume(quantity size, timestamp now);
  /// Takes the first scheduled child out. `size` of it goes out as an order, the remainder back to rest.
  void take_first(quantity size);
  void send(swarm::child order, timestamp now);
  /// Books a fill that was not seen before.
  void book(const paid& fill, amount notional, amount fee);
  /// A fill of a child that is over: lots that were given back are taken from what is unsent.
  void book_late(const ended_child& order, const paid& fill, amount notional, amount fee);
  /// A settled child leaves; its unfilled lots go back to rest if nothing of it can come any more.
  void remove(std::uint32_t number, bool give_back);
  /// Makes it smaller, never below what is filled: unsent lots go first, then what comes back from live children. It never grows.
  void amend(quantity size, std::string reason);
  /// Lots that are live but not wanted any more.
  [[nodiscard]] quantity unwanted() const noexcept { return surplus_ + overdrawn_; }
  /// RISK stands by its grant in a new epoch of its own.
  void affirm(std::uint64_t epoch) noexcept { order_.granted.epoch = epoch; }
  /// Nothing more is sent; the first reason stays.
  void stop(std::string reason);

  /// What was done under its grant, while RISK is in that epoch.
  [[nodiscard]] grant_usage usage(const instrument& what, timestamp now, std::uint64_t risk_epoch) const;
  /// When the order rate of the grant admits the next order; `now` if it does already.
  [[nodiscard]] timestamp rate_allows_at(timestamp now);
  [[nodiscard]] bool exit() const noexcept { return is_exit(order_.purpose) || order_.granted.reduce_only; }
  /// An exit that cannot wait for a better price: of a stop, in a crisis, or because everything has to go.
  [[nodiscard]] bool cannot_wait() const noexcept;
  [[nodiscard]] bool stopped() const noexcept { return !stop_reason_.empty(); }
  /// Nothing of it will be sent any more, and what is still live is in doubt: that may take long, and must not keep another parent waiting.
  [[nodiscard]] bool done() const noexcept { return scheduled_.empty() && only_doubt_left(); }
  [[nodiscard]] bool only_doubt_left() const noexcept;
  /// Its end was told; it is kept for its children in doubt.
  [[nodiscard]] bool told() const noexcept { return told_; }
  void tell() noexcept { told_ = true; }
  [[nodiscard]] bool waits_for_volume() const noexcept { return !scheduled_.empty() && scheduled_.back().due == never; }
  [[nodiscard]] timestamp next_wake() const;
  [[nodiscard]] parent_finished summary() const;
  /// What it cost until now against its decision; none where it cannot be counted.
  [[nodiscard]] std::optional<parent_measured> measure(const instrument& what, price end) const;

  [[nodiscard]] const parent_ordered& order() const noexcept { return order_; }
  /// The market record that led to the parent.
  [[nodiscard]] place cause() const noexcept { return cause_; }
  [[nodiscard]] timestamp started() const noexcept { return started_; }
  [[nodiscard]] price arrival() const noexcept { return arrival_; }
  [[nodiscard]] quantity rest() const noexcept { return rest_; }
  [[nodiscard]] quantity filled() const noexcept { return filled_; }
  /// Lots of live children that do not rest.
  [[nodiscard]] quantity taking() const noexcept;
  /// Mean price paid, less arrival, in its direction: ticks, positive is a cost; 0 without fills.
  [[nodiscard]] double slippage() const noexcept;
  /// σ when it was planned.
  [[nodiscard]] std::optional<double> deviation() const noexcept { return deviation_; }
  [[nodiscard]] planner planned_by() const noexcept { return planner_; }
  /// Children of its first plan.
  [[nodiscard]] std::uint32_t planned() const noexcept { return planned_; }
  [[nodiscard]] const std::deque<scheduled_child>& scheduled() const noexcept { return scheduled_; }
  [[nodiscard]] std::map<std::uint32_t, child>& live() noexcept { return live_; }
  [[nodiscard]] const std::map<std::uint32_t, child>& live() const noexcept { return live_; }
  [[nodiscard]] std::map<std::uint32_t, ended_child>& ended() noexcept { return ended_; }
  [[nodiscard]] std::uint32_t sent() const noexcept { return sent_; }
  [[nodiscard]] std::uint32_t rejected() const noexcept { return rejected_; }
  void count_rejection() noexcept { ++rejected_; }
  /// Nothing can be sent before `time`, for this reason.
  void hold(timestamp time, std::string reason) { held_until_ = time; obstacle_ = std::move(reason); }
  [[nodiscard]] bool held(timestamp now) const noexcept { return now < held_until_; }

  template <class Archive>
  void archive(Archive& a);

 private:
  quantity take_unsent(quantity size);
  void drop_unwanted();
  void join_scheduled(quantity most);

  parent_ordered order_;
  place cause_;
  timestamp started_{};
  quantity rest_;
  std::deque<scheduled_child> scheduled_;  // by due time
  std::map<std::uint32_t, child> live_;
  std::map<std::uint32_t, ended_child> ended_;
  std::uint32_t sent_ = 0;
  std::uint32_t rejected_ = 0;
  quantity filled_;
  amount filled_notional_;
  amount fees_;
  std::vector<paid> fills_;
  std::deque<timestamp> sent_times_;       // of the last second
  timestamp held_until_{};
  std::string obstacle_;
  std::string stop_reason_;
  price arrival_;
  std::optional<double> deviation_;
  planner planner_ = planner::swarm;
  std::uint32_t planned_ = 0;
  quantity volume_;                        // of others since it started
  quantity surplus_;                       // asked back, still live
  quantity overdrawn_;                     // filled late, while as much was live again
  std::string amendment_;
  bool told_ = false;
};

template <class Archive>
void parent::archive(Archive& a) {
  auto& g = order_.granted;
  a(order_.id, order_.instrument, order_.purpose, order_.urgency, order_.score, order_.reference);
  a(g.direction, g.size, g.notional_max, g.collar_low, g.collar_high, g.orders_per_second, g.valid_until, g.reduce_only, g.epoch);
  a(cause_.who, cause_.epoch, cause_.position, started_, rest_, scheduled_, live_, ended_, sent_, rejected_, filled_, filled_notional_, fees_);
  a(fills_, sent_times_, held_until_, obstacle_, stop_reason_, arrival_, deviation_, planner_, planned_, volume_, surplus_, overdrawn_,
    amendment_, told_);
}

}  // namespace remora::swarm
