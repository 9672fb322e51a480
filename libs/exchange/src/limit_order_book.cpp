#include "remora/exchange/limit_order_book.hpp"

#include <algorithm>

namespace remora::exchange {
namespace {

bool is_sound(const new_order& order) noexcept {
  return order.size.lots > 0 && order.shown.lots >= 0 && (order.style == order_style::market || order.limit.ticks > 0);
}

bool may_wait(order_style style) noexcept { return style == order_style::limit || style == order_style::post_only; }

/// Worst first: bids upwards, asks downwards.
bool stands_before(side which, price one, price other) noexcept { return which == side::buy ? one < other : one > other; }

}  // namespace

bool limit_order_book::crosses(const new_order& order, price other) noexcept {
  if (order.style == order_style::market) return true;
  return order.direction == side::buy ? other <= order.limit : other >= order.limit;
}

limit_order_book::ladder_type::iterator limit_order_book::find(side which, price at) noexcept {
  auto& all = ladder(which);
  return std::lower_bound(all.begin(), all.end(), at, [&](const queue& q, price p) { return stands_before(which, q.at, p); });
}

placed limit_order_book::place(const new_order& order, book_events& out) {
  if (!is_sound(order)) return {placement::invalid, {}, {}};
  const auto opposite_best = best(opposite(order.direction));
  if (order.style == order_style::post_only && opposite_best && crosses(order, opposite_best->at)) return {placement::would_trade, {}, {}};
  const quantity left = trade(order, out);
  const quantity filled = order.size - left;
  if (left.lots == 0) return {placement::filled, filled, {}};
  if (!may_wait(order.style)) return {placement::unfilled, filled, {}};
  return wait(order, left, filled, out);
}

quantity limit_order_book::trade(const new_order& taker, book_events& out) {
  quantity left = taker.size;
  auto& opposed = ladder(opposite(taker.direction));
  while (left.lots > 0 && !opposed.empty() && crosses(taker, opposed.back().at)) {
    queue& best = opposed.back();
    left = trade_level(taker, left, best, out);
    out.levels.push_back({opposite(taker.direction), {best.at, best.shown}});
    if (best.first == nobody) opposed.pop_back();
  }
  return left;
}

quantity limit_order_book::trade_level(const new_order& taker, quantity left, queue& from, book_events& out) {
  while (left.lots > 0 && from.first != nobody) {
    const std::uint32_t at = from.first;
    const node& maker = nodes_[at];
    const quantity size = std::min(left, maker.visible);
    out.trades.push_back({maker.order.owner, taker.owner, {at, maker.generation}, maker.order.size == size, taker.direction, from.at, size});
    left -= size;
    fill(from, at, size);
  }
  return left;
}

/// Takes traded lots from the order at the head of a level; what it still hides is shown at the level's end.
void limit_order_book::fill(queue& from, std::uint32_t at, quantity size) {
  node& maker = nodes_[at];
  maker.order.size -= size;
  maker.visible -= size;
  from.shown -= size;
  if (maker.visible.lots > 0) return;
  unlink(from, at);
  if (maker.order.size.lots == 0) return free_node(at);
  append(from, at);
}

placed limit_order_book::wait(const new_order& order, quantity left, quantity filled, book_events& out) {
  auto& own = ladder(order.direction);
  auto at = find(order.direction, order.limit);
  const bool opens = at == own.end() || at->at != order.limit;
  if (orders_ >= limits_.orders_max || (opens && own.size() >= limits_.levels_max)) return {placement::too_many, filled, {}};
  if (opens) at = own.insert(at, queue{order.limit, {}, nobody, nobody});
  const std::uint32_t place = take_node();
  node& waiting = nodes_[place];
  waiting.order = order;
  waiting.order.size = left;
  append(*at, place);
  out.levels.push_back({order.direction, {at->at, at->shown}});
  return {placement::waiting, filled, {place, waiting.generation}};
}

bool limit_order_book::cancel(order_ref order, book_events& out) {
  if (!open_size(order)) return false;
  const side which = nodes_[order.place].order.direction;
  const auto at = find(which, nodes_[order.place].order.limit);
  at->shown -= nodes_[order.place].visible;
  unlink(*at, order.place);
  free_node(order.place);
  out.levels.push_back({which, {at->at, at->shown}});
  if (at->first == nobody) ladder(which).erase(at);
  return true;
}

/// At the end of a level, showing its next part.
void limit_order_book::append(queue& to, std::uint32_t at) {
  node& last = nodes_[at];
  last.visible = last.order.shown.lots > 0 ? std::min(last.order.shown, last.order.size) : last.order.size;
  last.before = to.last;
  last.after = nobody;
  (to.last == nobody ? to.first : nodes_[to.last].after) = at;
  to.last = at;
  to.shown += last.visible;
}

void limit_order_book::unlink(queue& from, std::uint32_t at) {
  const node& gone = nodes_[at];
  (gone.before == nobody ? from.first : nodes_[gone.before].after) = gone.after;
  (gone.after == nobody ? from.last : nodes_[gone.after].before) = gone.before;
}

std::uint32_t limit_order_book::take_node() {
  ++orders_;
  if (free_.empty()) {
    nodes_.emplace_back();
    nodes_.back().waiting = true;
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  const std::uint32_t at = free_.back();
  free_.pop_back();
  nodes_[at].waiting = true;
  return at;
}

void limit_order_book::free_node(std::uint32_t at) {
  --orders_;
  nodes_[at].waiting = false;
  ++nodes_[at].generation;
  free_.push_back(at);
}

std::optional<quantity> limit_order_book::open_size(order_ref order) const noexcept {
  if (order.place >= nodes_.size()) return std::nullopt;
  const node& n = nodes_[order.place];
  return n.waiting && n.generation == order.generation ? std::optional(n.order.size) : std::nullopt;
}

std::optional<level> limit_order_book::best(side which) const noexcept {
  const auto& all = ladder(which);
  return all.empty() ? std::nullopt : std::optional(level{all.back().at, all.back().shown});
}

quantity limit_order_book::shown_at(side which, price at) const noexcept {
  const auto& all = ladder(which);
  const auto found = std::lower_bound(all.begin(), all.end(), at, [&](const queue& q, price p) { return stands_before(which, q.at, p); });
  return found != all.end() && found->at == at ? found->shown : quantity{};
}

}  // namespace remora::exchange
