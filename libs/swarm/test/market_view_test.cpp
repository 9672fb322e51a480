#include "remora/swarm/market_view.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <doctest/doctest.h>

using namespace remora;
using swarm::market_view;

namespace {

constexpr timestamp start = timestamp_of(1'700'000'000'000'000'000);

void quote(market_view& m, timestamp at, std::int64_t bid, std::int64_t ask) {
  m.on_quote({instrument_id{1}, 1, {{bid}, {10}}, {{ask}, {20}}, at}, at);
}
void trade(market_view& m, timestamp at, side taker, std::int64_t lots) { m.on_trade({instrument_id{1}, 1, {1000}, {lots}, taker, at}, at); }

}  // namespace

TEST_CASE("an empty side of a quote is none, and without both there is neither middle nor spread") {
  market_view m;
  quote(m, start, 1000, 1003);
  CHECK(*m.mid() == price{1001});
  CHECK(*m.mid_twice() == 2003);
  CHECK(*m.spread() == 3);
  m.on_quote({instrument_id{1}, 1, {{1000}, {0}}, {{1003}, {5}}, start}, start);
  CHECK(!m.bid);
  CHECK(m.ask);
  CHECK(!m.mid());
  CHECK(!m.spread());
}

TEST_CASE("sigma is that of a random walk, whatever the rate of quotes, and is not known before thirty samples") {
  for (const int quotes_a_second : {1, 5}) {
    market_view m;
    philox random(3);
    double middle = 100'000;
    for (int i = 0; i < 3000 * quotes_a_second; ++i) {
      middle += 6 / std::sqrt(static_cast<double>(quotes_a_second)) * random.normal();
      const auto bid = static_cast<std::int64_t>(middle);
      quote(m, start + seconds(1) * i / quotes_a_second, bid, bid + 2);
      CHECK(m.deviation().has_value() == (i >= 30 * quotes_a_second));
    }
    // The weights fade with a half-life of 60: about 173 samples, a deviation of 5 % of sigma; four of them.
    CHECK(*m.deviation() == doctest::Approx(6).epsilon(0.22));
    CHECK(*m.spread_median() == doctest::Approx(2).epsilon(0.011));
  }
}

TEST_CASE("the spread's median is of seconds and not of quotes, and forgets after ten minutes") {
  market_view m;
  for (int i = 0; i < 1000; ++i) quote(m, start + milliseconds(i), 1000, 1050);  // a burst within one second
  for (int i = 1; i <= 100; ++i) quote(m, start + seconds(i), 1000, 1002);
  CHECK(*m.spread_median() == doctest::Approx(2).epsilon(0.011));
  for (int i = 101; i <= 100 + 301; ++i) quote(m, start + seconds(i), 1000, 1012);
  CHECK(*m.spread_median() == doctest::Approx(12).epsilon(0.011));
}

TEST_CASE("the adverse move is that of the middle five seconds after a print, in the taker's direction") {
  market_view m;
  std::int64_t bid = 100'000;
  for (int i = 0; i < 40; ++i) {
    const timestamp at = start + seconds(20) * i;
    const side taker = i % 2 == 0 ? side::buy : side::sell;
    quote(m, at, bid, bid + 2);
    trade(m, at, taker, 5);
    trade(m, at + milliseconds(50), taker, 5);  // within 100 ms of another: not a sample
    CHECK(m.adverse_move().has_value() == (i >= 30));
    bid += taker == side::buy ? 3 : -3;
    quote(m, at + seconds(2), bid, bid + 2);
    quote(m, at + seconds(6), bid + 70, bid + 72);  // later than five seconds: of no account
    bid += 70;
  }
  CHECK(*m.adverse_move() == doctest::Approx(3));
}

TEST_CASE("the flow is of lots a second on each side, over about a minute, and fades in silence") {
  market_view m;
  CHECK(!m.flow(side::buy, start));
  for (int i = 0; i <= 600; ++i) {
    trade(m, start + milliseconds(500) * i, side::buy, 4);
    if (i % 2 == 0) trade(m, start + milliseconds(500) * i, side::sell, 1);
  }
  const timestamp end = start + seconds(300);
  CHECK(*m.flow(side::buy, end) == doctest::Approx(8).epsilon(0.02));
  CHECK(*m.flow(side::sell, end) == doctest::Approx(1).epsilon(0.02));
  CHECK(*m.flow(side::buy, end + seconds(120)) < 1.2);
  market_view young;
  trade(young, start, side::buy, 4);
  CHECK(!young.flow(side::buy, start + seconds(59)));
}

TEST_CASE("a market view comes back from its archive as it was") {
  market_view whole;
  philox random(5);
  const auto step = [](market_view& m, philox& r, int i) {
    const timestamp at = start + milliseconds(300) * i;
    const auto bid = 1000 + static_cast<std::int64_t>(r.below(9));
    quote(m, at, bid, bid + 1 + static_cast<std::int64_t>(r.below(4)));
    trade(m, at, r.below(2) == 0 ? side::buy : side::sell, 1 + static_cast<std::int64_t>(r.below(9)));
  };
  for (int i = 0; i < 500; ++i) step(whole, random, i);
  state_writer writer;
  writer(whole);
  market_view back;
  state_reader reader(writer.bytes());
  reader(back);
  REQUIRE(reader.complete());
  philox again = random;
  for (int i = 500; i < 700; ++i) {
    step(whole, random, i);
    step(back, again, i);
    CHECK(back.deviation() == whole.deviation());
    CHECK(back.spread_median() == whole.spread_median());
    CHECK(back.adverse_move() == whole.adverse_move());
    CHECK(back.flow(side::buy, start + milliseconds(300) * i) == whole.flow(side::buy, start + milliseconds(300) * i));
  }
}
