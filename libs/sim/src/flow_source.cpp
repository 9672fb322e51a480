#include "remora/sim/flow_source.hpp"

#include <algorithm>
#include <utility>

namespace remora::sim {

flow_source::flow_source(flow_source_options options) : options_(std::move(options)), market_(options_.market) {}

std::optional<source_batch> flow_source::next() {
  if (ended_) return std::nullopt;
  source_batch batch;
  ++line_;
  order_ = 0;
  const flow_market::moment* moment = opened_ ? &market_.next() : nullptr;
  const timestamp end = options_.start + options_.duration;
  const timestamp now = moment == nullptr ? options_.start : options_.start + nanoseconds(static_cast<std::int64_t>(moment->time * 1e9));
  batch.event_time = batch.seen_time = feed_.begin({"flow", line_, std::min(now, end)}, batch.messages);
  if (moment == nullptr) {
    open(batch);
  } else if (now >= end) {
    feed_.end(batch.messages);
    ended_ = true;
  } else {
    publish(*moment, batch);
  }
  batch.so_far = feed_.totals();
  return batch;
}

/// Like a venue: a snapshot, which the first update joins.
void flow_source::open(source_batch& batch) {
  opened_ = true;
  id_ = feed_.list(options_.what, batch.messages);
  depth_snapshot snapshot;
  snapshot.instrument = id_;
  snapshot.update_id = ++update_id_;
  const auto all_of = [](std::vector<level>& into) { return [&into](const level& each) { return into.push_back(each), true; }; };
  market_.book().for_each(side::buy, all_of(snapshot.bids));
  market_.book().for_each(side::sell, all_of(snapshot.asks));
  feed_.take(std::move(snapshot), batch.messages);
}

void flow_source::publish(const flow_market::moment& moment, source_batch& batch) {
  order_ = moment.order;
  for (const exchange::book_trade& each : moment.events.trades)
    feed_.take(trade_seen{id_, ++trade_id_, each.at, each.size, each.aggressor, feed_.now()}, batch.messages);
  if (moment.events.levels.empty()) return;
  depth_update update;
  update.instrument = id_;
  update.first_update_id = update_id_ + 1;
  update.update_id = ++update_id_;
  for (const exchange::level_changed& each : moment.events.levels) (each.which == side::buy ? update.bids : update.asks).push_back(each.now);
  update.venue_time = feed_.now();
  feed_.take(std::move(update), batch.messages);
  quote(batch);
}

void flow_source::quote(source_batch& batch) {
  const auto bid = market_.book().best(side::buy), ask = market_.book().best(side::sell);
  if (!bid || !ask || (*bid == bid_ && *ask == ask_)) return;
  bid_ = *bid;
  ask_ = *ask;
  feed_.take(quote_seen{id_, update_id_, bid_, ask_, feed_.now()}, batch.messages);
}

source_progress flow_source::progress() const {
  const auto done = feed_.now() - options_.start;
  return {line_, static_cast<std::uint64_t>(std::max<std::int64_t>(0, done.count())), static_cast<std::uint64_t>(nanoseconds(options_.duration).count()),
          "flow market"};
}

}  // namespace remora::sim
