#include "remora/risk/minute_rows.hpp"

#include "remora/base/random.hpp"
#include "saved.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace remora::risk;
using doctest::Approx;

namespace {

timestamp minute(int n) { return timestamp(std::chrono::minutes(28'718'640 + n)); }

bar_closed bar(std::uint32_t instrument, int at, std::int64_t ticks) {
  bar_closed b;
  b.instrument = instrument_id{instrument};
  b.period = std::chrono::minutes(1);
  b.open_time = minute(at);
  b.close = {ticks};
  return b;
}

}  // namespace

TEST_CASE("a row is complete when a bar of a later minute comes, in the order of instruments") {
  minute_rows rows;
  CHECK_FALSE(rows.push(bar(2, 0, 1000)));
  CHECK_FALSE(rows.push(bar(1, 0, 500)));
  CHECK_FALSE(rows.push(bar(2, 1, 1010)));
  CHECK_FALSE(rows.push(bar(1, 1, 495)));
  const auto row = rows.push(bar(1, 2, 495));
  REQUIRE(row);
  CHECK(row->minute == minute(1));
  REQUIRE(row->returns.size() == 2);
  CHECK(row->returns[0].instrument == instrument_id{1});
  CHECK(row->returns[0].value == Approx(-.01));
  CHECK(row->returns[1].value == Approx(.01));
}

TEST_CASE("a return needs the bar of the minute before; who lacks it is not in the row") {
  minute_rows rows;
  for (const int at : {0, 1}) rows.push(bar(1, at, 100)), rows.push(bar(2, at, 100));
  rows.push(bar(1, 2, 101));  // 2 has no bar of this minute
  const auto second = rows.push(bar(1, 3, 101));
  REQUIRE(second);
  CHECK(second->returns.size() == 1);
  rows.push(bar(2, 3, 200));  // over two minutes: no return of one
  const auto third = rows.push(bar(2, 4, 202));
  REQUIRE(third);
  CHECK(third->returns.size() == 1);
  CHECK(rows.close_before(minute(5))->returns.front().value == Approx(.01));
}

TEST_CASE("the clock completes a row, and what comes after is not counted but its close is") {
  minute_rows rows;
  for (const int at : {0, 1}) rows.push(bar(1, at, 100));
  rows.push(bar(2, 0, 100));
  CHECK_FALSE(rows.close_before(minute(1)));
  CHECK(rows.close_before(minute(2))->returns.size() == 1);
  CHECK_FALSE(rows.close_before(minute(2)));
  CHECK_FALSE(rows.push(bar(2, 1, 110)));
  CHECK_FALSE(rows.close_before(minute(2)));
  rows.push(bar(2, 2, 121));
  const auto row = rows.close_before(minute(3));
  REQUIRE(row);
  CHECK(row->minute == minute(2));
  CHECK(row->returns.front().value == Approx(.1));
}

TEST_CASE("bars of seconds and without a price are passed over") {
  minute_rows rows;
  rows.push(bar(1, 0, 100)), rows.push(bar(1, 1, 0)), rows.push(bar(1, 1, -5));
  bar_closed second = bar(1, 1, 100);
  second.period = seconds(1);
  rows.push(second);
  CHECK_FALSE(rows.close_before(minute(9)));
}

TEST_CASE("rows that were saved and loaded in the middle of a minute go on the same") {
  philox draws(3);
  minute_rows original;
  for (int at = 0; at < 50; ++at)
    for (std::uint32_t id = 1; id < 6; ++id) {
      minute_rows loaded = reloaded(original);
      const bar_closed next = bar(id, at, 1000 + static_cast<std::int64_t>(draws.below(100)));
      const auto a = original.push(next), b = loaded.push(next);
      CHECK(a.has_value() == b.has_value());
      if (a && b) CHECK(bytes_of(*a) == bytes_of(*b));
      CHECK(bytes_of(original) == bytes_of(loaded));
    }
}
