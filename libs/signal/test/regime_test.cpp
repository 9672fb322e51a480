#include "remora/signal/composite.hpp"
#include "remora/signal/regime_detector.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

using namespace remora;

namespace {

const signal::regime_settings settings;

struct market {
  signal::regime_detector detector{settings};
  philox random{9};
  timestamp now{};
  int changes = 0;

  void play(int bars, double deviation, double drift = 0) {
    for (int i = 0; i < bars; ++i) {
      now += seconds(1);
      changes += detector.add(drift + deviation * random.normal(), 10, now, settings).has_value() ? 1 : 0;
    }
  }
};

}  // namespace

TEST_CASE("a burst of volatility is HIGH_VOLATILITY and passes when it does") {
  market m;
  m.play(600, 1e-4);
  m.play(25, 6e-4);
  CHECK(m.detector.current() == regime::high_volatility);
  m.play(200, 1e-4);
  CHECK(m.detector.current() != regime::high_volatility);
}

TEST_CASE("a steady drift is TRENDING") {
  market m;
  m.play(300, 1e-4);
  m.play(80, 1e-4, 1.5e-4);
  CHECK(m.detector.current() == regime::trending);
}

TEST_CASE("a measure that oscillates around a threshold causes one transition") {
  const signal::regime_measures above{2.05, 0, 0}, below{1.95, 0, 0};
  CHECK(signal::holds(regime::high_volatility, above, settings, 1.0));
  CHECK_FALSE(signal::holds(regime::high_volatility, below, settings, 1.0));
  CHECK(signal::holds(regime::high_volatility, below, settings, settings.hysteresis));
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
