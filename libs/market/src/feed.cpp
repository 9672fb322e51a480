#include "remora/market/feed.hpp"

#include "remora/base/assert.hpp"
#include "remora/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace remora {
namespace {

constexpr std::size_t snapshot_levels_max = 500;  // a side, in one part

std::vector<level> part_of(const std::vector<level>& all, std::size_t from) {
  const std::size_t begin = std::min(from, all.size());
  const std::size_t end = std::min(begin + snapshot_levels_max, all.size());
  return {all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end)};
}

void apply_levels(order_book& book, const std::vector<level>& bids, const std::vector<level>& asks) {
  for (const level& each : bids) book.apply(side::buy, each);
  for (const level& each : asks) book.apply(side::sell, each);
}

}  // namespace

instrument_id feed::list(instrument what, outputs_type& out) {
  const auto [known, added] = ids_.try_emplace({what.where, what.symbol}, instrument_id{static_cast<std::uint32_t>(entries_.size() + 1)});
  if (!added) return known->second;
  const instrument_id id = known->second;
  what.id = id;
  entry& e = entries_.emplace_back();
  e.what = std::move(what);
  e.sync = book_sync(rule_of(e.what.where));
  e.bars = {bar_builder(id, seconds(1)), bar_builder(id, seconds(60))};
  out.push_back(instrument_listed{e.what});
  out.push_back(feed_changed{id, feed_state::syncing, "The book waits for its first snapshot."});
  return id;
}

const instrument* feed::find(venue where, std::string_view symbol) const {
  const auto found = ids_.find({where, std::string(symbol)});
  return found == ids_.end() ? nullptr : &at(found->second);
}

timestamp feed::begin(const input_line& line, outputs_type& out) {
  ++counters_.lines;
  source_ = line.source;
  line_ = line.number;
  if (line.stamp < now_) ++counters_.clamped;
  now_ = std::max(now_, line.stamp);
  close_bars(out);
  return now_;
}

void feed::take(decoded_message message, outputs_type& out) {
  std::visit([&](auto& body) { on(entry_of(body.instrument), body, out); }, message);
}

void feed::skip(const std::string& reason, outputs_type& out) {
  ++counters_.skipped;
  out.push_back(input_skipped{source_, line_, clean_utf8(reason)});
}

void feed::end(outputs_type& out) {
  for (entry& e : entries_) change_state(e, feed_state::ended, "The source has no more data.", out);
  out.push_back(totals());
}

void feed::resync(instrument_id id, std::string reason, outputs_type& out) {
  entry& e = entry_of(id);
  e.sync.reset();
  change_state(e, feed_state::syncing, std::move(reason), out);
}

void feed::set_state(instrument_id id, feed_state state, std::string reason, outputs_type& out) {
  change_state(entry_of(id), state, std::move(reason), out);
}

const feed::entry& feed::entry_of(instrument_id id) const {
  REMORA_ASSERT(id != instrument_id::none && static_cast<std::size_t>(id) <= entries_.size());
  return entries_[static_cast<std::size_t>(id) - 1];
}

feed::entry& feed::entry_of(instrument_id id) { return const_cast<entry&>(std::as_const(*this).entry_of(id)); }

bool feed::newest_id::take(std::uint64_t next) noexcept {
  if (next == 0) return true;
  const bool follows = next > id && (id == 0 || next - id <= jump_max);
  if (!follows && !refused.add(next, refused_max)) return false;
  id = next;
  refused.clear();
  return true;
}

void feed::on(entry& e, const trade_seen& trade, outputs_type& out) {
  if (trade.at.ticks <= 0 || trade.size.lots <= 0) {
    return skip(fmt::format("{} trade {} has no positive price and size.", e.what.symbol, trade.trade_id), out);
  }
  if (!e.trades.take(trade.trade_id)) {
    return skip(fmt::format("{}: trade id {} does not follow {}.", e.what.symbol, trade.trade_id, e.trades.id), out);
  }
  std::vector<bar_closed> closed;
  for (bar_builder& bars : e.bars) {
    bars.add(trade, now_, closed);
    next_close_ = std::min(next_close_, bars.next_close());
  }
  REMORA_ASSERT(closed.empty());  // begin() closed them
  ++counters_.messages;
  out.push_back(trade);
}

void feed::on(entry& e, const quote_seen& quote, outputs_type& out) {
  if (!e.quotes.take(quote.update_id)) {
    return skip(fmt::format("{}: quote of update {} does not follow that of {}.", e.what.symbol, quote.update_id, e.quotes.id), out);
  }
  ++counters_.messages;
  out.push_back(quote);
}

void feed::on(entry& e, depth_update& update, outputs_type& out) {
  const bool was_in_step = e.sync.in_step();
  const std::uint64_t last_id = e.sync.update_id();
  switch (e.sync.take(update)) {
    case sync_verdict::buffered:
    case sync_verdict::ignore: return;
    case sync_verdict::gap:
      return announce(e, feed_state::syncing,
                      fmt::format("Updates are missing: after {} came {} to {}; the book waits for a snapshot.", last_id,
                                  update.first_update_id, update.update_id), out);
    case sync_verdict::apply: break;
  }
  if (!was_in_step) go_live(e, last_id, out);
  apply(e, update, out);
}

void feed::on(entry& e, const depth_snapshot& snapshot, outputs_type& out) {
  const std::uint64_t first_buffered = e.sync.first_buffered_id();
  snapshot_answer answer = e.sync.take(snapshot);
  if (answer.verdict == snapshot_verdict::ignored) return;
  if (answer.verdict == snapshot_verdict::unlinked) {
    return skip(fmt::format("{}: snapshot {} does not join the updates kept from {} on; a newer one is needed.", e.what.symbol,
                            snapshot.update_id, first_buffered), out);
  }
  e.book.clear();
  apply_levels(e.book, snapshot.bids, snapshot.asks);
  if (e.book.crossed()) {
    e.sync.book_crossed();
    change_state(e, feed_state::syncing, "The book is crossed; it waits for another snapshot.", out);
    return skip(fmt::format("{}: snapshot {} is crossed.", e.what.symbol, snapshot.update_id), out);
  }
  if (!e.sync.in_step()) return;
  go_live(e, snapshot.update_id, out);
  for (depth_update& update : answer.updates)
    if (!apply(e, update, out)) return;
}

bool feed::apply(entry& e, depth_update& update, outputs_type& out) {
  apply_levels(e.book, update.bids, update.asks);
  if (e.book.crossed()) {
    e.sync.book_crossed();
    change_state(e, feed_state::syncing, fmt::format("The book is crossed after update {}; it waits for a snapshot.", update.update_id),
                 out);
    return false;
  }
  ++counters_.messages;
  out.push_back(book_changed{update.instrument, update.first_update_id, update.update_id, std::move(update.bids), std::move(update.asks),
                             update.venue_time});
  quote_touch(e, update.update_id, update.venue_time, out);
  return true;
}

void feed::quote_touch(entry& e, std::uint64_t update_id, timestamp venue_time, outputs_type& out) {
  if (!e.quotes_itself) return;
  const level bid = e.book.best(side::buy).value_or(level{}), ask = e.book.best(side::sell).value_or(level{});
  if (bid == e.quoted_bid && ask == e.quoted_ask) return;
  e.quoted_bid = bid;
  e.quoted_ask = ask;
  out.push_back(quote_seen{e.what.id, update_id, bid, ask, venue_time});
}

void feed::go_live(entry& e, std::uint64_t update_id, outputs_type& out) {
  e.quoted_bid = e.quoted_ask = {};  // whoever follows has forgotten the touch from before the gap
  emit_book(e, update_id, out);
  change_state(e, feed_state::live, fmt::format("The book is in step from update {} on.", update_id), out);
}

void feed::announce(entry& e, feed_state state, std::string reason, outputs_type& out) {
  e.state = state;
  out.push_back(feed_changed{e.what.id, state, std::move(reason)});
}

void feed::change_state(entry& e, feed_state state, std::string reason, outputs_type& out) {
  if (e.state != state) announce(e, state, std::move(reason), out);
}

void feed::emit_book(const entry& e, std::uint64_t update_id, outputs_type& out) {
  const auto bids = e.book.levels(side::buy, e.book.level_count(side::buy));
  const auto asks = e.book.levels(side::sell, e.book.level_count(side::sell));
  const std::size_t deepest = std::max(bids.size(), asks.size());
  for (std::size_t from = 0; from == 0 || from < deepest; from += snapshot_levels_max) {
    const bool last = from + snapshot_levels_max >= deepest;
    out.push_back(book_snapshot{e.what.id, update_id, from == 0, last, part_of(bids, from), part_of(asks, from)});
  }
}

void feed::close_bars(outputs_type& out) {
  if (now_ < next_close_) return;
  std::vector<bar_closed> closed;
  next_close_ = never;
  for (entry& e : entries_) {
    for (bar_builder& bars : e.bars) {
      bars.close_until(now_, closed);
      next_close_ = std::min(next_close_, bars.next_close());
    }
  }
  out.insert(out.end(), closed.begin(), closed.end());
}

}  // namespace remora
