#include "remora/market/book_sync.hpp"

#include "remora/base/archive.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace remora;

namespace {

depth_update spot(std::uint64_t first, std::uint64_t last) {
  depth_update update;
  update.first_update_id = first;
  update.update_id = last;
  return update;
}

depth_update futures(std::uint64_t previous, std::uint64_t first, std::uint64_t last) {
  depth_update update = spot(first, last);
  update.previous_update_id = previous;
  return update;
}

depth_snapshot snapshot(std::uint64_t id) {
  depth_snapshot whole;
  whole.update_id = id;
  return whole;
}

std::vector<std::uint64_t> ids(const snapshot_answer& answer) {
  std::vector<std::uint64_t> found;
  for (const depth_update& update : answer.updates) found.push_back(update.update_id);
  return found;
}

using id_list = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("updates before the snapshot are kept and those that follow it are given back") {
  book_sync sync(sync_rule::consecutive);
  CHECK(sync.take(spot(90, 95)) == sync_verdict::buffered);
  CHECK(sync.take(spot(96, 102)) == sync_verdict::buffered);
  CHECK(sync.take(spot(103, 103)) == sync_verdict::buffered);
  CHECK(sync.first_buffered_id() == 90);
  const auto answer = sync.take(snapshot(100));
  CHECK(answer.verdict == snapshot_verdict::adopted);
  CHECK(ids(answer) == id_list{102, 103});
  CHECK(sync.in_step());
  CHECK(sync.update_id() == 103);
  CHECK(sync.counters().ignored == 1);
  CHECK(sync.counters().applied == 2);
  CHECK(sync.counters().bridged == 1);
  CHECK(sync.take(spot(104, 110)) == sync_verdict::apply);
}

TEST_CASE("spot: the first update may start right behind the snapshot or overlap it") {
  for (const std::uint64_t first : {50u, 100u, 101u}) {
    book_sync sync(sync_rule::consecutive);
    CHECK(sync.take(snapshot(100)).verdict == snapshot_verdict::adopted);
    CHECK(!sync.in_step());
    CHECK(sync.take(spot(first, 101)) == sync_verdict::apply);
    CHECK(sync.in_step());
  }
  book_sync sync(sync_rule::consecutive);
  (void)sync.take(snapshot(100));
  CHECK(sync.take(spot(99, 100)) == sync_verdict::ignore);
  CHECK(!sync.in_step());
  CHECK(sync.take(spot(102, 103)) == sync_verdict::gap);
  CHECK(sync.current() == book_sync::state::waiting);
}

TEST_CASE("spot: stale and repeated updates are ignored, a hole is a gap until the next snapshot") {
  book_sync sync(sync_rule::consecutive);
  (void)sync.take(snapshot(100));
  CHECK(sync.take(spot(101, 105)) == sync_verdict::apply);
  CHECK(sync.take(spot(101, 105)) == sync_verdict::ignore);
  CHECK(sync.take(spot(99, 101)) == sync_verdict::ignore);
  CHECK(sync.take(spot(104, 107)) == sync_verdict::apply);  // overlaps, nothing is missing
  CHECK(sync.take(spot(109, 110)) == sync_verdict::gap);
  CHECK(sync.update_id() == 0);
  CHECK(sync.take(spot(108, 108)) == sync_verdict::buffered);
  CHECK(sync.take(spot(111, 112)) == sync_verdict::buffered);
  CHECK(sync.counters().gaps == 1);
  CHECK(sync.counters().ignored == 2);

  CHECK(sync.take(snapshot(107)).verdict == snapshot_verdict::unlinked);
  const auto answer = sync.take(snapshot(109));
  CHECK(ids(answer) == id_list{110, 112});
  CHECK(sync.counters().bridged == 2);
}

TEST_CASE("a snapshot older than what was kept is refused and a newer one joins") {
  book_sync sync(sync_rule::consecutive);
  (void)sync.take(spot(200, 205));
  CHECK(sync.take(snapshot(198)).verdict == snapshot_verdict::unlinked);
  CHECK(sync.current() == book_sync::state::waiting);
  CHECK(sync.first_buffered_id() == 200);
  CHECK(sync.counters().gaps == 0);
  CHECK(ids(sync.take(snapshot(199))) == id_list{205});
}

TEST_CASE("a hole among the kept updates makes an older snapshot useless") {
  book_sync sync(sync_rule::consecutive);
  for (const auto& update : {spot(100, 101), spot(102, 103), spot(106, 107), spot(108, 109)}) (void)sync.take(update);
  CHECK(sync.take(snapshot(101)).verdict == snapshot_verdict::unlinked);
  CHECK(sync.counters().gaps == 1);
  CHECK(sync.counters().applied == 0);
  CHECK(sync.first_buffered_id() == 106);
  CHECK(ids(sync.take(snapshot(106))) == id_list{107, 109});
  CHECK(sync.counters().applied == 2);
}

TEST_CASE("a book in step needs no further snapshot; one that waits for its first update takes a newer one") {
  book_sync sync(sync_rule::consecutive);
  (void)sync.take(snapshot(100));
  CHECK(sync.take(snapshot(90)).verdict == snapshot_verdict::ignored);
  CHECK(sync.take(snapshot(110)).verdict == snapshot_verdict::adopted);
  CHECK(sync.take(spot(105, 111)) == sync_verdict::apply);
  CHECK(sync.take(snapshot(120)).verdict == snapshot_verdict::ignored);
  CHECK(sync.update_id() == 111);
}

TEST_CASE("futures: the first update spans the snapshot or names it, the others name their predecessor") {
  const depth_update firsts[] = {futures(90, 95, 105), futures(90, 95, 100), futures(100, 130, 140), futures(98, 120, 130)};
  for (const depth_update& first : firsts) {
    book_sync sync(sync_rule::chained);
    (void)sync.take(snapshot(100));
    CHECK(sync.take(futures(80, 85, 90)) == sync_verdict::ignore);
    CHECK(sync.take(first) == sync_verdict::apply);
    CHECK(sync.take(futures(first.update_id, first.update_id + 50, first.update_id + 60)) == sync_verdict::apply);
  }
  book_sync sync(sync_rule::chained);
  (void)sync.take(snapshot(100));
  CHECK(sync.take(futures(101, 102, 110)) == sync_verdict::gap);
}

TEST_CASE("futures: an update that does not name its predecessor is a gap, however close its ids are") {
  book_sync sync(sync_rule::chained);
  (void)sync.take(snapshot(100));
  REQUIRE(sync.take(futures(90, 95, 105)) == sync_verdict::apply);
  CHECK(sync.take(futures(90, 95, 105)) == sync_verdict::ignore);
  SUBCASE("beyond it") { CHECK(sync.take(futures(106, 106, 110)) == sync_verdict::gap); }
  SUBCASE("before it") { CHECK(sync.take(futures(104, 106, 110)) == sync_verdict::gap); }
  CHECK(sync.counters().gaps == 1);
}

TEST_CASE("futures without `pu` are judged by their own ids") {
  book_sync sync(sync_rule::chained);
  (void)sync.take(snapshot(100));
  CHECK(sync.take(spot(95, 105)) == sync_verdict::apply);
  CHECK(sync.take(spot(106, 107)) == sync_verdict::apply);
  CHECK(sync.take(spot(109, 110)) == sync_verdict::gap);
}

TEST_CASE("ordered: a snapshot counts at once and at any time, ids only grow") {
  book_sync sync(rule_of(venue::coinbase));
  CHECK(sync.take(snapshot(10)).verdict == snapshot_verdict::adopted);
  CHECK(sync.in_step());
  CHECK(sync.take(spot(15, 15)) == sync_verdict::apply);
  CHECK(sync.take(spot(12, 12)) == sync_verdict::ignore);
  CHECK(sync.take(snapshot(20)).verdict == snapshot_verdict::adopted);
  CHECK(sync.take(spot(21, 21)) == sync_verdict::apply);
}

TEST_CASE("the buffer is bounded and gives up its oldest updates") {
  book_sync sync(sync_rule::consecutive);
  for (std::uint64_t id = 1; id <= book_sync::buffer_max + 5; ++id) CHECK(sync.take(spot(id, id)) == sync_verdict::buffered);
  CHECK(sync.counters().overflowed == 5);
  CHECK(sync.first_buffered_id() == 6);
  CHECK(sync.take(snapshot(4)).verdict == snapshot_verdict::unlinked);
  CHECK(sync.take(snapshot(5)).updates.size() == book_sync::buffer_max);
}

TEST_CASE("a crossed book and a lost connection lead back to the start") {
  book_sync sync(sync_rule::consecutive);
  (void)sync.take(snapshot(100));
  (void)sync.take(spot(101, 101));
  sync.book_crossed();
  CHECK(sync.current() == book_sync::state::waiting);
  CHECK(sync.counters().crossed == 1);
  (void)sync.take(spot(103, 103));
  sync.reset();
  CHECK(sync.first_buffered_id() == 0);
  CHECK(sync.take(snapshot(200)).verdict == snapshot_verdict::adopted);
}

TEST_CASE("ids at the ends of their range do not wrap") {
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  book_sync sync(sync_rule::consecutive);
  (void)sync.take(snapshot(largest));
  CHECK(sync.take(spot(0, 0)) == sync_verdict::ignore);
  CHECK(sync.take(spot(largest, largest)) == sync_verdict::ignore);
  book_sync zero(sync_rule::consecutive);
  (void)zero.take(snapshot(0));
  CHECK(zero.take(spot(0, 1)) == sync_verdict::apply);
}

TEST_CASE("an archived synchronisation goes on where it was") {
  book_sync sync(sync_rule::chained);
  auto kept = futures(95, 96, 105);
  kept.bids = {{{10}, {1}}};
  (void)sync.take(kept);
  (void)sync.take(futures(105, 108, 110));
  state_writer writer;
  writer(sync);
  book_sync restored;
  state_reader reader(writer.bytes());
  reader(restored);
  REQUIRE(reader.complete());
  const auto answer = restored.take(snapshot(100));
  REQUIRE(ids(answer) == id_list{105, 110});
  CHECK(answer.updates[0].bids == kept.bids);
  CHECK(restored.take(futures(110, 120, 121)) == sync_verdict::apply);
}
