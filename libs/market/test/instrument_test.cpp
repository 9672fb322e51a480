#include "remora/market/instrument.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

using namespace remora;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

instrument btcusdt() {
  instrument what;
  what.symbol = "BTCUSDT";
  what.tick_size = {1, 2};
  what.lot_size = {1, 5};
  return what;
}

instrument coin_m() {
  instrument what;
  what.symbol = "BTCUSD_PERP";
  what.tick_size = {1, 1};
  what.lot_size = {1, 0};
  what.multiplier = {100, 0};
  what.inverse = true;
  return what;
}

instrument sats() {
  instrument what;
  what.symbol = "1000SATSFDUSD";
  what.tick_size = {1, 12};
  what.lot_size = {1'000'000, 0};
  return what;
}

amount parsed(const char* text) { return *parse_amount(text); }

}  // namespace

TEST_CASE("notional is exact for ordinary, tiny and huge units") {
  CHECK(*notional_of(btcusdt(), {6'123'456}, {150'000}) == parsed("91851.84"));
  CHECK(*notional_of(btcusdt(), {6'123'456}, {-150'000}) == parsed("-91851.84"));
  CHECK(*notional_of(btcusdt(), {1}, {1}) == parsed("0.0000001"));
  CHECK(*notional_of(sats(), {1}, {1}) == parsed("0.000001"));
  CHECK(*notional_of(sats(), {345}, {7'000'000'000}) == parsed("2415000"));
  CHECK(*notional_of(btcusdt(), {0}, {5}) == amount{});
}

TEST_CASE("notional is rounded half away from zero to 1e-9") {
  instrument fine = btcusdt();
  fine.tick_size = {1, 6};
  fine.lot_size = {1, 4};
  CHECK(notional_of(fine, {1}, {5})->nanos == 1);
  CHECK(notional_of(fine, {1}, {-5})->nanos == -1);
  CHECK(notional_of(fine, {1}, {4})->nanos == 0);
  CHECK(notional_of(fine, {7}, {-5})->nanos == -4);
  fine.tick_size = {1, 12};
  fine.lot_size = {1, 12};
  CHECK(notional_of(fine, {largest}, {largest})->nanos == static_cast<int128>(85'070'591'730'234'615) * 1'000'000 + 847'397);
  CHECK(notional_of(fine, {1}, {1})->nanos == 0);
}

TEST_CASE("notional that does not fit is an error, not a wrong number") {
  instrument huge = btcusdt();
  huge.tick_size = {1'000'000, 0};
  huge.lot_size = {1'000'000, 0};
  CHECK(notional_of(huge, {largest}, {largest}).error().code == errc::out_of_range);
  constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
  CHECK(notional_of(huge, {smallest}, {smallest}).error().code == errc::out_of_range);
  huge.lot_size = {1, 0};
  huge.tick_size = {1, 0};
  CHECK(notional_of(huge, {largest}, {largest}).error().code == errc::out_of_range);  // fits 128 bits in units, not in 1e-9
  CHECK(notional_of(huge, {1'000'000'000}, {1'000'000'000}).has_value());
}

TEST_CASE("the notional of an inverse contract does not depend on the price") {
  CHECK(*notional_of(coin_m(), {600'000}, {3}) == amount::units(300));
  CHECK(*notional_of(coin_m(), {1}, {-3}) == amount::units(-300));
}

TEST_CASE("profit of a linear position is the move times the size") {
  CHECK(*profit_of(btcusdt(), {6'000'000}, {6'100'000}, {100'000}) == amount::units(1000));
  CHECK(*profit_of(btcusdt(), {6'000'000}, {6'100'000}, {-100'000}) == amount::units(-1000));
  CHECK(*profit_of(btcusdt(), {6'100'000}, {6'000'000}, {-100'000}) == amount::units(1000));
  CHECK(profit_of(btcusdt(), {std::numeric_limits<std::int64_t>::min()}, {largest}, {largest}).error().code == errc::out_of_range);
}

TEST_CASE("profit of an inverse position is its coin gain valued at the exit") {
  // 10 contracts of 100 USD, 50,000 → 55,000: 1000 × (1/50000 - 1/55000) BTC × 55,000 USD = 100 USD.
  CHECK(*profit_of(coin_m(), {500'000}, {550'000}, {10}) == amount::units(100));
  CHECK(*profit_of(coin_m(), {500'000}, {550'000}, {-10}) == amount::units(-100));
  CHECK(*profit_of(coin_m(), {3}, {4}, {1}) == parsed("33.333333333"));
  CHECK(*profit_of(coin_m(), {3}, {5}, {-1}) == parsed("-66.666666667"));
  CHECK(profit_of(coin_m(), {0}, {5}, {1}).error().code == errc::out_of_range);
  CHECK(profit_of(coin_m(), {-1}, {5}, {1}).error().code == errc::out_of_range);
}

TEST_CASE("gains of an inverse position add up where their coin is valued at one price") {
  // 1000 USD × (1/50000 - 1/55000) BTC × 44,000 USD = 80 USD.
  CHECK(*profit_at(coin_m(), {500'000}, {550'000}, {10}, {440'000}) == amount::units(80));
  CHECK(*profit_at(coin_m(), {500'000}, {550'000}, {10}, {550'000}) == *profit_of(coin_m(), {500'000}, {550'000}, {10}));
  const auto gain = [](std::int64_t from, std::int64_t to) { return profit_at(coin_m(), {from}, {to}, {10}, {440'000})->nanos; };
  CHECK(std::abs(static_cast<std::int64_t>(gain(500'000, 550'123) + gain(550'123, 487'651) - gain(500'000, 487'651))) <= 1);
  CHECK(*profit_at(btcusdt(), {6'000'000}, {6'100'000}, {100'000}, {1}) == amount::units(1000));
  for (const std::array<std::int64_t, 3>& bad : {std::array<std::int64_t, 3>{0, 5, 5}, {5, 0, 5}, {5, 5, -1}})
    CHECK(profit_at(coin_m(), {bad[0]}, {bad[1]}, {1}, {bad[2]}).error().code == errc::out_of_range);
  CHECK(profit_at(coin_m(), {1}, {std::numeric_limits<std::int64_t>::max()}, {std::numeric_limits<std::int64_t>::max()}, {2'000'000'000}).error().code ==
        errc::out_of_range);
}

TEST_CASE("fees are rounded up in the venue's favour, rebates as well") {
  CHECK(fee_of(amount::units(1000), 500) == parsed("0.5"));
  CHECK(fee_of(amount{1}, 500).nanos == 1);
  CHECK(fee_of(amount{1}, -500).nanos == 0);
  CHECK(fee_of(amount{2'000'001}, 500).nanos == 1001);
  CHECK(fee_of(amount{2'000'001}, -500).nanos == -1000);
  CHECK(fee_of(-amount::units(1000), 500) == parsed("0.5"));
  CHECK(fee_of(amount{}, 500) == amount{});
  const amount vast{static_cast<int128>(1) << 110};
  CHECK(fee_of(vast, 1'000'000) == vast);
}

TEST_CASE("quantity_for is the largest quantity whose notional does not exceed the value") {
  CHECK(quantity_for(btcusdt(), {6'000'000}, amount::units(60'000)) == quantity{100'000});
  CHECK(quantity_for(btcusdt(), {6'000'001}, amount::units(60'000)) == quantity{99'999});
  CHECK(quantity_for(coin_m(), {600'000}, amount::units(399)) == quantity{3});
  CHECK(quantity_for(btcusdt(), {0}, amount::units(1)) == quantity{});
  CHECK(quantity_for(coin_m(), {-5}, amount::units(1)) == quantity{});
  CHECK(quantity_for(btcusdt(), {1}, -amount::units(1)) == quantity{});
  CHECK(quantity_for(sats(), {1}, amount{static_cast<int128>(1) << 126}) == quantity{largest});
  instrument huge = btcusdt();
  huge.tick_size = huge.lot_size = huge.multiplier = {largest, 0};
  CHECK(quantity_for(huge, {largest}, amount::units(1)) == quantity{});

  philox random(7);
  for (int i = 0; i < 2000; ++i) {
    instrument what = btcusdt();
    what.tick_size = {static_cast<std::int64_t>(1 + random.below(50)), static_cast<std::uint8_t>(random.below(5))};
    what.lot_size = {static_cast<std::int64_t>(1 + random.below(50)), static_cast<std::uint8_t>(random.below(5))};
    const price at{static_cast<std::int64_t>(1 + random.below(10'000'000))};
    const amount value{static_cast<int128>(random.below(1'000'000'000'000'000'000))};
    const quantity size = quantity_for(what, at, value);
    REQUIRE(*notional_of(what, at, size) <= value);
    REQUIRE(*notional_of(what, at, size + quantity{1}) > value);
  }
}

TEST_CASE("prices and quantities survive the way to text and back") {
  philox random(11);
  const decimal units[] = {{1, 2}, {5, 1}, {25, 2}, {1, 12}, {1'000'000, 0}, {1, 0}};
  for (const decimal unit : units) {
    instrument what = btcusdt();
    what.tick_size = what.lot_size = unit;
    for (int i = 0; i < 200; ++i) {
      const auto count = static_cast<std::int64_t>(random.below(1'000'000'000'000));
      REQUIRE(*parse_price(what, to_text(what, price{count})) == price{count});
      REQUIRE(*parse_quantity(what, to_text(what, quantity{-count})) == quantity{-count});
    }
  }
  CHECK(to_text(btcusdt(), price{6'123'450}) == "61234.5");
  CHECK(to_text(sats(), quantity{3}) == "3000000");
  CHECK(to_text(sats(), price{345}) == "0.000000000345");
}

TEST_CASE("text off the tick or lot, malformed or too large is refused") {
  instrument half = btcusdt();
  half.tick_size = {5, 1};
  CHECK(*parse_price(half, "100.50000000") == price{201});
  CHECK(parse_price(half, "100.4").error().code == errc::out_of_range);
  CHECK(parse_price(half, "100.55").error().code == errc::out_of_range);
  CHECK(parse_quantity(sats(), "1500000").error().code == errc::out_of_range);
  CHECK(*parse_quantity(sats(), "2000000.00") == quantity{2});
  CHECK(parse_price(half, "").error().code == errc::malformed);
  CHECK(parse_price(half, "1e5").error().code == errc::malformed);
  CHECK(parse_price(half, "99999999999999999999").error().code == errc::out_of_range);
  half.tick_size = {0, 1};
  CHECK(parse_price(half, "100").error().code == errc::out_of_range);
}

TEST_CASE("doubles are the nearest to the exact value") {
  CHECK(to_double(btcusdt(), price{6'123'457}) == 61234.57);
  CHECK(to_double(sats(), quantity{-2}) == -2e6);
  CHECK(to_double(sats(), price{345}) == doctest::Approx(3.45e-10));
}

TEST_CASE("every venue has the name that topics use") {
  CHECK(name_of(venue::binance_spot) == "binance");
  CHECK(name_of(venue::binance_usdm) == "binance-usdm");
  CHECK(name_of(static_cast<venue>(99)) == "unknown");
}
