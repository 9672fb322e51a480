#include "remora/signal/zscore_detector.hpp"

#include "remora/base/random.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace remora;

namespace {

aggressor_order_seen order_of(std::int64_t lots, side direction = side::buy) {
  return {instrument_id{1}, direction, {1000}, {1000}, {lots}, amount::units(lots * 1000), 1, 1, 1, {}};
}

/// A detector that has seen `count` volumes from N(1000, 100).
signal::zscore_detector warm(const signal::whale_settings& settings, philox& random, int count = 200) {
  signal::zscore_detector detector(settings);
  for (int i = 0; i < count; ++i) detector.judge(order_of(static_cast<std::int64_t>(1000 + 100 * random.normal())), false, settings);
  return detector;
}

}  // namespace

TEST_CASE("a volume of 5000 against N(1000, 100) is a whale with confidence over 0.9") {
  philox random(1);
  const signal::whale_settings settings;
  auto detector = warm(settings, random);
  const auto verdict = detector.judge(order_of(5000), false, settings);
  CHECK(verdict.alarm);
  CHECK(verdict.confidence > 0.9);
  CHECK(verdict.z > 25);
  CHECK(verdict.dominant == side::buy);
}

TEST_CASE("false alarms on N(1000, 100) stay under one in a hundred") {
  philox random(2);
  const signal::whale_settings settings;
  auto detector = warm(settings, random);
  int alarms = 0;
  constexpr int orders = 20'000;
  for (int i = 0; i < orders; ++i)
    alarms += detector.judge(order_of(static_cast<std::int64_t>(1000 + 100 * random.normal())), false, settings).alarm ? 1 : 0;
  CHECK(alarms < orders / 100);
  CHECK(alarms > 0);
}

TEST_CASE("nothing is concluded before enough orders") {
  philox random(3);
  const signal::whale_settings settings;
  auto young = warm(settings, random, 29);
  CHECK_FALSE(young.judge(order_of(5000), false, settings).alarm);
  CHECK(young.judge(order_of(5000), false, settings).alarm);
}

TEST_CASE("impact raises confidence by a tenth, and never above one") {
  philox a(4), b(4), c(4);
  const signal::whale_settings settings;
  auto still = warm(settings, a), moving = warm(settings, b), sure = warm(settings, c);
  const auto without = still.judge(order_of(1500, side::sell), false, settings);
  const auto with = moving.judge(order_of(1500, side::sell), true, settings);
  CHECK(with.confidence == doctest::Approx(without.confidence + 0.1));
  CHECK(sure.judge(order_of(9000, side::sell), true, settings).confidence == 1.0);
}

TEST_CASE("the side that prevails is that of the net volume of the lookback") {
  const signal::whale_settings settings;
  signal::zscore_detector detector(settings);
  for (int i = 0; i < 50; ++i) detector.judge(order_of(100, side::sell), false, settings);
  CHECK(detector.judge(order_of(4000, side::buy), false, settings).dominant == side::sell);
  CHECK(detector.judge(order_of(4000, side::buy), false, settings).dominant == side::buy);
}
