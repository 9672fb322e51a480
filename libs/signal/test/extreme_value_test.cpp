#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"
#include "remora/signal/alarm_budget.hpp"
#include "remora/signal/extreme_value_detector.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <functional>
#include <limits>
#include <string>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

struct tally {
  int orders = 0, beyond = 0, alarms = 0;
  double correction = 0;
  std::uint64_t clipped = 0;
};

/// Orders of a stream against the detector's own threshold, and against the budget's; counted once the tail is complete.
tally run(const std::function<double(philox&, int)>& stream, int orders, std::uint64_t seed) {
  extreme_value_detector detector;
  alarm_budget budget;
  philox draws(seed);
  tally t;
  for (int i = 0; i < orders; ++i) {
    const auto verdict = detector.judge(stream(draws, i));
    if (verdict && detector.complete()) {
      ++t.orders;
      t.beyond += verdict->multiple > verdict->threshold ? 1 : 0;
      t.alarms += budget.take(verdict->multiple > verdict->threshold * budget.factor()) == admission::admitted ? 1 : 0;
    }
    if (detector.fit_due()) detector.fit();
  }
  t.correction = budget.correction();
  t.clipped = budget.clipped();
  return t;
}

double log_normal(philox& draws, int) { return std::exp(2 * draws.normal()); }
double pareto(philox& draws, int) { return std::pow(draws.uniform(), -1 / 1.5); }
double drifting(philox& draws, int i) { return std::exp(2 * draws.normal()) * std::pow(10, std::sin(i * 2e-4)); }
double stepping(philox& draws, int i) { return std::exp(1.5 * draws.normal()) * (i > 50'000 ? 8 : 1); }

}  // namespace

TEST_CASE("row 7: the threshold of a tail") {
  const stats::generalised_pareto tail{0.3, 2};
  CHECK(10 + tail.quantile(1e-4 * 1e4 / 200) == Approx(36.0084946).epsilon(1e-7));
  CHECK(10 + stats::generalised_pareto{0, 2}.quantile(1e-4 * 1e4 / 200) == Approx(20.5966347).epsilon(1e-7));
}

TEST_CASE("on heavy tails, independent or drifting, orders pass the threshold as often as was promised") {
  for (const auto& stream : {log_normal, pareto, drifting}) {
    const tally t = run(stream, 100'000, 5);
    const double expected = 1e-3 * t.orders;
    MESSAGE("beyond the threshold: " << t.beyond << " of " << expected << " expected");
    CHECK(t.beyond > expected - 4 * std::sqrt(expected) - 0.1 * expected);
    CHECK(t.beyond < expected + 4 * std::sqrt(expected) + 0.1 * expected);
  }
}

TEST_CASE("the budget keeps the promise through a step of the sizes by eight") {
  const tally t = run(stepping, 100'000, 9);
  const double expected = 1e-3 * t.orders;
  CHECK(t.clipped == 0);
  CHECK(t.alarms <= expected + 5 / 0.1 + 1);
  CHECK(t.alarms == Approx(expected).epsilon(0.35));
}

TEST_CASE("what passes the budget is its rate but for the correction, exactly and on any sequence") {
  alarm_budget budget({.rate = 0.01, .gain = 0.1, .lowest = -50, .highest = 50, .burst = 0});
  philox draws(2);
  int alarms = 0;
  constexpr int orders = 20'000;
  for (int i = 0; i < orders; ++i) alarms += budget.take((i % 7000 < 100 ? 1e3 : draws.uniform()) > 0.9 * budget.factor()) == admission::admitted ? 1 : 0;
  CHECK(budget.clipped() == 0);
  CHECK(static_cast<double>(alarms) / orders - 0.01 == Approx(budget.correction() / (0.1 * orders)).epsilon(1e-9));
}

TEST_CASE("no stretch has more alarms than the burst and the rate allow") {
  alarm_budget budget({.rate = 0.001, .gain = 1e-9, .burst = 3});
  int alarms = 0;
  for (int i = 0; i < 2'000; ++i) alarms += budget.take(10 > budget.factor()) == admission::admitted ? 1 : 0;
  CHECK(alarms <= 3 + 2);
  CHECK(budget.withheld() == 2'000 - static_cast<std::uint64_t>(alarms));
}

TEST_CASE("an order twenty times the tail's threshold is extreme beyond doubt, a usual one is not") {
  extreme_value_detector detector;
  philox draws(1);
  for (int i = 0; i < 6'000; ++i) {
    detector.judge(log_normal(draws, i));
    if (detector.fit_due()) detector.fit();
  }
  REQUIRE(detector.tail());
  const auto usual = *detector.judge(1);
  const auto huge = *detector.judge(usual.threshold * 20);
  CHECK(usual.evidence() < 2);
  CHECK(huge.p < 1e-4);
  CHECK(huge.evidence() > 4);
  CHECK(huge.multiple > huge.threshold);
}

TEST_CASE("nothing is said before the first fit, and what is no size changes nothing") {
  extreme_value_detector detector;
  for (const double bad : {0.0, -5.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e200})
    CHECK_FALSE(detector.judge(bad));
  CHECK(detector.count() == 0);
  for (int i = 0; i < 999; ++i) CHECK_FALSE(detector.judge(1 + i % 10));
  CHECK_FALSE(detector.fit_due());
  CHECK_FALSE(detector.judge(1));
  CHECK(detector.fit_due());
  detector.fit();
  CHECK_FALSE(detector.fit_due());
}

TEST_CASE("a detector that was saved goes on with the same bits") {
  for (const int split : {10, 999, 1500, 5200, 7000}) {
    CAPTURE(split);
    extreme_value_detector one;
    philox draws(6);
    const auto feed = [](extreme_value_detector& d, philox& r, int n) {
      std::string told;
      for (int i = 0; i < n; ++i) {
        if (const auto v = d.judge(log_normal(r, i))) told += std::to_string(v->p) + " ";
        if (d.fit_due()) d.fit();
      }
      return told;
    };
    feed(one, draws, split);
    state_writer writer;
    writer(one);
    extreme_value_detector other;
    state_reader reader(writer.bytes());
    reader(other);
    REQUIRE(reader.complete());
    philox same = draws;
    CHECK(feed(one, draws, 2000) == feed(other, same, 2000));
  }
}
