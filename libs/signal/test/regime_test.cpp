#include "remora/signal/composite.hpp"
#include "remora/signal/regime_detector.hpp"

#include "continued.hpp"
#include "remora/base/random.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <vector>

using namespace remora;
using doctest::Approx;

namespace {

const signal::regime_settings settings;

struct market {
  signal::regime_detector detector{settings};
  philox random{9};
  timestamp now{};
  int changes = 0;

  void bar(double log_return, std::optional<double> soc = 0.5) {
    now += seconds(1);
    changes += detector.add({log_return, soc}, now, settings).has_value() ? 1 : 0;
  }
  void play(int bars, double deviation, double drift = 0, std::optional<double> soc = 0.5) {
    for (int i = 0; i < bars; ++i) bar(drift + deviation * random.normal(), soc);
  }
};

}  // namespace

TEST_CASE("a burst of volatility is HIGH_VOLATILITY and passes when it does") {
  market m;
  m.play(600, 1e-4);
  m.play(25, 3e-4);
  CHECK(m.detector.current() == regime::high_volatility);
  m.play(80, 1e-4);
  CHECK(m.detector.current() < regime::high_volatility);
}

TEST_CASE("turbulence is HIGH_VOLATILITY also where most of the past was turbulent") {
  market m;
  m.play(1'500, 1e-4);
  m.play(8'000, 3e-4);
  CHECK(m.detector.current() == regime::high_volatility);
  CHECK(m.detector.measures().volatility_ratio == Approx(3).epsilon(0.5));
}

TEST_CASE("a drift far below the noise of a bar is TRENDING before two hundred bars are over, up or down") {
  for (const double drift : {0.25e-4, -0.25e-4}) {
    market m;
    m.play(600, 1e-4);
    int bars = 0;
    while (m.detector.current() != regime::trending && bars < 400) m.play(1, 1e-4, drift), ++bars;
    CHECK(bars < 200);
    m.play(200, 1e-4, drift);
    CHECK(m.detector.current() == regime::trending);
    CHECK(m.detector.measures().direction == (drift > 0 ? 1 : -1));
  }
}

TEST_CASE("CRISIS takes large returns and criticality, neither of which is enough") {
  const struct { double deviation, soc; regime state; } rows[] = {
      {4.5e-4, 0.9, regime::crisis}, {4.5e-4, 0.5, regime::high_volatility}, {2.6e-4, 0.85, regime::high_volatility}, {1e-4, 0.99, regime::normal}};
  for (const auto& row : rows) {
    CAPTURE(row.deviation);
    CAPTURE(row.soc);
    market m;
    m.play(900, 1e-4);
    m.play(60, row.deviation, 0, row.soc);
    CHECK(m.detector.current() == row.state);
  }
}

TEST_CASE("without a criticality score there is no CRISIS") {
  market m;
  m.play(600, 1e-4, 0, std::nullopt);
  m.play(300, 6e-4, 0, std::nullopt);
  CHECK(m.detector.current() == regime::high_volatility);
}

TEST_CASE("a score that oscillates around a threshold causes at most one transition") {
  for (const int half_period : {1, 5, 30, 100}) {
    CAPTURE(half_period);
    market m;
    m.play(900, 1e-4);
    m.play(60, 4.5e-4, 0, 0.5);
    REQUIRE(m.detector.current() == regime::high_volatility);
    m.changes = 0;
    for (int i = 0; i < 1'200; ++i) m.play(1, 4.5e-4, 0, i / half_period % 2 == 0 ? 0.81 : 0.79);
    CHECK(m.changes == 1);
    CHECK(m.detector.current() == regime::crisis);
  }
}

TEST_CASE("a volatility that oscillates around its threshold causes at most one transition") {
  for (const int half_period : {1, 10, 30, 100}) {
    CAPTURE(half_period);
    market m;
    for (int i = 0; i < 2'000; ++i) m.bar(i % 2 == 0 ? 1e-4 : -1e-4);
    const double calm = 1e-4 / m.detector.measures().volatility_ratio;
    m.changes = 0;
    for (int i = 0; i < 1'000; ++i) {
      const double ratio = i / half_period % 2 == 0 ? 2.05 : 1.9;
      m.bar((i % 2 == 0 ? 1 : -1) * ratio * calm);
    }
    CHECK(m.changes <= 1);
    if (half_period >= 30) CHECK(m.changes == 1);
  }
}

TEST_CASE("a probability of drift that oscillates around its threshold causes at most one transition") {
  signal::regime_measures likely, less;
  likely.trend_probability = settings.trend_probability + 0.01;
  less.trend_probability = settings.trend_probability - 0.01;
  regime state = regime::normal;
  int changes = 0;
  for (int i = 0; i < 100; ++i) {
    const regime next = signal::regime_after(state, i % 2 == 0 ? less : likely, settings);
    changes += next == state ? 0 : 1;
    state = next;
  }
  CHECK(changes == 1);
  CHECK(state == regime::trending);
}

TEST_CASE("a better state is not entered before the time of dwell, a worse one at once") {
  market m;
  for (int i = 0; i < 600; ++i) m.bar(i % 2 == 0 ? 1e-4 : -1e-4);
  m.bar(2e-3);
  CHECK(m.detector.current() == regime::high_volatility);
  int bars = 0;
  while (m.detector.current() == regime::high_volatility && bars < 100) m.bar(bars % 2 == 0 ? 1e-4 : -1e-4), ++bars;
  CHECK(bars >= settings.min_dwell / seconds(1));
  CHECK(bars < 30);
}

TEST_CASE("volatility is not measured finer than a tick") {
  signal::regime_detector detector(settings);
  philox random(2);
  timestamp now{};
  for (int i = 0; i < 1'000; ++i) {
    now += seconds(1);
    const double log_return = i < 500 ? 0 : 1e-5 * random.normal();
    CHECK_FALSE(detector.add({log_return, 0.5, 1e-5}, now, settings).value_or(regime_changed{}).after >= regime::high_volatility);
  }
}

TEST_CASE("a return that is no number changes nothing") {
  market m;
  m.play(300, 1e-4);
  const std::string before = signal::state_of(m.detector);
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) m.bar(bad);
  CHECK(signal::state_of(m.detector) == before);
}

TEST_CASE("a regime detector goes on from a checkpoint as if it had never stopped") {
  struct bar {
    double log_return;
    timestamp at;
  };
  std::vector<bar> bars;
  philox random(3);
  for (int i = 0; i < 900; ++i) bars.push_back({(i % 300 < 200 ? 1e-4 : 5e-4) * random.normal(), timestamp{} + seconds(i)});
  CHECK(signal::continues(signal::regime_detector(settings), bars,
                          [](signal::regime_detector& d, const bar& b) { (void)d.add({b.log_return, 0.9}, b.at, settings); }));
}

TEST_CASE("a drift filter forgets at a restart, and refuses what is no number") {
  signal::drift_filter filter;
  for (int i = 0; i < 100; ++i) filter.push(1);
  CHECK(filter.up() > 0.9);
  CHECK(filter.count() == 100);
  CHECK_FALSE(filter.push(std::numeric_limits<double>::quiet_NaN()));
  CHECK(filter.count() == 100);
  filter.restart();
  CHECK(filter.probability() == 0.5);
  for (int i = 0; i < 3; ++i) filter.push(-1e9);
  CHECK(filter.probability() < 0.9);  // a single bar counts as three deviations at most
}

TEST_CASE("a score is the weighted mean of its parts, each within [0, 1]") {
  signal::score_input input;
  input.whale_confidence = 1;
  input.moving = signal::momentum_reading{6, 0.01};
  input.state = regime::trending;
  input.imbalance = 1;
  const signal::composite_settings rule;
  CHECK(signal::composite_score(input, rule).value == doctest::Approx(1.0));
  input.direction = side::sell;
  const auto against = signal::composite_score(input, rule);
  CHECK(against.value == doctest::Approx(0.7));
  CHECK(against.parts.size() == 4);
}
