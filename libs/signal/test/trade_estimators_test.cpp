#include "continued.hpp"
#include "remora/base/random.hpp"
#include "remora/signal/kyle_lambda.hpp"
#include "remora/signal/trade_spreads.hpp"
#include "remora/signal/vpin.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

timestamp at_second(double seconds) { return timestamp(nanoseconds(static_cast<std::int64_t>(seconds * 1e9))); }

struct trade {
  std::int64_t lots = 0;
  side aggressor = side::buy;
  timestamp time{};
};

std::vector<trade> random_trades(std::size_t count, std::uint64_t largest = 40) {
  philox draws(31);
  std::vector<trade> trades;
  double now = 1000;
  for (std::size_t i = 0; i < count; ++i) {
    now += draws.exponential();
    const auto lots = 1 + static_cast<std::int64_t>(draws.below(largest));
    trades.push_back({lots, draws.uniform() < 0.55 ? side::buy : side::sell, at_second(now)});
  }
  return trades;
}

/// VPIN of the last `buckets` full buckets, lot by lot.
std::optional<double> batch_vpin(const std::vector<trade>& trades, std::size_t bucket, std::size_t buckets) {
  std::vector<int> signs;
  for (const trade& each : trades) signs.insert(signs.end(), static_cast<std::size_t>(each.lots), sign_of(each.aggressor));
  const std::size_t full = signs.size() / bucket;
  if (full < buckets) return std::nullopt;
  double total = 0;
  for (std::size_t b = full - buckets; b < full; ++b) {
    int net = 0;
    for (std::size_t i = b * bucket; i < (b + 1) * bucket; ++i) net += signs[i];
    total += std::abs(net);
  }
  return total / static_cast<double>(buckets * bucket);
}

void play(trade_spreads& spreads, const trade& each) {
  spreads.add_mid(100 + static_cast<double>(each.lots) / 100, each.time);
  spreads.add_trade({100 + sign_of(each.aggressor)}, each.aggressor, each.time);
}

void play(kyle_lambda& kyle, const trade& each) {
  kyle.add_mid(1000 + static_cast<double>(each.lots), each.time);
  kyle.add_trade({each.lots}, each.aggressor, each.time);
}

}  // namespace

TEST_CASE("VPIN in a stream equals VPIN lot by lot, with trades that cross buckets") {
  std::vector<trade> sofar;
  vpin toxicity({25, 8, 50});
  for (const trade& each : random_trades(300)) {
    sofar.push_back(each);
    REQUIRE(toxicity.add({each.lots}, each.aggressor));
    const auto truth = batch_vpin(sofar, 25, 8);
    REQUIRE(toxicity.value().has_value() == truth.has_value());
    if (truth) CHECK(*toxicity.value() == Approx(*truth));
  }
  CHECK(toxicity.count() > 200);
}

TEST_CASE("flow of one side is VPIN 1, of sides in turn 0, and a first one-sided burst ranks at the top of its past") {
  vpin toxicity({10, 5, 100});
  for (int i = 0; i < 60; ++i) toxicity.add({5}, i % 2 == 0 ? side::buy : side::sell);
  CHECK(toxicity.value() == 0.0);
  REQUIRE(toxicity.rank());
  CHECK(*toxicity.rank() == 0.5);  // like all before it
  toxicity.add({50}, side::sell);
  CHECK(toxicity.value() == 1.0);
  CHECK(*toxicity.rank() > 0.95);
}

TEST_CASE("one trade of a million buckets fills as many as count, at once") {
  vpin toxicity({10, 5, 100});
  CHECK(toxicity.add({10'000'003}, side::buy));
  CHECK(toxicity.value() == 1.0);
  CHECK(toxicity.count() < 10);
  for (int i = 0; i < 7; ++i) toxicity.add({1}, side::sell);  // 3 are in the open bucket: full now, 3 bought and 7 sold
  CHECK(*toxicity.value() == Approx((4 + 0.4) / 5));
}

TEST_CASE("VPIN refuses sizes that are none") {
  vpin toxicity({10, 5, 100});
  CHECK_FALSE(toxicity.add({0}, side::buy));
  CHECK_FALSE(toxicity.add({-3}, side::buy));
  CHECK_FALSE(toxicity.add({std::numeric_limits<std::int64_t>::max()}, side::buy));
  CHECK(state_of(toxicity) == state_of(vpin({10, 5, 100})));
}

TEST_CASE("row 39: bulk classification of four moves, and its VPIN") {
  const double moves[] = {0.5, -1, 0, 2}, bought[] = {691.4625, 158.6553, 500, 977.2499};
  std::vector<double> found;
  for (std::size_t i = 0; i < 4; ++i) {
    found.push_back(*bulk_bought(1000, moves[i], 1));
    CHECK(std::abs(found.back() - bought[i]) < 1e-4);  // the printed digits
  }
  CHECK(std::abs(*vpin_of(found, 1000) - 0.5050285) < 1e-6);
}

TEST_CASE("bulk classification refuses what it cannot use") {
  CHECK_FALSE(bulk_bought(1000, 1, 0));
  CHECK_FALSE(bulk_bought(-1, 1, 1));
  CHECK_FALSE(bulk_bought(1000, not_a_number, 1));
  CHECK_FALSE(bulk_bought(1000, 1, not_a_number));
  const std::vector<double> over{1001}, none;
  CHECK_FALSE(vpin_of(over, 1000));
  CHECK_FALSE(vpin_of(none, 1000));
  CHECK_FALSE(vpin_of(over, not_a_number));
}

TEST_CASE("row 41: the equilibrium of one period with variance 4 and noise 10") {
  const auto e = equilibrium_of(4, 10);
  REQUIRE(e);
  CHECK(e->lambda == 0.1);
  CHECK(e->beta == 5);
  CHECK(e->profit == 10);
  CHECK(e->remaining_variance == 2);
  CHECK_FALSE(equilibrium_of(0, 10));
  CHECK_FALSE(equilibrium_of(4, not_a_number));
}

TEST_CASE("a planted lambda is found within its error after thirty bins, and not told before") {
  philox draws(41);
  kyle_lambda kyle;
  double mid = 50'000;
  for (int minute = 0; minute < 200; ++minute) {
    const double begin = 60.0 * minute;
    kyle.add_mid(mid, at_second(begin));
    const auto lots = 1 + static_cast<std::int64_t>(draws.below(1000));
    const side aggressor = draws.uniform() < 0.5 ? side::buy : side::sell;
    kyle.add_trade({lots}, aggressor, at_second(begin + 10));
    mid += 0.02 * static_cast<double>(lots) * sign_of(aggressor) + 5 * draws.normal();
    kyle.add_mid(mid, at_second(begin + 20));
    CHECK(kyle.line().has_value() == (minute >= 30));  // the thirtieth bin ends with the first event of the next
  }
  CHECK(kyle.count() == 199);
  // a uniform size up to 1000 of either sign has deviation 577
  CHECK(std::abs(kyle.line()->slope - 0.02) < 4 * 5 / (577 * std::sqrt(199)));
  CHECK(kyle.line()->t > 10);
  CHECK(kyle.line()->lag == stats::newey_west_lag(199));
}

TEST_CASE("bins remembered are bounded, and a move across a silent minute belongs to none") {
  kyle_settings settings;
  settings.bins = 40;
  kyle_lambda kyle(settings);
  for (int minute = 0; minute < 100; ++minute) kyle.add_mid(1000 + minute, at_second(60.0 * minute));
  CHECK(kyle.count() == 40);
  kyle_lambda broken;
  broken.add_mid(1000, at_second(0));
  broken.add_mid(2000, at_second(600));
  broken.add_mid(2000, at_second(660));
  CHECK(broken.count() == 2);  // the bin before the silence, the one after
  CHECK_FALSE(broken.line());
}

TEST_CASE("lambda refuses bad sizes and mids, and time that runs backwards, without a trace") {
  kyle_lambda kyle;
  kyle.add_mid(1000, at_second(10));
  const std::string before = state_of(kyle);
  CHECK_FALSE(kyle.add_trade({0}, side::buy, at_second(11)));
  CHECK_FALSE(kyle.add_trade({-5}, side::buy, at_second(11)));
  CHECK_FALSE(kyle.add_trade({5}, side::buy, at_second(9)));
  CHECK_FALSE(kyle.add_mid(not_a_number, at_second(11)));
  CHECK_FALSE(kyle.add_mid(0, at_second(11)));
  CHECK_FALSE(kyle.add_mid(1000, at_second(9)));
  CHECK(state_of(kyle) == before);
}

TEST_CASE("a trade's spreads use the mid in force before it and the one in force after five seconds") {
  trade_spreads_settings settings;
  settings.trades_min = 1;
  trade_spreads spreads(settings);
  CHECK_FALSE(spreads.add_trade({101}, side::buy, at_second(0)));  // no mid yet
  spreads.add_mid(100, at_second(1));
  CHECK(spreads.add_trade({101}, side::buy, at_second(2)));
  CHECK(*spreads.effective() == Approx(0.01));
  spreads.add_mid(100.5, at_second(6.9));
  CHECK_FALSE(spreads.realised());
  spreads.add_mid(200, at_second(7.1));
  CHECK(*spreads.impact() == Approx(0.005));
  CHECK(*spreads.realised() == Approx(0.005));
  CHECK(spreads.count() == 1);
}

TEST_CASE("effective spread is realised spread and impact, for sells as for buys") {
  trade_spreads_settings settings;
  settings.trades_min = 1;
  settings.half_life = 1e9;
  trade_spreads spreads(settings);
  spreads.add_mid(100, at_second(0));
  spreads.add_trade({99}, side::sell, at_second(1));
  spreads.add_mid(98, at_second(3));
  spreads.add_mid(98, at_second(7));
  CHECK(*spreads.effective() == Approx(0.01));
  CHECK(*spreads.impact() == Approx(0.02));
  CHECK(*spreads.realised() == Approx(-0.01));
}

TEST_CASE("trades that wait are bounded and those not measured are counted; nothing is told of few") {
  trade_spreads_settings settings;
  settings.pending_max = 3;
  trade_spreads spreads(settings);
  spreads.add_mid(100, at_second(0));
  for (int i = 0; i < 5; ++i) CHECK(spreads.add_trade({101}, side::buy, at_second(1)));
  CHECK(spreads.dropped() == 2);
  spreads.add_mid(100, at_second(10));
  CHECK(spreads.count() == 3);
  CHECK_FALSE(spreads.effective());
}

TEST_CASE("spreads refuse bad prices and time that runs backwards, and forget what waits at a break") {
  trade_spreads spreads;
  spreads.add_mid(100, at_second(5));
  const std::string before = state_of(spreads);
  CHECK_FALSE(spreads.add_mid(not_a_number, at_second(6)));
  CHECK_FALSE(spreads.add_mid(-1, at_second(6)));
  CHECK_FALSE(spreads.add_mid(100, at_second(4)));
  CHECK_FALSE(spreads.add_trade({0}, side::buy, at_second(6)));
  CHECK_FALSE(spreads.add_trade({100}, side::buy, at_second(4)));
  CHECK(state_of(spreads) == before);
  spreads.add_trade({101}, side::buy, at_second(6));
  spreads.restart();
  spreads.add_mid(100, at_second(100));
  CHECK(spreads.count() == 0);
}

TEST_CASE("the estimators of trades go on with the same bits after a restart") {
  const auto trades = random_trades(3000);
  CHECK(continues(vpin({25, 8, 50}), trades, [](vpin& e, const trade& each) { e.add({each.lots}, each.aggressor); }));
  CHECK(continues(trade_spreads(), trades, [](trade_spreads& e, const trade& each) { play(e, each); }));
  CHECK(continues(kyle_lambda(), trades, [](kyle_lambda& e, const trade& each) { play(e, each); }));
}
