#include "remora/risk/breakers.hpp"
#include "remora/risk/stops.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace remora;
using namespace remora::risk;

namespace {

bar_closed bar(nanoseconds period, std::int64_t index, std::int64_t low, std::int64_t high) {
  bar_closed b;
  b.period = period;
  b.open_time = timestamp(period * index);
  b.low = {low};
  b.high = {high};
  b.open = b.close = {(low + high) / 2};
  return b;
}

timestamp at_day(int day, int hour = 0) { return timestamp(std::chrono::hours(24 * day + hour)); }

constexpr price entry{10'000};

}  // namespace

TEST_CASE("the ATR is the floor at first, then that of seconds scaled to a minute, then that of minutes") {
  range_gauge gauge;
  CHECK(gauge.atr_ticks({100'000}, 3.0) == doctest::Approx(30.0));
  for (int i = 0; i < 59; ++i) gauge.push(bar(seconds(1), i, 99'990, 100'010));
  CHECK(gauge.atr_ticks({100'000}, 3.0) == doctest::Approx(30.0));
  gauge.push(bar(seconds(1), 59, 99'990, 100'010));
  CHECK(gauge.atr_ticks({100'000}, 3.0) == doctest::Approx(20 * std::sqrt(60.0)));
  for (int i = 0; i < 14; ++i) gauge.push(bar(std::chrono::minutes(1), i, 99'950, 100'050));
  CHECK(gauge.atr_ticks({100'000}, 3.0) == doctest::Approx(100.0));
  CHECK(gauge.atr_ticks({100'000}, 20.0) == doctest::Approx(200.0));
}

TEST_CASE("stop and profit lie two and three ATR from the average entry, on the right sides") {
  const auto of_long = levels_of(side::buy, entry, 50, {});
  CHECK(of_long.stop == price{9'900});
  CHECK(of_long.take == price{10'150});
  const auto of_short = levels_of(side::sell, entry, 50, {});
  CHECK(of_short.stop == price{10'100});
  CHECK(of_short.take == price{9'850});
  const auto tight = levels_of(side::buy, entry, 0, {});
  CHECK(tight.stop == price{9'999});
  CHECK(tight.take == price{10'001});
}

TEST_CASE("a position is left at its levels and not a tick before") {
  const stop_levels of_long{{9'900}, {10'150}}, of_short{{10'100}, {9'850}};
  struct row {
    side held;
    std::int64_t mark;
    std::optional<order_purpose> expected;
  };
  for (const row r : {row{side::buy, 9'901, std::nullopt}, row{side::buy, 9'900, order_purpose::stop_loss}, row{side::buy, 10'149, std::nullopt},
                      row{side::buy, 10'150, order_purpose::take_profit}, row{side::sell, 10'099, std::nullopt},
                      row{side::sell, 10'100, order_purpose::stop_loss}, row{side::sell, 9'851, std::nullopt},
                      row{side::sell, 9'850, order_purpose::take_profit}}) {
    CAPTURE(r.mark);
    CHECK(exit_due({r.held, {r.mark}, r.held == side::buy ? of_long : of_short}) == r.expected);
  }
}

TEST_CASE("CRISIS takes any profit and no loss, and closing comes before everything") {
  exit_view view{side::buy, {10'001}, {{9'900}, {10'150}}, regime::crisis, amount::units(1)};
  CHECK(exit_due(view) == order_purpose::crisis_exit);
  view.unrealised = {};
  CHECK(exit_due(view) == std::nullopt);
  view.market_regime = regime::high_volatility;
  view.unrealised = amount::units(1);
  CHECK(exit_due(view) == std::nullopt);
  view.mark = {9'000};
  view.must = order_purpose::close_out;
  CHECK(exit_due(view) == order_purpose::close_out);
}

TEST_CASE("the daily-loss breaker trips once at its limit and opens with the next UTC day") {
  daily_loss_breaker breaker;
  CHECK_FALSE(breaker.roll(at_day(100, 9), amount::units(100'000)));
  CHECK_FALSE(breaker.check(amount::units(95'000) + amount{1}, 0.05));
  const auto news = breaker.check(amount::units(95'000), 0.05);
  REQUIRE(news);
  CHECK(news->breaker == "daily_loss");
  CHECK(news->numbers.at(0).value == 5'000);
  CHECK(breaker.tripped());
  CHECK_FALSE(breaker.check(amount::units(90'000), 0.05));
  CHECK_FALSE(breaker.roll(at_day(100, 23), amount::units(90'000)));
  CHECK(breaker.tripped());
  CHECK(breaker.roll(at_day(101), amount::units(90'000)));
  CHECK_FALSE(breaker.tripped());
  CHECK(breaker.day_start_equity() == amount::units(90'000));
  CHECK_FALSE(breaker.check(amount::units(85'501), 0.05));
  CHECK(breaker.check(amount::units(85'500), 0.05));
}
