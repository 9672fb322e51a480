#include "remora/signal/whale_detector.hpp"

#include "remora/base/random.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace remora;

namespace {

aggressor_order_seen order_of(std::int64_t lots, side direction = side::buy, price first = {1000}, price last = {1000}) {
  return {instrument_id{1}, direction, first, last, {lots}, amount::units(lots * 1000), 1, 1, 1, {}};
}

/// A detector that has seen `count` volumes from N(1000, 100).
signal::whale_detector warm(const signal::whale_settings& settings, philox& random, int count = 200) {
  signal::whale_detector detector(settings);
  for (int i = 0; i < count; ++i) (void)detector.judge(order_of(static_cast<std::int64_t>(1000 + 100 * random.normal())), settings);
  return detector;
}

}  // namespace

TEST_CASE("a volume of 5000 against N(1000, 100) is a whale with confidence over 0.9") {
  philox random(1);
  const signal::whale_settings settings;
  auto detector = warm(settings, random);
  const auto whale = detector.judge(order_of(5000), settings);
  REQUIRE(whale);
  CHECK(whale->confidence > 0.9);
  CHECK(whale->z > 25);
  CHECK(whale->dominant == side::buy);
}

TEST_CASE("false alarms on N(1000, 100) stay under one in a hundred") {
  philox random(2);
  const signal::whale_settings settings;
  auto detector = warm(settings, random);
  int alarms = 0;
  constexpr int orders = 20'000;
  for (int i = 0; i < orders; ++i)
    alarms += detector.judge(order_of(static_cast<std::int64_t>(1000 + 100 * random.normal())), settings).has_value() ? 1 : 0;
  CHECK(alarms < orders / 100);
  CHECK(alarms > 0);
}

TEST_CASE("nothing is concluded before enough orders, below the floor, or without impact where that is a condition") {
  philox random(3);
  signal::whale_settings settings;
  auto young = warm(settings, random, 29);
  CHECK_FALSE(young.judge(order_of(5000), settings));
  settings.min_whale_size = amount::units(6'000'000);
  auto floored = warm(settings, random);
  CHECK_FALSE(floored.judge(order_of(5000), settings));
  settings.min_whale_size = amount::units(1'000'000);
  settings.require_impact = true;
  auto strict = warm(settings, random);
  CHECK_FALSE(strict.judge(order_of(5000, side::buy, {1000}, {1001}), settings));
  auto moved = warm(settings, random);
  CHECK(moved.judge(order_of(5000, side::buy, {1000}, {1010}), settings));
}

TEST_CASE("impact beyond the threshold raises confidence, and never above one") {
  philox a(4), b(4);
  const signal::whale_settings settings;
  auto still = warm(settings, a), moving = warm(settings, b);
  const auto without = still.judge(order_of(1500, side::sell, {1000}, {1000}), settings);
  const auto with = moving.judge(order_of(1500, side::sell, {1000}, {990}), settings);
  REQUIRE(without);
  REQUIRE(with);
  CHECK(with->confidence == doctest::Approx(without->confidence + 0.1));
  CHECK(with->impact == doctest::Approx(0.01));
  philox c(4);
  auto sure = warm(settings, c);
  CHECK(sure.judge(order_of(9000, side::sell, {1000}, {900}), settings)->confidence == 1.0);
}
