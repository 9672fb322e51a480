#include "remora/exchange/limit_order_book.hpp"

#include <algorithm>
#include <limits>

namespace remora::exchange {
namespace {

bool is_sound(const new_order& order) noexcept {
  return order.size.lots > 0 && order.shown.lots >= 0 && (order.style == order_style::market || order.limit.ticks > 0);
}

bool may_wait(order_style style) noexcept { return style == order_style::limit || style == order_style::post_only; }

}  // namespace

/// Opposite levels below it are too dear for the taker.
std::int64_t limit_order_book::lowest_rank(const new_order& taker) noexcept {
  if (taker.style == order_style::market) return std::numeric_limits<std::int64_t>::min();
  return rank_of(opposite(taker.direction), taker.limit);
}

/// The first level that is not worse than `rank`. Without a branch that depends on prices: nobody could predict it.
std::size_t limit_order_book::find(const ladder_type& all, std::int64_t rank) noexcept {
  if (all.empty()) return 0;
  const queue* from = all.data();
  for (std::size_t left = all.size(); left > 1;) {
    const std::size_t half = left / 2;
    from += from[half - 1].rank < rank ? half : 0;
    left -= half;
  }
  return static_cast<std::size_t>(from - all.data()) + (from->rank < rank ? 1 : 0);
}

bool limit_order_book::waits(order_ref order) const noexcept {
  return order.place < nodes_.size() && nodes_[order.place].waiting && nodes_[order.place].generation == order.generation;
}

bool limit_order_book::would_trade(const new_order& order) const noexcept {
  const auto& opposed = ladder(opposite(order.direction));
  return !opposed.empty() && opposed.back().rank >= lowest_rank(order);
}

placed limit_order_book::place(const new_order& order, book_events& out) {
  if (!is_sound(order)) return {placement::invalid, {}, {}};
  if (order.style == order_style::post_only && would_trade(order)) return {placement::would_trade, {}, {}};
  if (order.style == order_style::fok && !fills_wholly(order)) return {placement::unfilled, {}, {}};
  taking so_far{order.size, {}, false};
  trade(order, so_far, out);
  if (so_far.filled == order.size) return {placement::filled, so_far.filled, {}};
  if (so_far.stopped || so_far.left.lots == 0) return {placement::self_trade, so_far.filled, {}};
  if (!may_wait(order.style)) return {placement::unfilled, so_far.filled, {}};
  return wait(order, so_far, out);
}

/// Others offer enough up to the limit, and nothing of the taker's own group ends or shortens it before.
bool limit_order_book::fills_wholly(const new_order& taker) const noexcept {
  const auto& opposed = ladder(opposite(taker.direction));
  std::int64_t wanted = taker.size.lots;
  for (auto from = opposed.rbegin(); wanted > 0 && from != opposed.rend() && from->rank >= lowest_rank(taker); ++from)
    if (!offers(*from, taker, wanted)) return false;
  return wanted <= 0;
}

/// Takes off `wanted` what a level offers. False if an own order stands in the way; what icebergs hide comes after it.
bool limit_order_book::offers(const queue& from, const new_order& taker, std::int64_t& wanted) const noexcept {
  std::int64_t hidden = 0;
  for (std::uint32_t at = from.first; wanted > 0 && at != nobody; at = nodes_[at].after) {
    const node& maker = nodes_[at];
    const bool own = is_own(taker, maker);
    if (own && rule_ != self_trade::cancel_oldest) return false;
    if (own) continue;
    wanted -= maker.visible.lots;
    hidden += maker.size.lots - maker.visible.lots;
  }
  wanted -= std::max<std::int64_t>(0, std::min(wanted, hidden));
  return true;
}

void limit_order_book::trade(const new_order& taker, taking& so_far, book_events& out) {
  auto& opposed = ladder(opposite(taker.direction));
  const std::int64_t lowest = lowest_rank(taker);
  while (so_far.left.lots > 0 && !so_far.stopped && !opposed.empty() && opposed.back().rank >= lowest) {
    queue& best = opposed.back();
    const quantity before = so_far.left;
    trade_level(taker, so_far, best, out);
    if (so_far.stopped && so_far.left == before) return;
    out.levels.push_back({opposite(taker.direction), {best.at(opposite(taker.direction)), best.shown}});
    if (best.first == nobody) opposed.pop_back();
  }
}

void limit_order_book::trade_level(const new_order& taker, taking& so_far, queue& from, book_events& out) {
  const price at = from.at(opposite(taker.direction));
  while (so_far.left.lots > 0 && from.first != nobody) {
    const std::uint32_t first = from.first;
    const node& maker = nodes_[first];
    if (is_own(taker, maker)) {
      if (!withdraw(so_far, from, out)) return;
      continue;
    }
    const quantity size = std::min(so_far.left, maker.visible);
    out.trades.push_back({maker.owner, taker.owner, {first, maker.generation}, maker.size == size, taker.direction, at, size});
    so_far.left -= size;
    so_far.filled += size;
    fill(from, first, size);
  }
}

/// The taker met its own group at the head of a level; false if that is its end.
bool limit_order_book::withdraw(taking& so_far, queue& from, book_events& out) {
  const std::uint32_t first = from.first;
  const node& maker = nodes_[first];
  if (rule_ == self_trade::cancel_newest) {
    so_far.stopped = true;
    return false;
  }
  const bool whole = rule_ == self_trade::cancel_oldest;
  const quantity size = whole ? maker.size : std::min(so_far.left, maker.visible);
  out.withdrawals.push_back({maker.owner, {first, maker.generation}, maker.size == size, size});
  if (!whole) {
    so_far.left -= size;
    fill(from, first, size);
    return true;
  }
  from.shown -= maker.visible;
  unlink(from, first);
  free_node(first);
  return true;
}

/// Takes lots from the order at the head of a level; what it still hides is shown at the level's end.
void limit_order_book::fill(queue& from, std::uint32_t at, quantity size) {
  node& maker = nodes_[at];
  maker.size -= size;
  maker.visible -= size;
  from.shown -= size;
  if (maker.visible.lots > 0) return;
  unlink(from, at);
  if (maker.size.lots == 0) return free_node(at);
  append(from, at);
}

placed limit_order_book::wait(const new_order& order, const taking& so_far, book_events& out) {
  auto& own = ladder(order.direction);
  const std::int64_t rank = rank_of(order.direction, order.limit);
  const std::size_t at = find(own, rank);
  const bool opens = at == own.size() || own[at].rank != rank;
  if (orders_ >= limits_.orders_max || (opens && own.size() >= limits_.levels_max)) return {placement::too_many, so_far.filled, {}};
  if (opens) own.insert(own.begin() + static_cast<std::ptrdiff_t>(at), queue{rank, {}, nobody, nobody});
  const std::uint32_t place = take_node();
  node& waiting = nodes_[place];
  waiting.limit = order.limit;
  waiting.size = so_far.left;
  waiting.part = order.shown;
  waiting.owner = order.owner;
  waiting.group = order.group;
  waiting.direction = order.direction;
  waiting.style = order.style;
  append(own[at], place);
  out.levels.push_back({order.direction, {order.limit, own[at].shown}});
  return {placement::waiting, so_far.filled, {place, waiting.generation}};
}

bool limit_order_book::cancel(order_ref order, book_events& out) {
  if (!waits(order)) return false;
  const node& gone = nodes_[order.place];
  const side which = gone.direction;
  const price at = gone.limit;
  auto& all = ladder(which);
  const std::size_t found = find(all, rank_of(which, at));
  queue& from = all[found];
  from.shown -= gone.visible;
  unlink(from, order.place);
  free_node(order.place);
  out.levels.push_back({which, {at, from.shown}});
  if (from.first == nobody) all.erase(all.begin() + static_cast<std::ptrdiff_t>(found));
  return true;
}

bool limit_order_book::reduce(order_ref order, quantity by, book_events& out) {
  if (by.lots <= 0 || !waits(order)) return false;
  node& less = nodes_[order.place];
  if (by >= less.size) return cancel(order, out);
  less.size -= by;
  const quantity visible = std::min(less.visible, less.size);
  auto& all = ladder(less.direction);
  queue& from = all[find(all, rank_of(less.direction, less.limit))];
  from.shown -= less.visible - visible;
  less.visible = visible;
  out.levels.push_back({less.direction, {less.limit, from.shown}});
  return true;
}

std::optional<placed> limit_order_book::replace(order_ref order, level to, book_events& out) {
  if (!waits(order)) return std::nullopt;
  const node& old = nodes_[order.place];
  const new_order again{old.direction, old.style, to.at, to.size, old.part, old.owner, old.group};
  if (!is_sound(again)) return placed{placement::invalid, {}, {}};
  if (old.style == order_style::post_only && would_trade(again)) return placed{placement::would_trade, {}, {}};
  if (to.at == old.limit && to.size <= old.size) {
    reduce(order, old.size - to.size, out);
    return placed{placement::waiting, {}, order};
  }
  cancel(order, out);
  return place(again, out);
}

/// At the end of a level, showing its next part.
void limit_order_book::append(queue& to, std::uint32_t at) {
  node& last = nodes_[at];
  last.visible = last.part.lots > 0 ? std::min(last.part, last.size) : last.size;
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
  std::uint32_t at = free_;
  if (at == nobody) {
    at = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    free_ = nodes_[at].after;
  }
  nodes_[at].waiting = true;
  return at;
}

void limit_order_book::free_node(std::uint32_t at) {
  --orders_;
  nodes_[at].waiting = false;
  ++nodes_[at].generation;
  nodes_[at].after = free_;
  free_ = at;
}

std::optional<quantity> limit_order_book::open_size(order_ref order) const noexcept {
  return waits(order) ? std::optional(nodes_[order.place].size) : std::nullopt;
}

std::optional<level> limit_order_book::best(side which) const noexcept {
  const auto& all = ladder(which);
  return all.empty() ? std::nullopt : std::optional(level{all.back().at(which), all.back().shown});
}

quantity limit_order_book::shown_at(side which, price at) const noexcept {
  const auto& all = ladder(which);
  const std::size_t found = find(all, rank_of(which, at));
  return found < all.size() && all[found].rank == rank_of(which, at) ? all[found].shown : quantity{};
}

}  // namespace remora::exchange
