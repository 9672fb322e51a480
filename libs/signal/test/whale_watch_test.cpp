#include "remora/signal/whale_watch.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <string>

using namespace remora;
using namespace remora::signal;

namespace {

const microstructure no_book;

whale_settings low_floor() {
  whale_settings settings;
  settings.min_whale_size = amount::units(1);
  return settings;
}

aggressor_order_seen order_of(std::int64_t lots, side direction = side::buy, price last = {100'000}) {
  return {instrument_id{1}, direction, {100'000}, last, {lots}, amount::units(lots), 1, 3, 4, {}};
}

/// Feeds orders of log-normal size and random side, with a bar every twenty.
class crowd {
 public:
  explicit crowd(std::uint64_t seed) : draws_(seed) {}
  whale_watch::judgement next(whale_watch& watch, const whale_settings& settings) {
    if (++seen_ % 20 == 0) watch.rest(1e-5 * draws_.normal(), {2'000});
    const auto lots = static_cast<std::int64_t>(std::ceil(50 * std::exp(1.5 * draws_.normal())));
    return watch.judge(order_of(lots, draws_.below(2) == 0 ? side::buy : side::sell), no_book, timestamp_of(seen_ * 1'000'000), settings);
  }
  void feed(whale_watch& watch, const whale_settings& settings, int orders) {
    for (int i = 0; i < orders; ++i) static_cast<void>(next(watch, settings));
  }
  philox& draws() noexcept { return draws_; }

 private:
  philox draws_;
  std::int64_t seen_ = 0;
};

whale_watch warm(const whale_settings& settings, int orders = 6'000) {
  whale_watch watch(settings);
  crowd(1).feed(watch, settings, orders);
  return watch;
}

}  // namespace

TEST_CASE("before there are a thousand orders the baseline judges, and says so") {
  const auto settings = low_floor();
  auto watch = warm(settings, 500);
  const auto judged = watch.judge(order_of(100'000), no_book, {}, settings);
  REQUIRE(judged.size);
  CHECK(judged.size->detector == "zscore-baseline");
  CHECK(judged.size->result == weighing::whale);
  CHECK(judged.size->size_evidence == 0);
}

TEST_CASE("afterwards the tail of sizes judges, and what is known of the order stands beside it") {
  const auto settings = low_floor();
  auto watch = warm(settings);
  const auto judged = watch.judge(order_of(1'000'000, side::sell, {99'900}), no_book, {}, settings);
  REQUIRE(judged.size);
  const candidate_weighed& whale = *judged.size;
  CHECK(whale.detector == "extreme-value");
  CHECK(whale.result == weighing::whale);
  CHECK(whale.dominant == side::sell);
  CHECK(whale.size_evidence > 4);
  CHECK(whale.impact == doctest::Approx(0.001));
  CHECK(whale.impact_ratio > 1);
  CHECK(whale.z > 3);
  CHECK(whale.confidence > 0.5);
  CHECK(whale.floor > settings.min_whale_size);  // the trailing quantile
  CHECK(whale.last_trade_id == 4);
}

TEST_CASE("the blueprint's rule can be asked for, for ever") {
  auto settings = low_floor();
  settings.detector = size_detector::zscore_baseline;
  auto watch = warm(settings);
  const auto judged = watch.judge(order_of(1'000'000), no_book, {}, settings);
  REQUIRE(judged.size);
  CHECK(judged.size->detector == "zscore-baseline");
  CHECK(judged.size->confidence == 1);
}

TEST_CASE("an order under the floor is weighed and is no whale") {
  auto settings = low_floor();
  settings.min_whale_size = amount::units(2'000'000);
  auto watch = warm(settings);
  const auto judged = watch.judge(order_of(1'000'000), no_book, {}, settings);
  REQUIRE(judged.size);
  CHECK(judged.size->result == weighing::below_floor);
  CHECK(watch.judge(order_of(3'000'000), no_book, {}, settings).size->result == weighing::whale);
}

TEST_CASE("impact can be made a condition, absolute or against the square-root law") {
  auto settings = low_floor();
  settings.require_impact = true;
  auto watch = warm(settings);
  CHECK(watch.judge(order_of(1'000'000), no_book, {}, settings).size->result == weighing::ordinary);
  CHECK(watch.judge(order_of(1'000'000, side::buy, {100'300}), no_book, {}, settings).size->result == weighing::whale);
  settings.impact_ratio = 1e9;
  CHECK(watch.judge(order_of(1'000'000, side::buy, {100'100}), no_book, {}, settings).size->result == weighing::ordinary);
  CHECK(watch.judge(order_of(1'000'000, side::buy, {100'300}), no_book, {}, settings).size->result == weighing::whale);
}

TEST_CASE("alarms keep the promised rate, and no burst has more than its tokens") {
  const auto settings = low_floor();
  auto watch = warm(settings);
  crowd more(2);
  int alarms = 0;
  constexpr int orders = 50'000;
  for (int i = 0; i < orders; ++i) {
    const auto judged = more.next(watch, settings);
    alarms += judged.size && judged.size->result == weighing::whale ? 1 : 0;
  }
  const double expected = orders * settings.alarm_rate;
  CHECK(alarms == doctest::Approx(expected).epsilon(4 / std::sqrt(expected)));
  int burst = 0, withheld = 0;
  for (int i = 0; i < 30; ++i) {
    const auto judged = watch.judge(order_of(10'000'000LL << i), no_book, {}, settings);
    burst += judged.size && judged.size->result == weighing::whale ? 1 : 0;
    withheld += judged.size && judged.size->result == weighing::withheld ? 1 : 0;
  }
  CHECK(burst <= 20);
  CHECK(withheld > 0);
}

TEST_CASE("a side that is worked off is a whale of many orders, with their sum and their move") {
  const auto settings = low_floor();
  auto watch = warm(settings);
  std::optional<candidate_weighed> run;
  for (int i = 0; i < 400 && !run; ++i) run = watch.judge(order_of(50, side::sell, {100'000 - i}), no_book, timestamp_of(i), settings).run;
  REQUIRE(run);
  CHECK(run->detector == "metaorder");
  CHECK(run->dominant == side::sell);
  CHECK(run->result == weighing::whale);
  CHECK(run->orders > 50);
  CHECK(run->size.lots > 1'000);
  CHECK(run->sign_evidence > settings.metaorder_threshold);
  CHECK(run->impact > 0);
}

TEST_CASE("bad sizes, prices and times are judged without a word and without harm") {
  const auto settings = low_floor();
  auto watch = warm(settings);
  auto twin = watch;
  aggressor_order_seen bad = order_of(100);
  bad.notional = amount{};
  bad.first_price = {0};
  CHECK_FALSE(watch.judge(bad, no_book, {}, settings).size);
  bad.notional = amount{-5};
  bad.size = {-5};
  CHECK_FALSE(watch.judge(bad, no_book, {}, settings).size);
  watch.rest(std::nan(""), {5});
  watch.rest(1e-5, {-5});
  const auto one = watch.judge(order_of(1'000'000), no_book, {}, settings), other = twin.judge(order_of(1'000'000), no_book, {}, settings);
  CHECK(one.size->size_evidence == doctest::Approx(other.size->size_evidence).epsilon(0.02));
}

TEST_CASE("a watch that was saved goes on with the same bits and the same settings, in one that knows neither") {
  auto settings = low_floor();
  settings.alarm_rate = 0.01;
  settings.metaorder_rate = 0.002;
  settings.metaorder_threshold = 6;
  settings.floor_quantile = 0.9;
  settings.lookback_period = 40;
  for (const int split : {10, 999, 1'500, 5'500}) {
    CAPTURE(split);
    crowd flow(4);
    whale_watch one(settings);
    flow.feed(one, settings, split);
    state_writer writer;
    writer(one);
    whale_watch other;
    state_reader reader(writer.bytes());
    reader(other);
    REQUIRE(reader.complete());
    crowd same = flow;
    int told = 0;
    for (int i = 0; i < 3'000; ++i) {
      const auto a = flow.next(one, settings), b = same.next(other, settings);
      REQUIRE(a.size.has_value() == b.size.has_value());
      REQUIRE(a.run.has_value() == b.run.has_value());
      if (a.size) REQUIRE(a.size->confidence == b.size->confidence);
      if (a.size) REQUIRE(a.size->result == b.size->result);
      told += (a.size && a.size->result == weighing::whale ? 1 : 0) + (a.run ? 1 : 0);
    }
    CHECK(told > 10);
  }
}
