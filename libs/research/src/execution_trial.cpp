#include "remora/research/execution_trial.hpp"

#include "execution_desk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace remora::research {
namespace {

using exchange::book_events;
using exchange::limit_order_book;
using exchange::order_style;

constexpr std::size_t levels_visible = 10;

/// The generator's ordinary crowd, over a hundred levels in place of thirty, so that an order of five times the visible depth meets a book.
sim::flow_settings crowd_of(std::uint64_t seed) {
  sim::flow_settings settings;
  settings.seed = seed;
  settings.makers.orders_per_second *= std::pow(100.0 / settings.makers.levels, 1 - settings.makers.distance_exponent);
  settings.makers.levels = 100;
  settings.whales = {0, 0.3, 250, 0, 1'800, 0, 0, 0};
  settings.background_children = 0;
  return settings;
}

using onlooking = std::function<void(const limit_order_book&, const sim::flow_market::moment&)>;

sim::flow_market warmed(const trial& what, const onlooking& see = {}) {
  sim::flow_market market(crowd_of(what.seed));
  while (market.next_time() < what.warm_up) {
    const auto& moment = market.next();
    if (see) see(market.book(), moment);
  }
  return market;
}

std::int64_t depth_of(const limit_order_book& book, side which) {
  std::int64_t lots = 0;
  std::size_t seen = 0;
  book.for_each(which, [&](const level& each) {
    lots += each.size.lots;
    return ++seen < levels_visible;
  });
  return lots;
}

double mid_of(const limit_order_book& book) {
  const auto bid = book.best(side::buy), ask = book.best(side::sell);
  if (bid && ask) return 0.5 * static_cast<double>(bid->at.ticks + ask->at.ticks);
  return static_cast<double>(bid ? bid->at.ticks : ask ? ask->at.ticks : 0);
}

side direction_of(const trial& what) noexcept { return what.seed % 2 == 1 ? side::buy : side::sell; }

/// What is left is taken at once; what the book does not hold costs as much as its last level.
void take_rest(sim::flow_market& market, side direction, std::int64_t rest, bill& into) {
  if (rest <= 0) return;
  book_events events;
  market.act({direction, order_style::market, {}, {rest}, {}, own}, events);
  price last{std::llround(mid_of(market.book()))};
  for (const auto& trade : events.trades) {
    into.add(last = trade.at, trade.size);
    rest -= trade.size.lots;
  }
  if (rest > 0) into.add(last, {rest});
}

/// The parent's market, its size and its mid on arrival.
struct arrival {
  sim::flow_market market;
  side direction;
  std::int64_t size;
  double mid;
  onlooker watcher;

  explicit arrival(const trial& what, const onlooking& see = {})
      : market(warmed(what, see)), direction(direction_of(what)),
        size(std::max<std::int64_t>(1, std::llround(what.depths * static_cast<double>(depth_of(market.book(), opposite(direction)))))),
        mid(mid_of(market.book())), watcher(direction) {}

  /// The crowd goes on until that time.
  void pass_until(double time) {
    while (market.next_time() < time) {
      const auto& moment = market.next();
      watcher.see(moment.events.trades, moment.time);
    }
  }

  /// What EXECUTION is asked for: a grant so wide that the plan is looked at and not its limits.
  [[nodiscard]] parent_ordered order(double urgency, double valid_until) const {
    parent_ordered order;
    order.id = parent_id{1};
    order.instrument = traded().id;
    order.urgency = urgency;
    order.reference = {std::llround(mid)};
    grant& g = order.granted;
    g.direction = direction;
    g.size = {size};
    g.notional_max = amount::units(1'000'000'000'000);
    g.collar_low = {order.reference.ticks / 2};
    g.collar_high = {order.reference.ticks * 2};
    g.orders_per_second = 1'000;
    g.valid_until = stamp(valid_until);
    return order;
  }

  [[nodiscard]] double cost_bp(const bill& all) const noexcept {
    const double fair = mid * static_cast<double>(size);
    return 1e4 * sign_of(direction) * (all.paid - fair) / fair;
  }
};

void pass_until(sim::flow_market& market, double time) {
  while (market.next_time() < time) market.next();
}

constexpr double recovery_step = 0.05;  // seconds
using deficits = std::array<std::int64_t, 400>;  // lots, a step each

/// What a market order for all that shows takes out of the ten best levels, and what of it is still missing at each step after.
void add_deficits(const trial& what, deficits& sum) {
  sim::flow_market calm = warmed(what);
  sim::flow_market hit = calm;
  const side taken = opposite(direction_of(what));
  book_events events;
  hit.act({direction_of(what), order_style::market, {}, {depth_of(hit.book(), taken)}, {}, own}, events);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += depth_of(calm.book(), taken) - depth_of(hit.book(), taken);
    pass_until(calm, what.warm_up + recovery_step * static_cast<double>(i + 1));
    pass_until(hit, what.warm_up + recovery_step * static_cast<double>(i + 1));
  }
}

}  // namespace

trial_outcome by_nobody(const trial& what) {
  arrival at(what);
  at.pass_until(what.warm_up + what.horizon);
  return {0, 0, 0, 0, 0, at.watcher.most(), {}};
}

trial_outcome by_market_order(const trial& what) {
  arrival at(what);
  at.pass_until(what.warm_up + what.order_latency);
  book_events events;
  at.market.act({at.direction, order_style::market, {}, {at.size}, {}, own}, events);
  at.watcher.see(events.trades, what.warm_up + what.order_latency);
  bill all;
  for (const auto& trade : events.trades) all.add(trade.at, trade.size);
  const std::int64_t filled = all.lots;
  at.pass_until(what.warm_up + what.horizon);
  take_rest(at.market, at.direction, at.size - filled, all);
  return {at.size, filled, 0, at.cost_bp(all), 1, at.watcher.most(), {}};
}

trial_outcome by_execution(const trial& what, swarm_settings settings, double urgency) {
  settings.seed = what.seed;
  settings.time_window = milliseconds(std::llround(what.horizon * 1e3));
  execution_desk trader(std::move(settings), what.order_latency);
  arrival at(what, [&](const auto& book, const auto& moment) { trader.watch(book, moment); });
  const double end = what.warm_up + what.horizon;
  trader.work(at.order(urgency, end), at.market, at.watcher, what.warm_up, end);
  bill all = trader.filled();
  const std::int64_t filled = all.lots;
  at.pass_until(what.warm_up + what.horizon);
  take_rest(at.market, at.direction, at.size - filled, all);
  return {at.size, filled, all.made, at.cost_bp(all), trader.orders(), at.watcher.most(), swarm::detectability_of(trader.children())};
}

double recovery_half_life(std::uint64_t first_seed, std::uint64_t seeds) {
  deficits sum{};
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) add_deficits({.seed = seed}, sum);
  const auto half = std::find_if(sum.begin(), sum.end(), [&](std::int64_t lots) { return lots <= sum.front() / 2; });
  return recovery_step * static_cast<double>(half - sum.begin());
}

}  // namespace remora::research
