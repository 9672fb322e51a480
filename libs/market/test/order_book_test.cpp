#include "remora/market/order_book.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

using namespace remora;

namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

/// The same book in the most obvious way.
struct plain_book {
  std::map<std::int64_t, std::int64_t> bids, asks;

  void apply(side which, level value) {
    auto& half = which == side::buy ? bids : asks;
    if (value.size.lots > 0) half[value.at.ticks] = value.size.lots;
    else half.erase(value.at.ticks);
  }
  [[nodiscard]] std::vector<level> levels(side which) const {
    std::vector<level> all;
    for (const auto& [ticks, lots] : which == side::buy ? bids : asks) all.push_back({{ticks}, {lots}});
    if (which == side::buy) std::reverse(all.begin(), all.end());
    return all;
  }
};

void require_equal(const order_book& book, const plain_book& expected) {
  for (const side which : {side::buy, side::sell}) {
    const auto all = expected.levels(which);
    REQUIRE(book.level_count(which) == all.size());
    REQUIRE(book.levels(which, all.size() + 1) == all);
    REQUIRE(book.best(which) == (all.empty() ? std::nullopt : std::optional(all.front())));
  }
}

void apply_both(order_book& book, plain_book& expected, side which, level value) {
  book.apply(which, value);
  expected.apply(which, value);
  const auto all = which == side::buy ? std::pair(expected.bids.empty(), expected.bids.empty() ? 0 : expected.bids.rbegin()->first)
                                      : std::pair(expected.asks.empty(), expected.asks.empty() ? 0 : expected.asks.begin()->first);
  REQUIRE(book.best(which).has_value() != all.first);
  if (!all.first) REQUIRE(book.best(which)->at.ticks == all.second);
  REQUIRE(book.size_at(which, value.at).lots == std::max<std::int64_t>(value.size.lots, 0));
}

std::int64_t drawn(philox& random, std::int64_t spread) {
  return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * spread + 1))) - spread;
}

}  // namespace

TEST_CASE("an empty book has no best price and is not crossed") {
  const order_book book;
  CHECK(!book.best(side::buy));
  CHECK(!book.best(side::sell));
  CHECK(!book.crossed());
  CHECK(book.levels(side::buy, 5).empty());
  CHECK(book.size_at(side::sell, {100}) == quantity{0});
}

TEST_CASE("levels stand best first and zero removes them") {
  order_book book;
  for (const std::int64_t ticks : {100, 98, 99}) book.apply(side::buy, {{ticks}, {ticks * 10}});
  for (const std::int64_t ticks : {103, 101, 102}) book.apply(side::sell, {{ticks}, {ticks * 10}});
  CHECK(book.levels(side::buy, 2) == std::vector<level>{{{100}, {1000}}, {{99}, {990}}});
  CHECK(book.levels(side::sell, 9) == std::vector<level>{{{101}, {1010}}, {{102}, {1020}}, {{103}, {1030}}});
  CHECK(book.levels(side::sell, 0).empty());
  book.apply(side::buy, {{100}, {0}});
  book.apply(side::buy, {{55}, {0}});
  CHECK(book.best(side::buy) == level{{99}, {990}});
  CHECK(book.level_count(side::buy) == 2);
  book.apply(side::buy, {{99}, {-1}});
  CHECK(book.best(side::buy) == level{{98}, {980}});
  book.clear();
  CHECK(book.level_count(side::buy) + book.level_count(side::sell) == 0);
}

TEST_CASE("a book is crossed when the best bid reaches the best ask") {
  order_book book;
  book.apply(side::buy, {{100}, {1}});
  CHECK(!book.crossed());
  book.apply(side::sell, {{101}, {1}});
  CHECK(!book.crossed());
  book.apply(side::buy, {{101}, {1}});
  CHECK(book.crossed());
  book.apply(side::buy, {{101}, {0}});
  CHECK(!book.crossed());
}

TEST_CASE("the first part of a snapshot replaces the book, further parts add to it") {
  order_book book;
  book.apply(side::buy, {{1}, {1}});
  book.apply(book_snapshot{instrument_id{1}, 5, true, false, {{{10}, {1}}}, {{{20}, {1}}}});
  book.apply(book_snapshot{instrument_id{1}, 5, false, true, {{{9}, {2}}}, {}});
  book.apply(book_changed{instrument_id{1}, 6, 6, {{{10}, {7}}}, {{{20}, {0}}, {{21}, {3}}}, {}});
  CHECK(book.levels(side::buy, 9) == std::vector<level>{{{10}, {7}}, {{9}, {2}}});
  CHECK(book.levels(side::sell, 9) == std::vector<level>{{{21}, {3}}});
}

TEST_CASE("a visit goes from the touch outward and stops when told to") {
  order_book book;
  for (std::int64_t ticks = 0; ticks < 100'000; ticks += 5'000) book.apply(side::sell, {{ticks}, {1}});
  std::vector<std::int64_t> seen;
  book.for_each(side::sell, [&](const level& each) {
    seen.push_back(each.at.ticks);
    return seen.size() < 7;
  });
  CHECK(seen == std::vector<std::int64_t>{0, 5'000, 10'000, 15'000, 20'000, 25'000, 30'000});
}

TEST_CASE("the most extreme prices are held in order") {
  order_book book;
  for (const side which : {side::buy, side::sell}) {
    for (const std::int64_t ticks : {largest, std::int64_t{0}, smallest, largest - 1, smallest + 1}) {
      book.apply(which, {{ticks}, {largest}});
    }
    CHECK(book.level_count(which) == 5);
  }
  CHECK(book.best(side::buy)->at.ticks == largest);
  CHECK(book.best(side::sell)->at.ticks == smallest);
  CHECK(book.levels(side::sell, 9).back().at.ticks == largest);
  for (const std::int64_t ticks : {smallest, smallest + 1, std::int64_t{0}}) book.apply(side::sell, {{ticks}, {0}});
  CHECK(book.best(side::sell)->at.ticks == largest - 1);
}

TEST_CASE("a book equals a plain map on random streams, wherever the touch goes") {
  struct style { std::int64_t centre_step, spread; double removal; };
  const style styles[] = {{1, 50, 0.5},      {40, 3'000, 0.45}, {900, 20'000, 0.6},
                          {30'000, 100, 0.7}, {3, 5, 0.8},       {5'000'000'000, 40'000, 0.5}};
  std::uint64_t seed = 0;
  for (const style& how : styles) {
    CAPTURE(++seed);
    philox random(seed);
    order_book book;
    plain_book expected;
    std::int64_t centre = 1'000'000;
    for (int step = 0; step < 20'000; ++step) {
      centre += drawn(random, how.centre_step);
      const side which = random.below(2) == 0 ? side::buy : side::sell;
      const auto& known = which == side::buy ? expected.bids : expected.asks;
      std::int64_t ticks = centre + drawn(random, how.spread);
      const bool removal = random.uniform() < how.removal;
      if (removal && !known.empty()) {  // mostly a level that exists, often the best
        const auto near = known.lower_bound(ticks);
        ticks = random.below(3) == 0 ? (which == side::buy ? known.rbegin()->first : known.begin()->first)
                                     : (near == known.end() ? known.begin()->first : near->first);
      }
      apply_both(book, expected, which, {{ticks}, {removal ? 0 : static_cast<std::int64_t>(1 + random.below(1000))}});
      if (step % 500 == 0) require_equal(book, expected);
      if (step % 7'000 == 6'999) {
        book.clear();
        expected = {};
      }
    }
    require_equal(book, expected);
  }
}

TEST_CASE("a book that runs empty from the touch outward stays right to the last level") {
  philox random(5);
  order_book book;
  plain_book expected;
  for (int i = 0; i < 3000; ++i) apply_both(book, expected, side::buy, {{drawn(random, 60'000)}, {1 + i}});
  while (!expected.bids.empty()) apply_both(book, expected, side::buy, {{expected.bids.rbegin()->first}, {0}});
  CHECK(book.level_count(side::buy) == 0);
  apply_both(book, expected, side::buy, {{-1'000'000}, {3}});
  require_equal(book, expected);
}

TEST_CASE("an archived book comes back equal and goes on equal") {
  philox random(9);
  order_book book;
  plain_book expected;
  for (int i = 0; i < 2000; ++i) apply_both(book, expected, i % 2 == 0 ? side::buy : side::sell, {{drawn(random, 30'000)}, {1 + i}});
  state_writer writer;
  writer(book);
  require_equal(book, expected);

  order_book restored;
  restored.apply(side::buy, {{77}, {7}});  // must not survive
  state_reader reader(writer.bytes());
  reader(restored);
  REQUIRE(reader.complete());
  require_equal(restored, expected);
  for (int i = 0; i < 500; ++i) apply_both(restored, expected, side::sell, {{drawn(random, 90'000)}, {drawn(random, 5)}});
  require_equal(restored, expected);
}
