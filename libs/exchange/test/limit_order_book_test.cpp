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

  void place(new_order order, std::vector<print>& prints) {
    if (order.style == order_style::post_only && next_maker(order) != orders_.end()) return;
    for (auto maker = next_maker(order); order.size.lots > 0 && maker != orders_.end(); maker = next_maker(order)) trade(order, maker, prints);
    if (order.size.lots > 0 && (order.style == order_style::limit || order.style == order_style::post_only)) {
      orders_.push_back({order, {}, 0});
      show(orders_.back());
    }
  }

  void cancel(std::uint64_t owner) {
    std::erase_if(orders_, [&](const resting& r) { return r.order.owner == owner; });
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

  void trade(new_order& taker, iterator maker, std::vector<print>& prints) {
    const quantity size = std::min(taker.size, maker->visible);
    prints.emplace_back(maker->order.owner, taker.owner, maker->order.limit.ticks, size.lots);
    taker.size -= size;
    maker->order.size -= size;
    maker->visible -= size;
    if (maker->order.size.lots == 0) orders_.erase(maker);
    else if (maker->visible.lots == 0) show(*maker);
  }

  void show(resting& r) {
    r.visible = r.order.shown.lots > 0 ? std::min(r.order.shown, r.order.size) : r.order.size;
    r.turn = ++turns_;
  }

  std::vector<resting> orders_;
  std::uint64_t turns_ = 0;
};

std::map<std::int64_t, std::int64_t> shown_by(const limit_order_book& book, side which) {
  std::map<std::int64_t, std::int64_t> levels;
  book.for_each(which, [&](const level& l) { return levels[l.at.ticks] = l.size.lots, true; });
  return levels;
}

new_order drawn(philox& draws, std::uint64_t owner) {
  const auto direction = draws.below(2) == 0 ? side::buy : side::sell;
  const auto style = static_cast<order_style>(1 + (draws.below(3) == 0 ? draws.below(4) : 0));
  const auto ticks = 1000 + static_cast<std::int64_t>(draws.below(21)) - (direction == side::buy ? 14 : 6);
  const auto lots = 1 + static_cast<std::int64_t>(draws.below(30));
  return order_of(direction, style, ticks, lots, owner, draws.below(5) == 0 ? 1 + static_cast<std::int64_t>(draws.below(9)) : 0);
}

}  // namespace

TEST_CASE("the book does what the plainest list of orders does, trade by trade and level by level") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    philox draws(seed);
    limit_order_book book;
    naive_book naive;
    std::map<std::uint64_t, order_ref> waiting;
    std::map<std::pair<side, std::int64_t>, std::int64_t> told;
    book_events events;
    for (std::uint64_t owner = 1; owner <= 1500; ++owner) {
      events.clear();
      std::vector<naive_book::print> expected, seen;
      if (!waiting.empty() && draws.below(3) == 0) {
        const auto which = std::next(waiting.begin(), static_cast<std::ptrdiff_t>(draws.below(waiting.size())));
        const bool open = book.open_size(which->second).has_value();
        REQUIRE(book.cancel(which->second, events) == open);
        naive.cancel(which->first);
        waiting.erase(which);
      } else {
        const new_order order = drawn(draws, owner);
        const placed result = book.place(order, events);
        naive.place(order, expected);
        if (result.what == placement::waiting) waiting[owner] = result.order;
        quantity filled;
        for (const book_trade& t : events.trades) seen.emplace_back(t.maker, t.taker, t.at.ticks, t.size.lots), filled += t.size;
        REQUIRE(filled == result.filled);
      }
      REQUIRE(seen == expected);
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
  }
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
