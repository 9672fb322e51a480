#include "remora/channel/market_clock.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace std::chrono_literals;

namespace {

constexpr timestamp noon = timestamp_of(1'000'000'000'000);

}  // namespace

TEST_CASE("without a market record nobody knows the market's time") {
  channel::market_clock clock(1.0, 300ms);
  clock.heard(5s);
  CHECK_FALSE(clock.now(6s));
  CHECK_FALSE(clock.until(noon, 6s));
}

TEST_CASE("the market's time goes on from its newest record at the pace of the run") {
  channel::market_clock clock(10.0, 300ms);
  clock.heard(5s);
  clock.seen(noon, 5s);
  CHECK(clock.now(5s) == noon);
  CHECK(clock.now(5s + 200ms) == noon + 2s);
  CHECK(clock.until(noon + 3s, 5s + 200ms) == 100ms);
  CHECK(clock.until(noon, 5s + 200ms) == 0ns);
}

TEST_CASE("the market's time stands while the gateway is silent, and goes on when it is heard") {
  channel::market_clock clock(1.0, 300ms);
  clock.heard(5s);
  clock.seen(noon, 5s);
  CHECK(clock.now(5s + 300ms) == noon + 300ms);
  CHECK(clock.now(60s) == noon + 300ms);
  clock.heard(60s);
  SUBCASE("from where it stood, until a record comes") {
    CHECK(clock.now(60s) == noon + 300ms);
    CHECK(clock.now(60s + 100ms) == noon + 400ms);
  }
  SUBCASE("from the record") {
    clock.seen(noon + 400ms, 60s);
    CHECK(clock.now(60s) == noon + 400ms);
    CHECK(clock.now(60s + 100ms) == noon + 500ms);
  }
}
