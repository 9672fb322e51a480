#include "remora/market/bars.hpp"

#include "remora/base/archive.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace remora;

namespace {

constexpr auto id = instrument_id{3};

timestamp at_ms(std::int64_t ms) { return timestamp(milliseconds(ms)); }

trade_seen trade(std::int64_t ticks, std::int64_t lots, side aggressor = side::buy) {
  trade_seen print;
  print.instrument = id;
  print.at = {ticks};
  print.size = {lots};
  print.aggressor = aggressor;
  return print;
}

}  // namespace

TEST_CASE("a bar holds the trades of its period and closes with the first event after it") {
  bar_builder bars(id, seconds(1));
  std::vector<bar_closed> out;
  bars.add(trade(100, 1), at_ms(5'250), out);
  bars.add(trade(90, 2, side::sell), at_ms(5'300), out);
  bars.add(trade(110, 3), at_ms(5'400), out);
  bars.add(trade(105, 4, side::sell), at_ms(5'999), out);
  CHECK(out.empty());
  CHECK(bars.next_close() == at_ms(6'000));
  bars.add(trade(200, 1), at_ms(6'000), out);
  REQUIRE(out.size() == 1);
  const bar_closed& bar = out[0];
  CHECK(bar.instrument == id);
  CHECK(bar.period == seconds(1));
  CHECK(bar.open_time == at_ms(5'000));
  CHECK(bar.open == price{100});
  CHECK(bar.high == price{110});
  CHECK(bar.low == price{90});
  CHECK(bar.close == price{105});
  CHECK(bar.volume == quantity{10});
  CHECK(bar.buy_volume == quantity{4});
  CHECK(bar.trades == 4);
}

TEST_CASE("before the first trade there are no bars") {
  bar_builder bars(id, seconds(1));
  std::vector<bar_closed> out;
  bars.close_until(at_ms(100'000), out);
  CHECK(out.empty());
  CHECK(bars.next_close() == never);
}

TEST_CASE("periods without trades repeat the last close") {
  bar_builder bars(id, seconds(60));
  std::vector<bar_closed> out;
  bars.add(trade(100, 1), at_ms(30'000), out);
  bars.close_until(at_ms(59'999), out);
  CHECK(out.empty());
  bars.add(trade(120, 1), at_ms(200'000), out);
  REQUIRE(out.size() == 3);
  CHECK(out[1].open_time == at_ms(60'000));
  CHECK(out[2].open_time == at_ms(120'000));
  CHECK(out[2].open == price{100});
  CHECK(out[2].close == price{100});
  CHECK(out[2].volume == quantity{0});
  CHECK(out[2].trades == 0);
  bars.close_until(at_ms(240'000), out);
  CHECK(out.back().open == price{120});
  CHECK(out.back().low == price{120});
}

TEST_CASE("a long hole costs a bounded number of bars") {
  bar_builder bars(id, seconds(1));
  std::vector<bar_closed> out;
  bars.add(trade(100, 1), at_ms(0), out);
  bars.close_until(at_ms(1'000'000'500), out);
  CHECK(out.size() == 1 + bar_builder::empty_bars_max);
  CHECK(out.back().open_time == at_ms(120'000));
  CHECK(bars.next_close() == at_ms(1'000'001'000));
  out.clear();
  bars.add(trade(101, 1), at_ms(1'000'000'700), out);
  bars.close_until(at_ms(1'000'001'000), out);
  REQUIRE(out.size() == 1);
  CHECK(out[0].open_time == at_ms(1'000'000'000));
  CHECK(out[0].trades == 1);
}

TEST_CASE("the end of time and the largest volumes do no harm") {
  bar_builder bars(id, seconds(1));
  std::vector<bar_closed> out;
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  bars.add(trade(1, largest), at_ms(0), out);
  bars.add(trade(1, largest), at_ms(1), out);
  bars.close_until(never, out);
  CHECK(out.front().volume == quantity{largest});
  CHECK(out.size() == 1 + bar_builder::empty_bars_max);
  bars.add(trade(1, 1), never, out);
  CHECK(bars.next_close() == never);
}

TEST_CASE("an archived builder goes on with the open bar") {
  bar_builder bars(id, seconds(1));
  std::vector<bar_closed> out;
  bars.add(trade(100, 1), at_ms(100), out);
  state_writer writer;
  writer(bars);
  bar_builder restored;
  state_reader reader(writer.bytes());
  reader(restored);
  REQUIRE(reader.complete());
  restored.add(trade(101, 2), at_ms(900), out);
  restored.close_until(at_ms(1'000), out);
  REQUIRE(out.size() == 1);
  CHECK(out[0].open == price{100});
  CHECK(out[0].volume == quantity{3});
}
