#include "remora/research/execution_trial.hpp"

#include "remora/signal/metaorder_detector.hpp"
#include "remora/swarm/swarm_engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

namespace remora::research {
namespace {

using exchange::book_events;
using exchange::limit_order_book;
using exchange::order_style;

constexpr std::uint64_t own = 100;  // owner of our orders in the book
constexpr std::size_t levels_visible = 10;
constexpr timestamp epoch = timestamp_of(1'700'000'000'000'000'000);

timestamp stamp(double seconds) noexcept { return epoch + nanoseconds(std::llround(seconds * 1e9)); }

instrument traded() {
  instrument what;
  what.id = instrument_id{1};
  what.where = venue::simulated;
  what.symbol = "FLOWUSDT";
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

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

/// Money paid, in ticks × lots.
struct bill {
  double paid = 0;
  std::int64_t lots = 0;
  std::int64_t made = 0;  // of these, by orders that waited

  void add(price at, quantity size, liquidity role = liquidity::taker) noexcept {
    paid += static_cast<double>(at.ticks) * static_cast<double>(size.lots);
    lots += size.lots;
    made += role == liquidity::maker ? size.lots : 0;
  }
};

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

/// SIGNAL's own detector of split orders, watching the side that a parent takes: ours should be as hard to see as anybody's.
class onlooker {
 public:
  explicit onlooker(side watched) : watched_(watched) {}

  /// The trades of one aggressor order.
  void see(const std::vector<exchange::book_trade>& trades, double now) {
    if (trades.empty()) return;
    aggressor_order_seen order;
    order.aggressor = trades.front().aggressor;
    order.first_price = trades.front().at;
    order.last_price = trades.back().at;
    for (const auto& trade : trades) order.size += trade.size;
    detector_.add(order, stamp(now));
    most_ = std::max(most_, detector_.evidence(watched_));
  }
  [[nodiscard]] double most() const noexcept { return most_; }

 private:
  side watched_;
  signal::metaorder_detector detector_{{.threshold = 1e9}};  // its sum is looked at; an alarm would begin it anew
  double most_ = 0;
};

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

  [[nodiscard]] double cost_bp(const bill& all) const noexcept {
    const double fair = mid * static_cast<double>(size);
    return 1e4 * sign_of(direction) * (all.paid - fair) / fair;
  }
};

/// EXECUTION's engine between its parent and the book.
class desk {
 public:
  desk(const trial& what, swarm_settings settings, double urgency) : what_(what), engine_(std::move(settings)), urgency_(urgency) {
    tell(instrument_listed{traded()});
    tell(feed_changed{traded().id, feed_state::live, ""});
    tell(started{"", true});
  }

  /// The market before the parent: EXECUTION learns from it what trading costs.
  void watch(const limit_order_book& book, const sim::flow_market::moment& moment) {
    now_ = moment.time;
    print(moment.events);
    quote(book);
  }

  void work(arrival& at) {
    at_ = &at;
    now_ = what_.warm_up;
    tell(parent());
    const double end = what_.warm_up + what_.horizon;
    while (!finished_) {
      const double timer = engine_.next_wake() ? seconds_of(*engine_.next_wake()) : end;
      const double errand = errands_.empty() ? end : errands_.begin()->first;
      const double next = std::min({at_->market.next_time(), timer, errand});
      if (next >= end) break;
      now_ = std::max(now_, next);
      step(timer, errand);
    }
  }

  [[nodiscard]] const bill& filled() const noexcept { return filled_; }
  [[nodiscard]] std::uint32_t orders() const noexcept { return orders_; }
  [[nodiscard]] const std::vector<swarm::seen_child>& children() const noexcept { return children_; }

 private:
  struct started {
    std::string version;
    bool lock_step = false;
  };
  struct live {
    order_intended intent;
    exchange::order_ref place;
    quantity filled;
    bool open = true;
  };

  static double seconds_of(timestamp time) noexcept { return static_cast<double>((time - epoch).count()) / 1e9; }

  void step(double timer, double errand) {
    if (errand <= now_) {
      const auto action = std::move(errands_.begin()->second);
      errands_.erase(errands_.begin());
      action();
    } else if (timer <= now_) {
      engine_.wake({stamp(now_), {}}, said_);
      pass_on();
    } else {
      const auto& moment = at_->market.next();
      now_ = moment.time;
      at_->watcher.see(moment.events.trades, now_);
      seen(moment.events);
    }
  }

  parent_ordered parent() const {
    parent_ordered order;
    order.id = parent_id{1};
    order.instrument = traded().id;
    order.urgency = urgency_;
    order.reference = {std::llround(at_->mid)};
    grant& g = order.granted;
    g.direction = at_->direction;
    g.size = {at_->size};
    g.notional_max = amount::units(1'000'000'000'000);
    g.collar_low = {order.reference.ticks / 2};
    g.collar_high = {order.reference.ticks * 2};
    g.orders_per_second = 1'000;
    g.valid_until = stamp(what_.warm_up + what_.horizon);
    return order;
  }

  template <class Message>
  void tell(const Message& message) {
    if constexpr (requires { engine_.on(message, context{}, said_); }) {
      engine_.on(message, {stamp(now_), {}}, said_);
      pass_on();
    }
  }

  void quote(const limit_order_book& book) {
    const auto bid = book.best(side::buy), ask = book.best(side::sell);
    const std::pair top{bid.value_or(level{}), ask.value_or(level{})};
    if (top == shown_) return;
    shown_ = top;
    tell(quote_seen{traded().id, 0, top.first, top.second, stamp(now_)});
  }

  /// What happened in the book, by us or by others: prints and quotes for everybody, reports for us.
  void seen(const book_events& events) {
    print(events);
    for (const auto& trade : events.trades)
      if (trade.maker == own) fill_of(trade.maker_order, trade.at, trade.size);
    quote(at_->market.book());
  }

  void print(const book_events& events) {
    for (const auto& trade : events.trades) tell(trade_seen{traded().id, ++trades_, trade.at, trade.size, trade.aggressor, stamp(now_)});
  }

  void fill_of(exchange::order_ref place, price at, quantity size) {
    for (auto& [id, each] : orders_live_)
      if (each.open && each.place == place) return fill(each, at, size, liquidity::maker);
  }

  void fill(live& each, price at, quantity size, liquidity role) {
    each.filled += size;
    filled_.add(at, size, role);
    each.open = each.filled < each.intent.size;
    auto report = report_of(each, each.open ? report_kind::partially_filled : report_kind::filled);
    report.fill_id = ++fills_;
    report.last_price = at;
    report.last_size = size;
    report.role = role;
    answer(std::move(report));
  }

  static execution_reported report_of(const live& each, report_kind kind) {
    execution_reported report;
    report.id = each.intent.id;
    report.instrument = each.intent.instrument;
    report.direction = each.intent.direction;
    report.kind = kind;
    report.filled = each.filled;
    report.remaining = each.intent.size - each.filled;
    return report;
  }

  void later(double delay, std::function<void()> action) { errands_.emplace(now_ + delay, std::move(action)); }
  void answer(execution_reported report) {
    later(what_.order_latency / 5, [this, r = std::move(report)] { tell(r); });
  }

  void pass_on() {
    for (auto& entry : said_) {
      if (const auto* intent = std::get_if<order_intended>(&entry.body)) {
        ++orders_;
        later(what_.order_latency, [this, m = *intent] { place(m); });
      }
      if (const auto* wish = std::get_if<cancel_intended>(&entry.body)) later(what_.order_latency, [this, id = wish->id] { cancel(id); });
      if (std::holds_alternative<parent_finished>(entry.body)) finished_ = true;
    }
    said_.clear();
  }

  void place(const order_intended& intent) {
    live& each = orders_live_[intent.id];
    each.intent = intent;
    book_events events;
    const bool waits = intent.force == time_in_force::gtc || intent.force == time_in_force::post_only;
    const order_style style = intent.force == time_in_force::gtc ? order_style::limit : waits ? order_style::post_only : order_style::ioc;
    const auto put = at_->market.act({intent.direction, style, intent.limit, intent.size, {}, own}, events);
    each.place = put.order;
    if (put.what == exchange::placement::would_trade) {
      each.open = false;
      answer(report_of(each, report_kind::rejected));
      return;
    }
    answer(report_of(each, report_kind::accepted));
    at_->watcher.see(events.trades, now_);
    if (put.filled.lots > 0) children_.push_back({stamp(now_), put.filled});
    for (const auto& trade : events.trades) fill(each, trade.at, trade.size, liquidity::taker);
    if (each.open && !waits) {
      each.open = false;
      answer(report_of(each, report_kind::expired));
    }
    seen(events);
  }

  void cancel(const client_order_id& id) {
    const auto found = orders_live_.find(id);
    book_events events;
    if (found == orders_live_.end() || !found->second.open || !at_->market.withdraw(found->second.place, events)) return;
    found->second.open = false;
    answer(report_of(found->second, report_kind::cancelled));
    seen(events);
  }

  const trial& what_;
  arrival* at_ = nullptr;
  swarm_engine engine_;
  double urgency_;
  double now_ = 0;
  swarm_engine::outputs_type said_;
  std::multimap<double, std::function<void()>> errands_;
  std::map<client_order_id, live> orders_live_;
  std::pair<level, level> shown_;
  bill filled_;
  std::vector<swarm::seen_child> children_;
  std::uint32_t orders_ = 0;
  std::uint64_t trades_ = 0, fills_ = 0;
  bool finished_ = false;
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
  desk trader(what, std::move(settings), urgency);
  arrival at(what, [&](const auto& book, const auto& moment) { trader.watch(book, moment); });
  trader.work(at);
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
