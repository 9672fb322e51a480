#include "continued.hpp"
#include "remora/base/random.hpp"
#include "remora/signal/iceberg_detector.hpp"
#include "remora/signal/wall_tracker.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

timestamp at_ms(std::int64_t ms) { return timestamp(milliseconds(ms)); }

level_print sold_into(std::int64_t ticks, std::int64_t lots, std::int64_t shown, std::int64_t ms) {
  return {side::buy, {ticks}, {lots}, {shown}, at_ms(ms)};
}

level_change bid_changed(std::int64_t ticks, std::int64_t before, std::int64_t after, std::int64_t ms) {
  return {side::buy, {ticks}, {before}, {after}, at_ms(ms)};
}

/// Ten lots are eaten up at 100 and ten are back 5 ms later.
std::optional<iceberg> refill(iceberg_detector& detector, std::int64_t ms, std::int64_t back_after = 5) {
  detector.add(sold_into(100, 10, 10, ms));
  detector.add(bid_changed(100, 10, 0, ms + 1));
  return detector.add(bid_changed(100, 0, 10, ms + 1 + back_after));
}

/// A book of ten levels a side around 10,000.5 with sizes near ten.
struct quiet_book {
  philox draws{7};
  std::array<level, 10> bids{}, asks{};
  std::int64_t best_bid = 10'000;

  [[nodiscard]] book_top top() {
    for (std::size_t i = 0; i < 10; ++i) {
      bids[i] = {{best_bid - static_cast<std::int64_t>(i)}, {8 + static_cast<std::int64_t>(draws.below(5))}};
      asks[i] = {{best_bid + 1 + static_cast<std::int64_t>(i)}, {8 + static_cast<std::int64_t>(draws.below(5))}};
    }
    return {bids, asks};
  }
};

/// A tracker that has seen the sizes of a quiet book; the clock stands at 30 s afterwards.
wall_tracker experienced(quiet_book& book, const wall_settings& settings = {}) {
  wall_tracker walls(settings);
  for (int second = 0; second <= 30; ++second) walls.add(book.top(), at_ms(second * 1000));
  return walls;
}

}  // namespace

TEST_CASE("a level that is eaten up and comes back three times is an iceberg, told once") {
  iceberg_detector detector;
  CHECK_FALSE(refill(detector, 0));
  CHECK_FALSE(refill(detector, 1000));
  const auto found = refill(detector, 2000);
  REQUIRE(found);
  CHECK(found->which == side::buy);
  CHECK(found->at.ticks == 100);
  CHECK(found->refills == 3);
  CHECK(found->peak.lots == 10);
  CHECK(found->hidden.lots == 30);
  CHECK(found->confidence == Approx(0.875));
  CHECK_FALSE(refill(detector, 3000));
  CHECK(detector.strongest(side::buy, at_ms(3100))->refills == 4);
  CHECK_FALSE(detector.strongest(side::sell, at_ms(3100)));
  CHECK_FALSE(detector.strongest(side::buy, at_ms(70'000)));
}

TEST_CASE("a level that comes back after more than fifty milliseconds is a new order") {
  iceberg_detector detector;
  for (int i = 0; i < 6; ++i) CHECK_FALSE(refill(detector, 1000 * i, 60));
  CHECK_FALSE(detector.strongest(side::buy, at_ms(6000)));
}

TEST_CASE("prints that leave a level as it was betray an iceberg without any change of the book") {
  iceberg_detector detector;
  int found = 0;
  for (int i = 0; i < 4; ++i) found += detector.add(sold_into(100, 10, 10, 300 * i)).has_value() ? 1 : 0;
  CHECK(found == 1);  // at the fourth print the three before it have stayed without consequence
}

TEST_CASE("what is executed beyond the size shown is hidden volume") {
  iceberg_detector detector;
  for (int i = 0; i < 3; ++i) {
    detector.add(sold_into(100, 35, 10, 1000 * i));
    detector.add(bid_changed(100, 10, 8, 1000 * i + 1));
    detector.add(bid_changed(100, 8, 10, 1000 * i + 500));
  }
  const auto found = detector.strongest(side::buy, at_ms(3000));
  REQUIRE(found);
  CHECK(found->hidden.lots == 3 * 33);
  CHECK(found->peak.lots == 8);
}

TEST_CASE("ordinary orders are no iceberg, whether prints or changes of the book come first") {
  for (const bool print_first : {true, false}) {
    iceberg_detector detector;
    philox draws(3);
    std::int64_t shown = 500, now = 0;
    for (int i = 0; i < 2000; ++i) {
      now += 100;
      const auto lots = 1 + static_cast<std::int64_t>(draws.below(20));
      const level_change change = bid_changed(100, shown, shown - lots, now + (print_first ? 3 : 0));
      std::optional<iceberg> found;
      if (print_first) found = detector.add(sold_into(100, lots, shown, now));
      if (!found) found = detector.add(change);
      shown -= lots;
      if (!print_first && !found) found = detector.add(sold_into(100, lots, shown, now + 3));
      REQUIRE_FALSE(found);
      if (shown < 100) {
        CHECK_FALSE(detector.add(bid_changed(100, shown, shown + 400, now + 60)));
        shown += 400;
      }
    }
    CHECK_FALSE(detector.strongest(side::buy, at_ms(now)));
  }
}

TEST_CASE("the levels watched are bounded, and an idle one is forgotten") {
  iceberg_settings settings;
  settings.levels_max = 4;
  iceberg_detector detector(settings);
  for (int i = 0; i < 100; ++i) detector.add(sold_into(100 + i, 5, 10, i));
  CHECK(detector.count() == 4);
  iceberg_detector patient;
  refill(patient, 0);
  refill(patient, 1000);
  CHECK_FALSE(refill(patient, 100'000));
}

TEST_CASE("the iceberg detector refuses what is no print or change, and time that runs backwards") {
  iceberg_detector detector;
  detector.add(sold_into(100, 10, 10, 1000));
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  for (const auto& bad : {sold_into(0, 1, 1, 2000), sold_into(100, 0, 1, 2000), sold_into(100, -1, 1, 2000), sold_into(100, huge, 1, 2000),
                          sold_into(100, 1, -1, 2000), sold_into(100, 1, 1, 999)})
    CHECK_FALSE(detector.add(bad));
  for (const auto& bad : {bid_changed(-1, 1, 2, 2000), bid_changed(100, -1, 2, 2000), bid_changed(100, 1, huge, 2000),
                          bid_changed(100, 1, 2, 999)})
    CHECK_FALSE(detector.add(bad));
  CHECK(detector.refused() == 10);
  CHECK(detector.count() == 1);
}

TEST_CASE("ordinary sizes are no walls, and nothing is a wall before sizes were seen") {
  quiet_book book;
  wall_tracker fresh;
  fresh.add(book.top(), at_ms(0));
  fresh.add(bid_changed(9'995, 10, 500, 1));
  CHECK_FALSE(fresh.largest(side::buy, at_ms(20'000)));
  const wall_tracker walls = experienced(book);
  CHECK_FALSE(walls.largest(side::buy, at_ms(40'000)));
  CHECK_FALSE(walls.pressure(at_ms(40'000)));
}

TEST_CASE("a level ten times its side's median is a wall after five seconds, and supports its side") {
  quiet_book book;
  wall_tracker walls = experienced(book);
  REQUIRE(walls.add(bid_changed(9'992, 10, 100, 30'000)));
  CHECK_FALSE(walls.largest(side::buy, at_ms(34'999)));
  const auto found = walls.largest(side::buy, at_ms(35'000));
  REQUIRE(found);
  CHECK(found->at.ticks == 9'992);
  CHECK(found->size.lots == 100);
  CHECK_FALSE(found->tested);
  CHECK(found->spoof_score == 0);
  CHECK(*walls.pressure(at_ms(35'000)) == 1);
  walls.add(level_change{side::sell, {10'020}, {0}, {300}, at_ms(35'000)});
  CHECK(*walls.pressure(at_ms(40'000)) == Approx(-0.5));
}

TEST_CASE("a wall is tested when the touch comes within two ticks, and lost from sight beyond 25 basis points") {
  quiet_book book;
  wall_tracker walls = experienced(book);
  walls.add(bid_changed(9'992, 10, 100, 30'000));
  book.best_bid = 9'994;
  walls.add(book.top(), at_ms(31'000));
  CHECK(walls.largest(side::buy, at_ms(35'000))->tested);
  book.best_bid = 10'020;
  walls.add(book.top(), at_ms(36'000));
  CHECK_FALSE(walls.largest(side::buy, at_ms(36'000)));
  CHECK(walls.count() == 0);
  CHECK(walls.survival(2, seconds(600)) == 1.0);  // 8.5 ticks of 10,000 at birth
  walls.add(bid_changed(9'900, 10, 1000, 37'000));
  CHECK_FALSE(walls.largest(side::buy, at_ms(50'000)));  // 120 basis points away
}

TEST_CASE("a wall that is traded away was honest, also when its prints come after its fall") {
  quiet_book book;
  wall_tracker walls = experienced(book);
  walls.add(bid_changed(9'999, 10, 100, 30'000));
  walls.add(sold_into(9'999, 60, 100, 36'000));
  walls.add(bid_changed(9'999, 100, 0, 36'001));
  walls.add(sold_into(9'999, 40, 0, 36'060));
  walls.add(book.top(), at_ms(38'000));
  CHECK(walls.count() == 1);
  CHECK_FALSE(walls.last_cancelled());
  walls.add(bid_changed(9'998, 10, 100, 40'000));
  CHECK(walls.largest(side::buy, at_ms(46'000))->spoof_score == 0);
}

TEST_CASE("a wall pulled when the touch is near, with aggression of the other side after it, is a spoof") {
  quiet_book book;
  wall_tracker walls = experienced(book);
  walls.add(bid_changed(9'999, 10, 100, 30'000));
  walls.add(bid_changed(9'999, 100, 0, 36'000));
  walls.add(sold_into(10'000, 15, 20, 36'500));
  CHECK_FALSE(walls.last_cancelled());
  walls.add(book.top(), at_ms(37'500));
  REQUIRE(walls.last_cancelled());
  CHECK(walls.last_cancelled()->spoof_score == Approx(0.85));
  CHECK(walls.last_cancelled()->age == seconds(6));
  walls.add(bid_changed(9'998, 10, 100, 38'000));
  const auto next = walls.largest(side::buy, at_ms(44'000));
  REQUIRE(next);
  CHECK(next->spoof_score == Approx(0.85));  // by its side's past
  CHECK(*walls.pressure(at_ms(44'000)) == -1);
  CHECK(walls.largest(side::buy, at_ms(700'000))->spoof_score == 0);  // ten minutes forgive
}

TEST_CASE("a wall pulled while young is the clearest spoof, but says nothing of the walls that stand") {
  quiet_book book;
  wall_tracker walls = experienced(book);
  walls.add(bid_changed(9'999, 10, 100, 30'000));
  walls.add(bid_changed(9'999, 100, 0, 32'000));
  walls.add(sold_into(10'000, 15, 20, 32'500));
  walls.add(book.top(), at_ms(33'500));
  REQUIRE(walls.last_cancelled());
  CHECK(walls.last_cancelled()->spoof_score == Approx(1.0));
  CHECK(walls.count() == 1);
  walls.add(bid_changed(9'998, 10, 100, 34'000));
  CHECK(walls.largest(side::buy, at_ms(40'000))->spoof_score == 0);
}

TEST_CASE("buying after a bid wall is pulled, or aggression too small or too late, adds nothing to its score") {
  quiet_book book;
  const level_print bought{side::sell, {10'001}, {90}, {100}, at_ms(42'500)};
  for (const level_print& print : {bought, sold_into(10'000, 9, 20, 42'500), sold_into(10'000, 90, 20, 43'500)}) {
    wall_tracker walls = experienced(book);
    walls.add(bid_changed(9'992, 10, 100, 30'000));
    walls.add(bid_changed(9'992, 100, 0, 42'000));
    walls.add(print);
    walls.add(book.top(), at_ms(44'000));
    CHECK(walls.last_cancelled()->spoof_score == Approx(0.4));
  }
}

TEST_CASE("survival of walls by distance is Kaplan and Meier's of those that were cancelled") {
  quiet_book book;
  wall_tracker walls = experienced(book);
  for (const std::int64_t lived : {1500, 3000, 15'000}) {
    const std::int64_t born = 100'000 * (lived / 1000);
    walls.add(bid_changed(9'998, 10, 100, born));
    walls.add(bid_changed(9'998, 100, 0, born + lived));
    walls.add(book.top(), at_ms(born + lived + 1500));
  }
  REQUIRE(walls.count() == 3);
  CHECK(*walls.survival(1, milliseconds(900)) == Approx(1));
  CHECK(*walls.survival(1, seconds(1)) == Approx(2.0 / 3));
  CHECK(*walls.survival(1, seconds(2)) == Approx(1.0 / 3));
  CHECK(*walls.survival(1, seconds(10)) == Approx(0));
  CHECK_FALSE(walls.survival(3, seconds(1)));
  CHECK_FALSE(walls.survival(99, seconds(1)));
}

TEST_CASE("walls watched are bounded, those passed over are counted, and a break forgets them") {
  quiet_book book;
  wall_settings settings;
  settings.walls_max = 3;
  wall_tracker walls = experienced(book, settings);
  for (int i = 0; i < 5; ++i) walls.add(bid_changed(9'995 - i, 10, 100, 30'000));
  CHECK(walls.passed_over() == 2);
  walls.restart();
  CHECK_FALSE(walls.largest(side::buy, at_ms(90'000)));
}

TEST_CASE("the wall tracker refuses what is no change, print or book, and time that runs backwards") {
  quiet_book book;
  wall_tracker walls = experienced(book);
  const std::string before = state_of(walls);
  CHECK_FALSE(walls.add(bid_changed(9'992, 10, 100, 29'000)));
  CHECK_FALSE(walls.add(bid_changed(0, 10, 100, 31'000)));
  CHECK_FALSE(walls.add(bid_changed(9'992, 10, -100, 31'000)));
  CHECK_FALSE(walls.add(sold_into(9'992, 0, 10, 31'000)));
  CHECK_FALSE(walls.add(sold_into(9'992, 5, 10, 29'000)));
  CHECK_FALSE(walls.add(book.top(), at_ms(29'000)));
  book_top crossed = book.top();
  std::swap(crossed.bids, crossed.asks);
  CHECK_FALSE(walls.add(crossed, at_ms(31'000)));
  CHECK_FALSE(walls.add(book_top{}, at_ms(31'000)));
  CHECK(state_of(walls) == before);
}

TEST_CASE("detectors of the book go on with the same bits after a restart") {
  struct event {
    std::uint64_t kind = 0;
    std::int64_t ticks = 0, lots = 0, shown = 0, ms = 0;
  };
  philox draws(9);
  std::vector<event> events;
  std::int64_t now = 0;
  for (int i = 0; i < 3000; ++i) {
    now += static_cast<std::int64_t>(draws.below(200));
    const auto size = [&] { return static_cast<std::int64_t>(draws.uniform() < 0.1 ? draws.below(400) : draws.below(12)); };
    const auto ticks = 9'990 + static_cast<std::int64_t>(draws.below(11));
    const std::int64_t lots = size(), shown = size();
    events.push_back({draws.below(3), ticks, lots, shown, now});
  }
  quiet_book book;
  const book_top top = book.top();
  CHECK(continues(iceberg_detector(), events, [](iceberg_detector& detector, const event& e) {
    if (e.kind == 0)
      detector.add(sold_into(e.ticks, e.lots, e.shown, e.ms));
    else
      detector.add(bid_changed(e.ticks, e.shown, e.lots, e.ms));
  }));
  CHECK(continues(wall_tracker(), events, [&](wall_tracker& walls, const event& e) {
    if (e.kind == 0)
      walls.add(sold_into(e.ticks, e.lots, e.shown, e.ms));
    else if (e.kind == 1)
      walls.add(bid_changed(e.ticks, e.shown, e.lots, e.ms));
    else
      walls.add(top, at_ms(e.ms));
  }));
}
