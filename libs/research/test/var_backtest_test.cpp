#include "remora/research/var_backtest.hpp"

#include "remora/base/random.hpp"
#include "remora/stats/kupiec.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace remora;
using namespace remora::research;
using doctest::Approx;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr timestamp begin = timestamp(seconds(1'723'118'400));

/// An account whose equity is told each minute, and each minute's forecast.
struct account {
  std::vector<loss_forecast> forecasts;
  std::vector<equity_seen> equity;

  void minute(int n, double value, double value_at_risk) {
    equity.push_back({begin + minutes(n), value});
    forecasts.push_back({begin + minutes(n), value_at_risk});
  }
  [[nodiscard]] var_backtest over(nanoseconds period) const { return backtest_of(forecasts, equity, {.period = period}); }
};

/// Independent normal minutes of that deviation, and the day's value at risk for deviation 0.001.
account drawn(int length, double deviation, std::uint64_t seed) {
  philox draws(seed);
  account all;
  double value = 1e5;
  for (int n = 0; n < length; ++n) {
    all.minute(n, value, 1.6448536 * .001 * std::sqrt(1'440));
    value *= 1 + deviation * draws.normal();
  }
  return all;
}

}  // namespace

TEST_CASE("a period that lost more than was told is an exception, one that lost as much is none") {
  account all;
  const double told = .05;
  for (int day = 0; day < 5; ++day) all.minute(1'440 * day, std::vector<double>{100, 96, 90, 100, 95}[static_cast<std::size_t>(day)], told);
  const auto judged = all.over(hours(24));
  CHECK(judged.exceptions.trials == 4);  // the last day's end is not seen
  CHECK(judged.exceptions.hits == 1);    // 96 to 90; 100 to 96 and 95 are not more than told
  CHECK_FALSE(judged.kupiec);
  CHECK_FALSE(judged.independence);
}

TEST_CASE("periods do not overlap, and forecasts are brought to their length") {
  account all;
  for (int n = 0; n <= 120; ++n) all.minute(n, 100 - n, .3);
  CHECK(all.over(hours(24)).exceptions.trials == 0);
  CHECK(all.over(hours(1)).exceptions.trials == 2);
  CHECK(all.over(minutes(1)).exceptions.trials == 100);  // then nothing is left to lose
  CHECK(all.over(hours(1)).exceptions.hits == 2);    // 60 %, then more than all of the rest; .3 / √24 = .061 told
  CHECK(all.over(minutes(1)).exceptions.hits == 100);  // 1 % and more of a hundred, .3 / √1440 = .0079 told
}

TEST_CASE("reports a moment late count for their minute") {
  account all;
  for (int n = 0; n <= 10; ++n) {
    all.forecasts.push_back({begin + minutes(n) + milliseconds(n % 2 == 0 ? 13 : 2), .1});
    all.equity.push_back({begin + minutes(n) + milliseconds(n % 2 == 0 ? 2 : 40), n % 2 == 0 ? 100. : 90.});
  }
  const auto judged = all.over(minutes(1));
  CHECK(judged.exceptions.trials == 10);
  CHECK(judged.exceptions.hits == 5);
}

TEST_CASE("nothing held is nothing told, and before the first report of equity nothing is judged") {
  account all;
  for (int n = 0; n < 20; ++n) all.minute(n, 100, n % 2 == 0 ? 0 : .1);
  CHECK(all.over(minutes(1)).exceptions.trials == 9);
  all.equity.erase(all.equity.begin(), all.equity.begin() + 10);
  CHECK(all.over(minutes(1)).exceptions.trials == 4);
  CHECK(backtest_of(all.forecasts, {}, {}).exceptions.trials == 0);
  CHECK(backtest_of({}, all.equity, {}).exceptions.trials == 0);
}

TEST_CASE("a promise that is kept is not rejected, one that is broken is") {
  int kept = 0, broken = 0, apart = 0;
  constexpr int runs = 40;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const auto good = drawn(1'001, .001, run).over(minutes(1)), bad = drawn(1'001, .0013, 100 + run).over(minutes(1));
    REQUIRE(good.kupiec_p);
    REQUIRE(good.exceptions.trials == 1'000);
    CHECK(*good.kupiec == Approx(*stats::kupiec_ratio(good.exceptions, .05)));
    kept += *good.kupiec_p > .05 ? 1 : 0;
    broken += *bad.kupiec_p < .05 ? 1 : 0;
    apart += good.independence && good.independence->p > .05 ? 1 : 0;
  }
  CHECK(kept >= 33);  // 38 expected of 40, deviation 1.4
  CHECK(apart >= 33);
  CHECK(broken == runs);  // 10 % of exceptions instead of 5
}

TEST_CASE("below five expected exceptions nothing is concluded") {
  CHECK_FALSE(drawn(100, .001, 1).over(minutes(1)).kupiec);  // 99 periods
  CHECK(drawn(101, .001, 1).over(minutes(1)).kupiec);
  CHECK(drawn(101, .001, 1).over(minutes(1)).kupiec_p);
}

TEST_CASE("exceptions that come together are seen to") {
  account all;
  double value = 100;
  for (int n = 0; n <= 1'000; ++n) {
    all.minute(n, value, .01 * std::sqrt(1'440.));
    if (n % 100 < 5) value *= .98;  // five in a row, once in a hundred minutes: 5 % in all
  }
  const auto judged = all.over(minutes(1));
  CHECK(judged.exceptions.hits == 50);
  CHECK(*judged.kupiec < 1e-9);
  REQUIRE(judged.independence);
  CHECK(judged.independence->hit_hit == 40);
  CHECK(judged.independence->p < 1e-6);
}
