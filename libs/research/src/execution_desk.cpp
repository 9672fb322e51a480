#include "execution_desk.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace remora::research {
namespace {

using exchange::book_events;
using exchange::limit_order_book;
using exchange::order_style;

constexpr timestamp epoch = timestamp_of(1'700'000'000'000'000'000);

double seconds_of(timestamp time) noexcept { return static_cast<double>((time - epoch).count()) / 1e9; }

/// What EXECUTION hears of its own service.
struct started {
  std::string version;
  bool lock_step = false;
};

}  // namespace

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

void bill::add(price at, quantity size, liquidity role) noexcept {
  paid += static_cast<double>(at.ticks) * static_cast<double>(size.lots);
  lots += size.lots;
  made += role == liquidity::maker ? size.lots : 0;
}

void onlooker::see(const std::vector<exchange::book_trade>& trades, double now) {
  if (trades.empty()) return;
  aggressor_order_seen order;
  order.aggressor = trades.front().aggressor;
  order.first_price = trades.front().at;
  order.last_price = trades.back().at;
  for (const auto& trade : trades) order.size += trade.size;
  detector_.add(order, stamp(now));
  most_ = std::max(most_, detector_.evidence(watched_));
}

template <class Message>
void execution_desk::tell(const Message& message) {
  if constexpr (requires { engine_.on(message, context{}, said_); }) {
    engine_.on(message, {stamp(now_), {}}, said_);
    pass_on();
  }
}

execution_desk::execution_desk(swarm_settings settings, double order_latency) : engine_(std::move(settings)), latency_(order_latency) {
  tell(instrument_listed{traded()});
  tell(feed_changed{traded().id, feed_state::live, ""});
  tell(started{"", true});
}

void execution_desk::watch(const limit_order_book& book, const sim::flow_market::moment& moment) {
  now_ = moment.time;
  print(moment.events);
  quote(book);
}

void execution_desk::work(const parent_ordered& order, sim::flow_market& market, onlooker& watcher, double now, double end) {
  market_ = &market;
  watcher_ = &watcher;
  now_ = now;
  tell(order);
  while (!finished_) {
    const double timer = engine_.next_wake() ? seconds_of(*engine_.next_wake()) : end;
    const double errand = errands_.empty() ? end : errands_.begin()->first;
    const double next = std::min({market_->next_time(), timer, errand});
    if (next >= end) break;
    now_ = std::max(now_, next);
    step(timer, errand);
  }
}

void execution_desk::step(double timer, double errand) {
  if (errand <= now_) {
    const auto action = std::move(errands_.begin()->second);
    errands_.erase(errands_.begin());
    action();
  } else if (timer <= now_) {
    engine_.wake({stamp(now_), {}}, said_);
    pass_on();
  } else {
    const auto& moment = market_->next();
    now_ = moment.time;
    watcher_->see(moment.events.trades, now_);
    seen(moment.events);
  }
}

void execution_desk::quote(const limit_order_book& book) {
  const auto bid = book.best(side::buy), ask = book.best(side::sell);
  const std::pair top{bid.value_or(level{}), ask.value_or(level{})};
  if (top == shown_) return;
  shown_ = top;
  tell(quote_seen{traded().id, 0, top.first, top.second, stamp(now_)});
}

void execution_desk::print(const book_events& events) {
  for (const auto& trade : events.trades) tell(trade_seen{traded().id, ++trades_, trade.at, trade.size, trade.aggressor, stamp(now_)});
}

/// What happened in the book, by us or by others: prints and quotes for everybody, reports for us.
void execution_desk::seen(const book_events& events) {
  print(events);
  for (const auto& trade : events.trades)
    if (trade.maker == own) fill_of(trade.maker_order, trade.at, trade.size);
  quote(market_->book());
}

void execution_desk::fill_of(exchange::order_ref place, price at, quantity size) {
  for (auto& [id, each] : orders_live_)
    if (each.open && each.place == place) return fill(each, at, size, liquidity::maker);
}

void execution_desk::fill(live& each, price at, quantity size, liquidity role) {
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

execution_reported execution_desk::report_of(const live& each, report_kind kind) {
  execution_reported report;
  report.id = each.intent.id;
  report.instrument = each.intent.instrument;
  report.direction = each.intent.direction;
  report.kind = kind;
  report.filled = each.filled;
  report.remaining = each.intent.size - each.filled;
  return report;
}

void execution_desk::answer(execution_reported report) {
  later(latency_ / 5, [this, r = std::move(report)] { tell(r); });
}

void execution_desk::pass_on() {
  for (auto& entry : said_) {
    if (const auto* intent = std::get_if<order_intended>(&entry.body)) {
      ++orders_;
      later(latency_, [this, m = *intent] { place(m); });
    }
    if (const auto* wish = std::get_if<cancel_intended>(&entry.body)) later(latency_, [this, id = wish->id] { cancel(id); });
    if (std::holds_alternative<parent_finished>(entry.body)) finished_ = true;
  }
  said_.clear();
}

void execution_desk::place(const order_intended& intent) {
  live& each = orders_live_[intent.id];
  each.intent = intent;
  book_events events;
  const bool waits = intent.force == time_in_force::gtc || intent.force == time_in_force::post_only;
  const order_style style = intent.force == time_in_force::gtc ? order_style::limit : waits ? order_style::post_only : order_style::ioc;
  const auto put = market_->act({intent.direction, style, intent.limit, intent.size, {}, own}, events);
  each.place = put.order;
  if (put.what == exchange::placement::would_trade) {
    each.open = false;
    answer(report_of(each, report_kind::rejected));
    return;
  }
  answer(report_of(each, report_kind::accepted));
  watcher_->see(events.trades, now_);
  if (put.filled.lots > 0) children_.push_back({stamp(now_), put.filled});
  for (const auto& trade : events.trades) fill(each, trade.at, trade.size, liquidity::taker);
  if (each.open && !waits) {
    each.open = false;
    answer(report_of(each, report_kind::expired));
  }
  seen(events);
}

void execution_desk::cancel(const client_order_id& id) {
  const auto found = orders_live_.find(id);
  book_events events;
  if (found == orders_live_.end() || !found->second.open || !market_->withdraw(found->second.place, events)) return;
  found->second.open = false;
  answer(report_of(found->second, report_kind::cancelled));
  seen(events);
}

}  // namespace remora::research
