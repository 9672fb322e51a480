#include "remora/risk/breakers.hpp"
#include "remora/risk/minute_returns.hpp"
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

bar_closed minute_close(std::int64_t minute, std::int64_t close) {
  bar_closed b = bar(std::chrono::minutes(1), minute, close, close);
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

TEST_CASE("movement is judged over common minutes only, and not from few of them") {
  minute_returns x, y, opposite_of_x;
  for (int i = 0; i <= 40; ++i) {
    const std::int64_t close = 100'000 + (i * 7919) % 1'000;
    x.push(minute_close(i, close), 120);
    opposite_of_x.push(minute_close(i, 10'000'000'000 / close), 120);
    if (i != 20) y.push(minute_close(i, close), 120);
  }
  CHECK(x.samples().size() == 40);
  CHECK(y.samples().size() == 38);  // two returns need the missing minute
  const auto together = movement_of(x, y, 30);
  CHECK(together.observations == 38);
  REQUIRE(together.correlation);
  CHECK(*together.correlation == doctest::Approx(1.0));
  CHECK(*movement_of(x, opposite_of_x, 30).correlation == doctest::Approx(-1.0).epsilon(1e-3));
  CHECK_FALSE(movement_of(x, y, 39).correlation);
  minute_returns elsewhen;
  for (int i = 1'000; i < 1'100; ++i) elsewhen.push(minute_close(i, 100 + i % 3), 120);
  CHECK(movement_of(x, elsewhen, 30).observations == 0);
  CHECK(movement_of(minute_returns{}, minute_returns{}, 30).observations == 0);
}

TEST_CASE("returns are kept for the window only") {
  minute_returns x;
  for (int i = 0; i < 500; ++i) x.push(minute_close(i, 1'000 + i), 120);
  CHECK(x.samples().size() == 120);
}

TEST_CASE("a trailing stop follows the best price and never goes back, on either side") {
  for (const side held : {side::buy, side::sell}) {
    CAPTURE(name_of(held));
    const int up = sign_of(held);
    const auto at = [&](std::int64_t gain) { return price{10'000 + up * gain}; };
    exit_plan plan;
    plan.opened(held, entry);
    plan.place(entry, 50, {});
    CHECK(plan.levels().trail == at(-150));
    for (const std::int64_t gain : {20, 140, 60, -90}) plan.see(at(gain));
    CHECK(plan.best() == at(140));
    CHECK(plan.levels().trail == at(-10));
    CHECK(plan.levels().stop == at(-100));
    CHECK(exit_due({held, at(-9), plan.levels()}) == std::nullopt);
    CHECK(exit_due({held, at(-10), plan.levels()}) == order_purpose::trailing_stop);
    CHECK(exit_due({held, at(-100), plan.levels()}) == order_purpose::stop_loss);
    plan.place(at(40), 50, {});  // it grew: the average moved, the best price did not
    CHECK(plan.best() == at(140));
    CHECK(plan.levels().stop == at(-60));
    plan.opened(opposite(held), at(0));
    CHECK(plan.best() == at(0));
  }
}

TEST_CASE("without a trailing distance there is no trailing stop") {
  stop_settings settings;
  settings.trailing_stop_atr = 0;
  exit_plan plan;
  plan.opened(side::buy, entry);
  plan.place(entry, 50, settings);
  plan.see({20'000});
  CHECK_FALSE(plan.levels().trail);
}

TEST_CASE("an exit is tried again later and later while nothing fills, and soon after something did") {
  const stop_settings settings;
  const timestamp now = at_day(1);
  exit_plan plan;
  CHECK(plan.ready(now));
  for (const int factor : {2, 4, 8, 16, 32, 64, 64}) {
    plan.ended(false, now, settings);
    CHECK(plan.retry_at() == now + settings.exit_retry * factor);
  }
  CHECK_FALSE(plan.ready(now + seconds(31)));
  CHECK(plan.ready(now + seconds(32)));
  plan.ended(true, now, settings);
  CHECK(plan.retry_at() == now + settings.exit_retry);
  plan.closed();
  CHECK(plan.ready(now));
}
