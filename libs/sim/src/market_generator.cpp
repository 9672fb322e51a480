#include "remora/sim/market_generator.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace remora::sim {
namespace {

constexpr std::int64_t book_depth = 40;           // levels a side that are kept filled
constexpr double requotes_per_second = 20;
constexpr std::uint32_t whale_children = 12;
constexpr double whale_multiple = 40;             // of a usual order, per child
constexpr milliseconds whale_child_gap{150};

timestamp after(timestamp now, double seconds_from_now) { return now + nanoseconds(static_cast<std::int64_t>(seconds_from_now * 1e9) + 1); }

}  // namespace

market_generator::market_generator(generator_options options)
    : options_(std::move(options)), random_(options_.seed), our_chance_(options_.seed, 1), anchor_(options_.start_price_ticks) {
  next_trade_ = after(options_.start, 0.5);
  next_requote_ = after(options_.start, 0.2);
  const double pause = options_.whales_per_minute > 0 ? 60 / options_.whales_per_minute : 1e9;
  next_whale_ = after(options_.start, std::min(pause, 8.0));
}

std::int64_t market_generator::usual_depth(std::int64_t distance) {
  const double scale = static_cast<double>(options_.what.quantity_min.lots) * 400 * (1 + 0.15 * static_cast<double>(distance));
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(scale * std::exp(0.6 * random_.normal())));
}

quantity market_generator::usual_size() {
  const double scale = static_cast<double>(options_.what.quantity_min.lots) * 20;
  return {std::max<std::int64_t>(1, static_cast<std::int64_t>(scale * std::exp(1.0 * random_.normal())))};
}

void market_generator::set(side which, std::int64_t ticks, std::int64_t lots, std::vector<level>& changed) {
  auto& levels = which == side::buy ? bids_ : asks_;
  if (lots > 0) levels[ticks] = lots;
  else levels.erase(ticks);
  changed.push_back({{ticks}, {lots}});
}

void market_generator::publish_book(source_batch& batch, std::vector<level> bids, std::vector<level> asks) {
  if (bids.empty() && asks.empty()) return;
  depth_update update;
  update.instrument = id_;
  update.first_update_id = update_id_ + 1;
  update.update_id = ++update_id_;
  update.bids = std::move(bids);
  update.asks = std::move(asks);
  update.venue_time = feed_.now();
  feed_.take(update, batch.messages);
  quote(batch);
}

void market_generator::quote(source_batch& batch) {
  if (bids_.empty() || asks_.empty()) return;
  const auto& [bid, bid_lots] = *bids_.rbegin();
  const auto& [ask, ask_lots] = *asks_.begin();
  feed_.take(quote_seen{id_, update_id_, {{bid}, {bid_lots}}, {{ask}, {ask_lots}}, feed_.now()}, batch.messages);
}

void market_generator::open_book(source_batch& batch) {
  id_ = feed_.list(options_.what, batch.messages);
  depth_snapshot snapshot;
  snapshot.instrument = id_;
  snapshot.update_id = ++update_id_;
  for (std::int64_t i = 1; i <= book_depth; ++i) {
    set(side::buy, anchor_ - i, usual_depth(i), snapshot.bids);
    set(side::sell, anchor_ + i, usual_depth(i), snapshot.asks);
  }
  feed_.take(snapshot, batch.messages);  // published, as at a venue, once the first update joins it
}

/// Walks the book; each level taken is one print. What is traded moves the anchor a little: part of every impact stays.
void market_generator::trade(source_batch& batch, const aggressor& order, philox& chance) {
  std::vector<level> bids, asks;
  auto& changed = order.direction == side::buy ? asks : bids;
  const side hit = opposite(order.direction);
  auto& levels = hit == side::buy ? bids_ : asks_;
  const auto reaches = [&](std::int64_t ticks) { return !order.limit || (hit == side::sell ? ticks <= order.limit->ticks : ticks >= order.limit->ticks); };
  std::int64_t left = order.size.lots;
  while (left > 0 && levels.size() > 1) {
    const auto [ticks, lots] = hit == side::buy ? *levels.rbegin() : *levels.begin();
    if (!reaches(ticks)) break;
    const std::int64_t taken = std::min(left, lots);
    feed_.take(trade_seen{id_, ++trade_id_, {ticks}, {taken}, order.direction, feed_.now(), order.own_fill}, batch.messages);
    set(hit, ticks, lots - taken, changed);
    left -= taken;
    if (taken == lots && chance.uniform() < 0.6) anchor_ += sign_of(order.direction);
  }
  publish_book(batch, std::move(bids), std::move(asks));
}

/// Puts the book back around its anchor: crossed or stray levels go, missing ones are filled.
void market_generator::requote(source_batch& batch) {
  if (random_.uniform() < 0.1) anchor_ += random_.uniform() < 0.5 ? 1 : -1;
  std::vector<level> bids, asks;
  while (!bids_.empty() && bids_.rbegin()->first >= anchor_) set(side::buy, bids_.rbegin()->first, 0, bids);
  while (!asks_.empty() && asks_.begin()->first <= anchor_) set(side::sell, asks_.begin()->first, 0, asks);
  while (!bids_.empty() && bids_.begin()->first < anchor_ - 2 * book_depth) set(side::buy, bids_.begin()->first, 0, bids);
  while (!asks_.empty() && asks_.rbegin()->first > anchor_ + 2 * book_depth) set(side::sell, asks_.rbegin()->first, 0, asks);
  for (std::int64_t i = 1; i <= book_depth; ++i) {
    const bool refresh = random_.uniform() < 0.05;
    if (refresh || !bids_.contains(anchor_ - i)) set(side::buy, anchor_ - i, usual_depth(i), bids);
    if (refresh || !asks_.contains(anchor_ + i)) set(side::sell, anchor_ + i, usual_depth(i), asks);
  }
  publish_book(batch, std::move(bids), std::move(asks));
}

void market_generator::plant(timestamp now) {
  const side direction = random_.uniform() < 0.5 ? side::buy : side::sell;
  const quantity child{static_cast<std::int64_t>(static_cast<double>(options_.what.quantity_min.lots) * 20 * whale_multiple * (0.8 + 0.4 * random_.uniform()))};
  active_.push_back({now, direction, child, whale_children});
  whales_.push_back({now, direction, {child.lots * whale_children}, whale_children});
  const double pause = 60 / options_.whales_per_minute;
  next_whale_ = after(now, pause * (0.5 + random_.uniform()));
}

timestamp market_generator::time_of_crowd() const {
  timestamp first = std::min({next_trade_, next_requote_, options_.whales_per_minute > 0 ? next_whale_ : never});
  for (const whale_plan& plan : active_) first = std::min(first, plan.next);
  return first;
}

std::optional<timestamp> market_generator::next_time() const {
  if (ended_) return std::nullopt;
  if (!opened_) return options_.start;
  const timestamp ours = felt_.empty() ? never : felt_.front().at;
  return std::max(feed_.now(), std::min({ours, time_of_crowd(), options_.start + options_.duration}));
}

bool market_generator::feel(const own_trade& what) {
  if (!opened_ || ended_ || what.instrument != id_ || felt_.size() >= felt_max) return false;
  felt_.push_back(what);
  return true;
}

void market_generator::play_crowd(source_batch& batch, timestamp now) {
  if (const auto plan = std::find_if(active_.begin(), active_.end(), [&](const whale_plan& p) { return p.next <= now; }); plan != active_.end()) {
    trade(batch, {plan->direction, plan->child, {}, 0}, random_);
    plan->next = now + whale_child_gap + nanoseconds(static_cast<std::int64_t>(random_.below(100'000'000)));
    if (--plan->left == 0) active_.erase(plan);
  } else if (next_whale_ <= now && options_.whales_per_minute > 0) {
    plant(now);
  } else if (next_trade_ <= now) {
    const quantity size = usual_size();
    trade(batch, {random_.uniform() < 0.5 ? side::buy : side::sell, size, {}, 0}, random_);
    next_trade_ = after(now, random_.exponential() / options_.trades_per_second);
  } else {
    requote(batch);
    next_requote_ = after(now, random_.exponential() / requotes_per_second);
  }
}

std::optional<source_batch> market_generator::next() {
  const auto due = next_time();
  if (!due) return std::nullopt;
  source_batch batch;
  const timestamp now = batch.event_time = batch.seen_time = feed_.begin({"generator", ++line_, *due}, batch.messages);
  if (!std::exchange(opened_, true)) {
    open_book(batch);
  } else if (now >= options_.start + options_.duration) {
    feed_.end(batch.messages);
    ended_ = true;
  } else if (!felt_.empty() && felt_.front().at <= now) {
    const own_trade& ours = felt_.front();
    trade(batch, {ours.direction, ours.size, ours.limit, ours.fill_id}, our_chance_);
    felt_.pop_front();
  } else {
    play_crowd(batch, now);
  }
  batch.so_far = feed_.totals();
  return batch;
}

source_progress market_generator::progress() const {
  const auto done = feed_.now() - options_.start;
  return {line_, static_cast<std::uint64_t>(std::max<std::int64_t>(0, done.count())), static_cast<std::uint64_t>(nanoseconds(options_.duration).count()),
          "market generator"};
}

}  // namespace remora::sim
