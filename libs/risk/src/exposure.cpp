#include "remora/risk/exposure.hpp"

#include <algorithm>
#include <limits>

namespace remora::risk {
namespace {

/// Sums that saturate, so that a wrong report is counted as too much and never wraps into too little.
quantity saturated_sum(quantity a, quantity b) noexcept {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a.lots, b.lots, &sum)) return {sum};
  return {a.lots > 0 ? std::numeric_limits<std::int64_t>::max() : -std::numeric_limits<std::int64_t>::max()};
}

quantity positive_difference(quantity a, quantity b) noexcept { return std::max(quantity{}, saturated_sum(a, -b)); }

}  // namespace

quantity child_exposure::outstanding() const noexcept { return positive_difference(finished ? filled : std::max(size, filled), booked); }

reservation::reservation(const parent_ordered& order, place cause)
    : id_(order.id), instrument_(order.instrument), direction_(order.granted.direction), purpose_(order.purpose), size_(order.granted.size),
      collar_low_(order.granted.collar_low), collar_high_(order.granted.collar_high),
      valid_until_(order.granted.valid_until), orders_per_second_(order.granted.orders_per_second), cause_(cause) {}

reservation::reservation(parent_id id, instrument_id instrument, side direction)
    : id_(id), instrument_(instrument), direction_(direction), finished_(true) {}

bool reservation::apply(const order_updated& update) {
  child_exposure& child = children_[update.id];
  child.size = update.size;
  child.filled = std::max(child.filled, update.filled);
  const bool ended = !child.finished && is_final(update.state);
  child.finished = child.finished || ended;
  return ended;
}

void reservation::apply(const order_filled& fill) {
  booked_ = saturated_sum(booked_, fill.size);
  child_exposure& child = children_[fill.order];
  child.booked = saturated_sum(child.booked, fill.size);
}

quantity reservation::outstanding() const noexcept {
  quantity of_children;
  for (const auto& [id, child] : children_) of_children = saturated_sum(of_children, child.outstanding());
  return finished_ ? of_children : std::max(of_children, positive_difference(size_, booked_));
}

quantity position_range::worst() const noexcept { return -static_cast<int128>(low.lots) > high.lots ? low : high; }

position_range position_range::with(side direction, quantity size) const noexcept {
  return direction == side::buy ? position_range{low, saturated_sum(high, size)} : position_range{saturated_sum(low, -size), high};
}

void exposure::reserve(const parent_ordered& order, place cause) { reservations_.emplace(order.id, reservation(order, cause)); }

bool exposure::apply(const order_updated& update) {
  const auto found = reservations_.find(update.parent);
  if (found == reservations_.end() && is_final(update.state)) return false;
  const auto at = found != reservations_.end()
                      ? found
                      : reservations_.emplace(update.parent, reservation(update.parent, update.instrument, update.direction)).first;
  const bool ended = at->second.apply(update);
  forget_if_settled(update.parent);
  return ended;
}

void exposure::apply(const order_filled& fill) {
  const auto found = reservations_.find(fill.parent);
  if (found == reservations_.end()) return;
  found->second.apply(fill);
  forget_if_settled(fill.parent);
}

std::optional<reservation> exposure::finish(const parent_finished& message, timestamp now) {
  const auto found = reservations_.find(message.id);
  if (found == reservations_.end() || found->second.finished()) return std::nullopt;
  found->second.finish();
  std::erase_if(fading_, [&](const fading_rate& rate) { return rate.until <= now; });
  fading_.push_back({now + seconds(1), std::min(message.children_sent, found->second.orders_per_second())});
  reservation ended = found->second;
  forget_if_settled(message.id);
  return ended;
}

void exposure::revoke(parent_id id) { reservations_.find(id)->second.revoke(); }

void exposure::forget_if_settled(parent_id id) {
  const auto found = reservations_.find(id);
  if (found->second.settled()) reservations_.erase(found);
}

position_range exposure::range_of(instrument_id id, quantity position) const {
  position_range range{position, position};
  for (const auto& [parent, r] : reservations_) {
    if (r.instrument() == id) range = range.with(r.direction(), r.outstanding());
  }
  return range;
}

const reservation* exposure::open_exit(instrument_id id) const {
  const auto found = std::find_if(reservations_.begin(), reservations_.end(), [&](const auto& entry) {
    return entry.second.instrument() == id && !entry.second.finished() && is_exit(entry.second.purpose());
  });
  return found == reservations_.end() ? nullptr : &found->second;
}

const reservation* exposure::open_entry(instrument_id id) const {
  const auto found = std::find_if(reservations_.begin(), reservations_.end(), [&](const auto& entry) {
    return entry.second.instrument() == id && !entry.second.finished() && !is_exit(entry.second.purpose());
  });
  return found == reservations_.end() ? nullptr : &found->second;
}

std::uint64_t exposure::order_rate(timestamp now) const {
  std::uint64_t rate = 0;
  for (const auto& [id, r] : reservations_) {
    if (!r.finished()) rate += r.orders_per_second();
  }
  for (const fading_rate& f : fading_) {
    if (f.until > now) rate += f.orders_per_second;
  }
  return rate;
}

}  // namespace remora::risk
