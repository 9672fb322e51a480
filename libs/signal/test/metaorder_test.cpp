#include "remora/base/random.hpp"
#include "remora/signal/metaorder_detector.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <vector>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

/// Signs of traders who split orders of power-law length (Lillo, Mike, Farmer 2005).
class splitters {
 public:
  explicit splitters(std::size_t traders) : left_(traders), sides_(traders, side::buy) {}
  side next(philox& draws) {
    const auto who = draws.below(left_.size());
    if (left_[who] == 0) {
      left_[who] = static_cast<std::uint64_t>(std::pow(draws.uniform(), -1 / 1.5));
      sides_[who] = draws.below(2) == 0 ? side::buy : side::sell;
    }
    --left_[who];
    return sides_[who];
  }

 private:
  std::vector<std::uint64_t> left_;
  std::vector<side> sides_;
};

aggressor_order_seen order_of(side aggressor, std::int64_t lots = 1) {
  return {instrument_id{1}, aggressor, {100}, {100}, {lots}, amount::units(lots), 1, 7, 8, {}};
}

/// Orders between alarms, in the long run.
double orders_between(double threshold, int orders) {
  philox draws(1);
  splitters flow(20);
  metaorder_detector detector({.threshold = threshold, .pause = 0});
  int alarms = 0;
  for (int i = 0; i < orders; ++i) alarms += detector.add(order_of(flow.next(draws)), {}) ? 1 : 0;
  return static_cast<double>(orders) / alarms;
}

}  // namespace

TEST_CASE("row 17: what a matching sign and another one add") {
  metaorder_detector detector;
  detector.add(order_of(side::buy), {});
  CHECK(detector.evidence(side::buy) == Approx(0.2623643).epsilon(1e-6));
  detector.add(order_of(side::buy), {});
  detector.add(order_of(side::sell), {});
  CHECK(detector.evidence(side::buy) == Approx(2 * 0.2623643 - 0.3566749).epsilon(1e-6));
  CHECK(detector.evidence(side::sell) == Approx(0.2623643).epsilon(1e-6));
}

TEST_CASE("flow with long memory raises alarms far more often than independent signs would") {
  const double at_ten = orders_between(10, 500'000), at_twenty = orders_between(20, 1'000'000);
  MESSAGE("orders between alarms of twenty splitting traders: " << at_ten << " at 10, " << at_twenty << " at 20");
  CHECK(at_ten == Approx(1'090).epsilon(0.25));
  CHECK(at_twenty == Approx(4'110).epsilon(0.35));
}

TEST_CASE("a metaorder of 30 % of the flow is found within five hundred orders or so, on its side") {
  std::vector<double> delays;
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    philox draws(seed, 2);
    splitters flow(20);
    metaorder_detector detector({.threshold = 20});
    for (int i = 0; i < 2'000; ++i) static_cast<void>(flow.next(draws));
    for (int i = 0; i < 2'000; ++i) {
      const auto told = detector.add(order_of(draws.uniform() < 0.3 ? side::buy : flow.next(draws)), {});
      if (!told || told->direction != side::buy) continue;
      ++found;
      delays.push_back(i);
      break;
    }
  }
  std::sort(delays.begin(), delays.end());
  MESSAGE("found " << found << " of 200, median delay " << delays[delays.size() / 2]);
  CHECK(found >= 190);
  CHECK(delays[delays.size() / 2] < 550);
}

TEST_CASE("a side is told once in a pause, with its orders, its share and what it may have traded") {
  metaorder_detector detector({.threshold = 10, .pause = 500});
  int told = 0;
  for (int i = 0; i < 400; ++i) {
    const auto found = detector.add(order_of(side::sell, 100), timestamp_of(i));
    if (!found) continue;
    ++told;
    CHECK(found->direction == side::sell);
    CHECK(found->orders == 39);  // 39 × 0.2623643 > 10
    CHECK(found->matching == found->orders);
    CHECK(found->notional == amount::units(3'900));
    CHECK(found->size.lots == 3'900);
    CHECK(found->first_trade_id == 7);
  }
  CHECK(told == 1);
  for (int i = 400; i < 600; ++i) told += detector.add(order_of(side::sell, 100), {}) ? 1 : 0;
  CHECK(told == 2);
}
