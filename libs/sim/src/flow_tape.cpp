#include "remora/sim/flow_tape.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace remora::sim {
namespace {

/// Levels stand by price; the last size of a level counts.
void set(std::vector<level>& levels, const level& now) {
  const auto at = std::lower_bound(levels.begin(), levels.end(), now.at, [](const level& l, price p) { return l.at < p; });
  if (at != levels.end() && at->at == now.at) at->size = now.size;
  else levels.insert(at, now);
}

}  // namespace

flow_tape::flow_tape(flow_market& market, const tape_settings& settings)
    : market_(&market), settings_(settings), depth_due_(settings.start + settings.depth_interval) {
  pending_.instrument = settings.instrument;
  pending_.first_update_id = update_id_ + 1;
  pending_.previous_update_id = update_id_;
}

timestamp flow_tape::time() const noexcept { return settings_.start + nanoseconds(std::llround(market_->time() * 1e9)); }

taped flow_tape::snapshot() const {
  depth_snapshot whole{settings_.instrument, update_id_, {}, {}, time()};
  const auto into = [](std::vector<level>& levels) {
    return [&levels](const level& each) { return levels.push_back(each), true; };
  };
  market_->book().for_each(side::buy, into(whole.bids));
  market_->book().for_each(side::sell, into(whole.asks));
  return {time(), std::move(whole)};
}

const std::vector<taped>& flow_tape::next() {
  out_.clear();
  const auto& moment = market_->next();
  const timestamp now = time();
  if (settings_.depth_interval.count() > 0 && now >= depth_due_) {
    send_update(depth_due_);
    depth_due_ += (now - depth_due_) / settings_.depth_interval * settings_.depth_interval + settings_.depth_interval;
  }
  print(moment.events, now);
  change(moment.events, now);
  quote(now);
  if (settings_.depth_interval.count() == 0) send_update(now);
  return out_;
}

void flow_tape::print(const exchange::book_events& events, timestamp now) {
  for (const auto& each : events.trades)
    out_.push_back({now, trade_seen{settings_.instrument, ++trade_id_, each.at, each.size, each.aggressor, now}});
}

void flow_tape::change(const exchange::book_events& events, timestamp now) {
  if (events.levels.empty()) return;
  pending_.update_id = ++update_id_;
  pending_.venue_time = now;
  for (const auto& each : events.levels) set(each.which == side::buy ? pending_.bids : pending_.asks, each.now);
}

/// A venue quotes two sides or nothing.
void flow_tape::quote(timestamp now) {
  const touch at = best();
  if (at == quoted_) return;
  quoted_ = at;
  if (at.bid && at.ask) out_.push_back({now, quote_seen{settings_.instrument, update_id_, *at.bid, *at.ask, now}});
}

void flow_tape::send_update(timestamp sent) {
  if (pending_.update_id < pending_.first_update_id) return;
  out_.push_back({sent, pending_});
  pending_.bids.clear();
  pending_.asks.clear();
  pending_.previous_update_id = update_id_;
  pending_.first_update_id = update_id_ + 1;
}

std::optional<taped> flow_tape::rest() {
  out_.clear();
  send_update(settings_.depth_interval.count() > 0 ? depth_due_ : time());
  return out_.empty() ? std::nullopt : std::optional(out_.back());
}

}  // namespace remora::sim
