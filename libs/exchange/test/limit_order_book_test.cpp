#include "remora/base/random.hpp"
#include "remora/exchange/limit_order_book.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <tuple>

using namespace remora;
using namespace remora::exchange;

namespace {

new_order order_of(side direction, order_style style, std::int64_t ticks, std::int64_t lots, std::uint64_t owner = 0, std::int64_t shown = 0) {
  return {direction, style, {ticks}, {lots}, {shown}, owner};
}

/// The same market written down in the plainest way: every order in one list, searched whole for each match.
class naive_book {
 public:
  struct resting {
    new_order order;
    quantity visible;
    std::uint64_t turn = 0;
  };
  using print = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t>;
  using withdrawal = std::tuple<std::uint64_t, bool, std::int64_t>;

  explicit naive_book(self_trade rule) : rule_(rule) {}

  placement place(new_order order, std::vector<print>& prints, std::vector<withdrawal>& withdrawals) {
    if (order.style == order_style::post_only && next_maker(order) != orders_.end()) return placement::would_trade;
    if (order.style != order_style::fok) return work(order, prints, withdrawals);
    naive_book tried = *this;
    std::vector<print> ignored;
    std::vector<withdrawal> lost;
    if (tried.work(order, ignored, lost) != placement::filled) return placement::unfilled;
    return work(order, prints, withdrawals);
  }

  void cancel(std::uint64_t owner) {
    std::erase_if(orders_, [&](const resting& r) { return r.order.owner == owner; });
  }

  void reduce(std::uint64_t owner, std::int64_t by) {
    for (resting& r : orders_) {
      if (r.order.owner != owner) continue;
      r.order.size.lots -= by;
      r.visible = std::min(r.visible, r.order.size);
    }
    std::erase_if(orders_, [](const resting& r) { return r.order.size.lots <= 0; });
  }

  /// The answer of `replace`, and what it did.
  placement replace(std::uint64_t owner, level to, std::vector<print>& prints, std::vector<withdrawal>& withdrawals) {
    const auto found = std::find_if(orders_.begin(), orders_.end(), [&](const resting& r) { return r.order.owner == owner; });
    new_order again = found->order;
    again.limit = to.at;
    again.size = to.size;
    if (again.style == order_style::post_only && next_maker(again) != orders_.end()) return placement::would_trade;
    if (to.at == found->order.limit && to.size <= found->order.size) {
      reduce(owner, found->order.size.lots - to.size.lots);
      return placement::waiting;
    }
    orders_.erase(found);
    return work(again, prints, withdrawals);
  }

  [[nodiscard]] std::map<std::int64_t, std::int64_t> shown(side which) const {
    std::map<std::int64_t, std::int64_t> levels;
    for (const resting& r : orders_)
      if (r.order.direction == which) levels[r.order.limit.ticks] += r.visible.lots;
    return levels;
  }
  [[nodiscard]] const std::vector<resting>& orders() const { return orders_; }

 private:
  using iterator = std::vector<resting>::iterator;

  placement work(new_order order, std::vector<print>& prints, std::vector<withdrawal>& withdrawals) {
    const quantity whole = order.size;
    quantity filled;
    for (auto maker = next_maker(order); order.size.lots > 0 && maker != orders_.end(); maker = next_maker(order)) {
      const bool own = order.group != 0 && maker->order.group == order.group;
      if (own && rule_ == self_trade::cancel_newest) return placement::self_trade;
      quantity size = std::min(order.size, maker->visible);
      if (own && rule_ == self_trade::cancel_oldest) size = maker->order.size;
      if (own) {
        withdrawals.emplace_back(maker->order.owner, maker->order.size == size, size.lots);
      } else {
        prints.emplace_back(maker->order.owner, order.owner, maker->order.limit.ticks, size.lots);
        filled += size;
      }
      if (!own || rule_ == self_trade::decrement) order.size -= size;
      take_from(maker, size);
    }
    if (filled == whole) return placement::filled;
    if (order.size.lots == 0) return placement::self_trade;
    if (order.style != order_style::limit && order.style != order_style::post_only) return placement::unfilled;
    orders_.push_back({order, {}, 0});
    show(orders_.back());
    return placement::waiting;
  }

  iterator next_maker(const new_order& taker) {
    const int sign = sign_of(taker.direction);
    auto best = orders_.end();
    for (auto r = orders_.begin(); r != orders_.end(); ++r) {
      if (r->order.direction == taker.direction) continue;
      if (taker.style != order_style::market && sign * (r->order.limit.ticks - taker.limit.ticks) > 0) continue;
      const auto rank = [&](iterator i) { return std::tuple(sign * i->order.limit.ticks, i->turn); };
      if (best == orders_.end() || rank(r) < rank(best)) best = r;
    }
    return best;
  }

  void take_from(iterator maker, quantity size) {
    maker->order.size -= size;
    maker->visible -= size;
    if (maker->order.size.lots == 0) orders_.erase(maker);
    else if (maker->visible.lots == 0) show(*maker);
  }

  void show(resting& r) {
    r.visible = r.order.shown.lots > 0 ? std::min(r.order.shown, r.order.size) : r.order.size;
    r.turn = ++turns_;
  }

  self_trade rule_;
  std::vector<resting> orders_;
  std::uint64_t turns_ = 0;
};

std::map<std::int64_t, std::int64_t> shown_by(const limit_order_book& book, side which) {
  std::map<std::int64_t, std::int64_t> levels;
  book.for_each(which, [&](const level& l) { return levels[l.at.ticks] = l.size.lots, true; });
  return levels;
}

std::int64_t drawn_price(philox& draws, side direction) {
  return 1000 + static_cast<std::int64_t>(draws.below(21)) - (direction == side::buy ? 14 : 6);
}

new_order drawn(philox& draws, std::uint64_t owner) {
  const auto direction = draws.below(2) == 0 ? side::buy : side::sell;
  const auto style = static_cast<order_style>(1 + (draws.below(3) == 0 ? draws.below(5) : 0));
  const auto ticks = drawn_price(draws, direction);
  const auto lots = 1 + static_cast<std::int64_t>(draws.below(30));
  auto order = order_of(direction, style, ticks, lots, owner, draws.below(5) == 0 ? 1 + static_cast<std::int64_t>(draws.below(9)) : 0);
  order.group = static_cast<std::uint32_t>(draws.below(4));
  return order;
}

/// Both books side by side, driven by the same draws; every difference fails.
struct compared_books {
  explicit compared_books(std::uint64_t seed, self_trade rule) : draws(seed), book({}, rule), naive(rule) {}

  void step(std::uint64_t owner) {
    events.clear();
    expected.clear();
    withdrawn.clear();
    if (waiting.empty() || draws.below(2) == 0) return place(owner);
    const auto which = std::next(waiting.begin(), static_cast<std::ptrdiff_t>(draws.below(waiting.size())));
    const auto open = book.open_size(which->second);
    const auto what = draws.below(4);
    if (what < 2) cancel(which->first, which->second, open.has_value());
    else if (what == 2) reduce(which->first, which->second, open);
    else replace(which->first, which->second, open);
    if (what < 2) waiting.erase(which);
  }

  void place(std::uint64_t owner) {
    const new_order order = drawn(draws, owner);
    const placed result = book.place(order, events);
    const placement said = naive.place(order, expected, withdrawn);
    REQUIRE(result.what == said);
    ++seen[result.what];
    fok_filled += order.style == order_style::fok && said == placement::filled ? 1 : 0;
    if (result.what == placement::waiting) waiting[owner] = result.order;
    REQUIRE(traded() == result.filled);
  }
  void cancel(std::uint64_t owner, order_ref order, bool open) {
    REQUIRE(book.cancel(order, events) == open);
    naive.cancel(owner);
  }
  void reduce(std::uint64_t owner, order_ref order, std::optional<quantity> open) {
    const auto by = 1 + static_cast<std::int64_t>(draws.below(20));
    REQUIRE(book.reduce(order, {by}, events) == open.has_value());
    naive.reduce(owner, by);
  }
  void replace(std::uint64_t owner, order_ref order, std::optional<quantity> open) {
    const level to{{1000 + static_cast<std::int64_t>(draws.below(13)) - 6}, {1 + static_cast<std::int64_t>(draws.below(30))}};
    const auto result = book.replace(order, to, events);
    REQUIRE(result.has_value() == open.has_value());
    if (!open) return;
    REQUIRE(result->what == naive.replace(owner, to, expected, withdrawn));
    REQUIRE(traded() == result->filled);
    if (result->what == placement::waiting) waiting[owner] = result->order;
  }

  quantity traded() const {
    quantity sum;
    for (const book_trade& t : events.trades) sum += t.size;
    return sum;
  }

  void compare() {
    std::vector<naive_book::print> prints;
    for (const book_trade& t : events.trades) prints.emplace_back(t.maker, t.taker, t.at.ticks, t.size.lots);
    REQUIRE(prints == expected);
    std::vector<naive_book::withdrawal> taken;
    for (const book_withdrawal& w : events.withdrawals) taken.emplace_back(w.owner, w.done, w.size.lots);
    REQUIRE(taken == withdrawn);
    for (const level_changed& l : events.levels) told[{l.which, l.now.at.ticks}] = l.now.size.lots;
    std::erase_if(told, [](const auto& l) { return l.second == 0; });
    REQUIRE(book.orders() == naive.orders().size());
    for (const side which : {side::buy, side::sell}) {
      REQUIRE(shown_by(book, which) == naive.shown(which));
      for (const auto& [ticks, lots] : naive.shown(which)) REQUIRE(told.at({which, ticks}) == lots);
      REQUIRE(static_cast<std::size_t>(std::count_if(told.begin(), told.end(), [&](const auto& l) { return l.first.first == which; })) ==
              book.levels(which));
    }
    if (book.best(side::buy) && book.best(side::sell)) REQUIRE(book.best(side::buy)->at < book.best(side::sell)->at);
  }

  philox draws;
  limit_order_book book;
  naive_book naive;
  std::map<std::uint64_t, order_ref> waiting;
  std::map<std::pair<side, std::int64_t>, std::int64_t> told;
  book_events events;
  std::vector<naive_book::print> expected;
  std::vector<naive_book::withdrawal> withdrawn;
  std::map<placement, int> seen;
  int fok_filled = 0;
};

}  // namespace

TEST_CASE("the book does what the plainest list of orders does, trade by trade and level by level") {
  for (const self_trade rule : {self_trade::cancel_newest, self_trade::cancel_oldest, self_trade::decrement}) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      compared_books both(seed, rule);
      for (std::uint64_t owner = 1; owner <= 3000; ++owner) {
        both.step(owner);
        both.compare();
      }
      for (const placement each : {placement::waiting, placement::filled, placement::unfilled, placement::would_trade}) CHECK(both.seen[each] > 10);
      CHECK((rule == self_trade::cancel_oldest || both.seen[placement::self_trade] > 10));
      CHECK(both.fok_filled > 5);
    }
  }
}

TEST_CASE("what must be filled wholly counts what icebergs hide, and not its own group's orders") {
  const auto fok = [](std::int64_t lots, std::uint32_t group = 0) {
    auto order = order_of(side::buy, order_style::fok, 101, lots, 9);
    order.group = group;
    return order;
  };
  for (const self_trade rule : {self_trade::cancel_newest, self_trade::cancel_oldest, self_trade::decrement}) {
    limit_order_book book({}, rule);
    book_events events;
    book.place(order_of(side::sell, order_style::limit, 100, 20, 1, 5), events);
    auto own = order_of(side::sell, order_style::limit, 100, 10, 2);
    own.group = 7;
    book.place(own, events);
    book.place(order_of(side::sell, order_style::limit, 102, 50, 3), events);
    events.clear();
    CHECK(book.place(fok(31), events).what == placement::unfilled);
    CHECK(book.place(fok(21, 7), events).what == placement::unfilled);
    CHECK(events.trades.empty());
    CHECK(events.levels.empty());
    CHECK(events.withdrawals.empty());
    const bool past_own = rule == self_trade::cancel_oldest;
    CHECK(book.place(fok(20, 7), events).what == (past_own ? placement::filled : placement::unfilled));
    CHECK(events.withdrawals.size() == (past_own ? 1 : 0));
    if (!past_own) CHECK(book.place(fok(5, 7), events).what == placement::filled);
  }
}

TEST_CASE("a smaller size keeps an order's place and name, a larger one or another price loses both") {
  limit_order_book book;
  book_events events;
  const auto first = book.place(order_of(side::buy, order_style::limit, 10, 8, 1), events).order;
  book.place(order_of(side::buy, order_style::limit, 10, 8, 2), events);
  CHECK(book.replace(first, {{10}, {5}}, events)->order == first);
  CHECK(book.reduce(first, {2}, events));
  CHECK(book.open_size(first) == quantity{3});
  CHECK_FALSE(book.reduce(first, {0}, events));
  CHECK(book.shown_at(side::buy, {10}) == quantity{11});
  events.clear();
  book.place(order_of(side::sell, order_style::ioc, 10, 4, 3), events);
  REQUIRE(events.trades.size() == 2);
  CHECK(events.trades[0].maker == 1);
  CHECK(events.trades[0].maker_done);
  CHECK_FALSE(book.replace(first, {{10}, {9}}, events));
  const auto third = book.place(order_of(side::buy, order_style::post_only, 9, 2, 4), events).order;
  book.place(order_of(side::sell, order_style::limit, 11, 1, 5), events);
  CHECK(book.replace(third, {{11}, {2}}, events)->what == placement::would_trade);
  CHECK(book.replace(third, {{9}, {0}}, events)->what == placement::invalid);
  CHECK(book.open_size(third) == quantity{2});
  const auto moved = book.replace(third, {{10}, {2}}, events);
  CHECK(moved->what == placement::waiting);
  CHECK_FALSE(book.open_size(third));
  CHECK(book.reduce(moved->order, {2}, events));
  CHECK_FALSE(book.open_size(moved->order));
}

TEST_CASE("an iceberg shows its parts one after the other, each behind what waited meanwhile") {
  limit_order_book book;
  book_events events;
  book.place(order_of(side::sell, order_style::limit, 100, 25, 1, 10), events);
  book.place(order_of(side::sell, order_style::limit, 100, 5, 2), events);
  CHECK(book.shown_at(side::sell, {100}) == quantity{15});
  events.clear();
  const placed taken = book.place(order_of(side::buy, order_style::market, 0, 28, 3), events);
  CHECK(taken.what == placement::filled);
  REQUIRE(events.trades.size() == 4);
  const std::uint64_t makers[] = {1, 2, 1, 1};
  const std::int64_t lots[] = {10, 5, 10, 3};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(events.trades[i].maker == makers[i]);
    CHECK(events.trades[i].size == quantity{lots[i]});
    CHECK(events.trades[i].maker_done == (i == 1));
  }
  CHECK(book.shown_at(side::sell, {100}) == quantity{2});
}

TEST_CASE("a name of an order that is over names nothing, even when its place is used again") {
  limit_order_book book;
  book_events events;
  const auto first = book.place(order_of(side::buy, order_style::limit, 10, 1), events).order;
  CHECK(book.cancel(first, events));
  const auto second = book.place(order_of(side::buy, order_style::limit, 11, 4), events).order;
  CHECK(second.place == first.place);
  CHECK_FALSE(book.cancel(first, events));
  CHECK(book.open_size(second) == quantity{4});
  CHECK_FALSE(book.cancel({77, 0}, events));
}

TEST_CASE("what cannot be an order, and what would not fit, is refused with a word for it") {
  limit_order_book book({.orders_max = 3, .levels_max = 2});
  book_events events;
  CHECK(book.place(order_of(side::buy, order_style::limit, 10, 0), events).what == placement::invalid);
  CHECK(book.place(order_of(side::buy, order_style::limit, 0, 5), events).what == placement::invalid);
  CHECK(book.place(order_of(side::buy, order_style::limit, 10, 5, 0, -1), events).what == placement::invalid);
  CHECK(book.place(order_of(side::buy, order_style::market, 0, 5), events).what == placement::unfilled);
  CHECK(book.place(order_of(side::buy, order_style::limit, 10, 5), events).what == placement::waiting);
  CHECK(book.place(order_of(side::buy, order_style::limit, 9, 5), events).what == placement::waiting);
  CHECK(book.place(order_of(side::buy, order_style::limit, 8, 5), events).what == placement::too_many);  // a third level
  CHECK(book.place(order_of(side::buy, order_style::limit, 9, 5), events).what == placement::waiting);
  CHECK(book.place(order_of(side::buy, order_style::limit, 9, 5), events).what == placement::too_many);  // a fourth order
  CHECK(book.place(order_of(side::sell, order_style::post_only, 10, 1), events).what == placement::would_trade);
  CHECK(book.orders() == 3);
  CHECK(events.trades.empty());
}
