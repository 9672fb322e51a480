#include "remora/exchange/visible_book.hpp"

#include <limits>

namespace remora::exchange {

void visible_book::apply(const book_snapshot& part) {
  if (part.first) {
    taken_bids_.clear();
    taken_asks_.clear();
  }
  book_.apply(part);
  source_ = source::book;
  whole_ = part.last;
}

void visible_book::apply(const book_changed& change) {
  if (source_ == source::quote) book_.clear();
  source_ = source::book;
  restate(side::buy, change.bids);
  restate(side::sell, change.asks);
  book_.apply(change);
}

void visible_book::apply(const quote_seen& quote) {
  if (source_ == source::book) return;
  source_ = source::quote;
  replace_touch(side::buy, quote.bid);
  replace_touch(side::sell, quote.ask);
}

void visible_book::lose() { *this = {}; }

quantity visible_book::queue_at(side which, price at) const noexcept {
  const auto touch = best(which);
  const bool behind = touch && (which == side::buy ? at < touch->at : at > touch->at);
  if (source_ == source::quote && behind) return {std::numeric_limits<std::int64_t>::max()};
  return book_.size_at(which, at);
}

quantity visible_book::available(side which, level shown, timestamp now) const {
  const auto found = taken_of(which).find(shown.at.ticks);
  if (found == taken_of(which).end() || now >= found->second.until) return shown.size;
  return {std::max<std::int64_t>(0, shown.size.lots - found->second.size.lots)};
}

void visible_book::consume(side which, level used, timestamp now, timestamp until) {
  taken& entry = taken_of(which)[used.at.ticks];
  if (now >= entry.until) entry.size = {};
  entry.size += used.size;
  entry.until = until;
}

void visible_book::restate(side which, const std::vector<level>& levels) {
  for (const level& each : levels) taken_of(which).erase(each.at.ticks);
}

void visible_book::replace_touch(side which, level shown) {
  const auto before = best(which);
  if (before && *before == shown) return;
  taken_of(which).clear();
  if (before) book_.apply(which, {before->at, {}});
  book_.apply(which, shown);
}

}  // namespace remora::exchange
