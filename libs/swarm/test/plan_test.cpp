#include "remora/base/random.hpp"
#include "remora/swarm/plan.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <numeric>

using namespace remora;
using namespace remora::swarm;

namespace {

instrument plain() {
  instrument what;
  what.id = instrument_id{1};
  what.tick_size = {1, 2};
  what.lot_size = {1, 3};
  return what;
}

std::int64_t sum_of(const std::vector<planned_child>& plan) {
  return std::accumulate(plan.begin(), plan.end(), std::int64_t{0},
                         [](std::int64_t sum, const planned_child& child) { return sum + child.size.lots; });
}

plan_request request_for(std::int64_t lots, double urgency = 0.5, std::uint64_t parent = 1) {
  return {parent_id{parent}, {lots}, urgency, {10'000}, false};
}

}  // namespace

TEST_CASE("row 50: a thousand lots in proportion to five weights, exactly, the remainder to the largest") {
  CHECK(allocate(1000, {.5, 1.2, .9, 1.7, .7}) == std::vector<std::int64_t>{100, 240, 180, 340, 140});
  CHECK(allocate(2, {1, 1, 1}) == std::vector<std::int64_t>{1, 1, 0});
  CHECK(allocate(0, {1, 2}) == std::vector<std::int64_t>{0, 0});
}

TEST_CASE("an allocation of the largest quantity is exact in sum") {
  constexpr std::int64_t all = std::numeric_limits<std::int64_t>::max();
  const auto parts = allocate(all, {1e-9, 3, 2.5, 1e5});
  CHECK(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == all);
  CHECK(*std::min_element(parts.begin(), parts.end()) >= 0);
}

TEST_CASE("the sizes of a plan spread as log-normal weights do") {
  swarm_settings s;
  s.min_orders = s.max_orders = 50;
  double total = 0;
  constexpr int plans = 400;
  for (std::uint64_t parent = 1; parent <= plans; ++parent) {
    const auto plan = plan_of(request_for(1'000'000'000, 0.5, parent), plain(), s);
    REQUIRE(plan.size() == 50);
    double squares = 0;
    for (const auto& child : plan) squares += std::pow(static_cast<double>(child.size.lots) / 1e9, 2);
    total += 50 * squares;
  }
  CHECK(total / plans == doctest::Approx(1.273).epsilon(0.02));
}

TEST_CASE("any plan sums exactly, respects the filters, and has 10 to 100 children where the filters allow it") {
  philox random(11);
  for (std::uint64_t parent = 1; parent <= 3000; ++parent) {
    instrument what = plain();
    what.quantity_min = {1 + static_cast<std::int64_t>(random.below(20))};
    what.quantity_max = {random.below(2) == 0 ? 0 : what.quantity_min.lots * 30 + static_cast<std::int64_t>(random.below(5000))};
    what.notional_min = amount::units(static_cast<std::int64_t>(random.below(20)));
    const auto request =
        request_for(1 + static_cast<std::int64_t>(random.below(random.below(2) == 0 ? 400 : 1'000'000)), random.uniform(), parent);
    const auto plan = plan_of(request, what, {});
    const auto [min, max] = limits_of(what, request.reference);
    CAPTURE(parent);
    CAPTURE(request.size.lots);
    if (request.size < min || min > max) {
      CHECK(plan.empty());
      continue;
    }
    REQUIRE(!plan.empty());
    CHECK(plan.size() <= 100);
    CHECK(sum_of(plan) <= request.size.lots);
    const bool fits = max.lots > request.size.lots / 100;
    if (max.lots >= 2 * min.lots) CHECK(sum_of(plan) == (fits ? request.size.lots : std::min(request.size.lots, max.lots * 100)));
    for (const auto& child : plan) {
      CHECK(child.size >= min);
      CHECK(child.size <= max);
      CHECK(child.delay.count() >= 0);
      CHECK(child.delay <= milliseconds(5000));
    }
    if (request.size.lots >= 12 * min.lots + 12 && max.lots >= 2 * min.lots) CHECK(plan.size() >= 10);
    CHECK(std::is_sorted(plan.begin(), plan.end(), [](const auto& a, const auto& b) { return a.delay < b.delay; }));
    CHECK(plan == plan_of(request, what, {}));
  }
}

TEST_CASE("a plan depends on the seed and the parent and on nothing else") {
  swarm_settings other;
  other.seed = 2;
  const auto plan = plan_of(request_for(10'000), plain(), {});
  CHECK(plan != plan_of(request_for(10'000, 0.5, 2), plain(), {}));
  CHECK(plan != plan_of(request_for(10'000), plain(), other));
}

TEST_CASE("what is too small for the venue is not planned, unless it closes a rest") {
  instrument what = plain();
  what.quantity_min = {5};
  CHECK(plan_of(request_for(4), what, {}).empty());
  CHECK(plan_of(request_for(0), what, {}).empty());
  auto closing = request_for(4);
  closing.reduce_only = true;
  const auto plan = plan_of(closing, what, {});
  REQUIRE(plan.size() == 1);
  CHECK(plan[0].size.lots == 4);
}

TEST_CASE("what exceeds the largest orders altogether is left over") {
  instrument what = plain();
  what.quantity_max = {10};
  CHECK(sum_of(plan_of(request_for(1'000'000), what, {})) == 1000);
}

TEST_CASE("an urgent parent starts at once and early, a patient one spreads evenly and rests") {
  const auto urgent = plan_of(request_for(100'000, 1.0), plain(), {});
  const auto patient = plan_of(request_for(100'000, 0.0), plain(), {});
  CHECK(urgent.front().delay.count() == 0);
  CHECK(urgent.front().force == time_in_force::ioc);
  CHECK(patient.front().delay.count() > 0);
  CHECK(patient.front().force == time_in_force::post_only);
  double mean_urgent = 0, mean_patient = 0;
  for (const auto& child : urgent) mean_urgent += static_cast<double>(child.delay.count()) / static_cast<double>(urgent.size());
  for (const auto& child : patient) mean_patient += static_cast<double>(child.delay.count()) / static_cast<double>(patient.size());
  CHECK(mean_urgent < 1.2e9);
  CHECK(mean_patient == doctest::Approx(2.5e9).epsilon(0.3));
}

TEST_CASE("row 84: the gaps between nine delays without urgency are uniform spacings") {
  swarm_settings s;
  s.min_orders = s.max_orders = 9;
  double sum = 0, squares = 0;
  constexpr int plans = 30'000;
  for (std::uint64_t parent = 1; parent <= plans; ++parent) {
    double before = 0;
    for (const planned_child& child : plan_of(request_for(100'000, 0, parent), plain(), s)) {
      const double at = static_cast<double>(child.delay.count()) / 5e9;
      sum += at - before;
      squares += (at - before) * (at - before);
      before = at;
    }
  }
  // 9 gaps a plan; their errors are near 0.2 %, four of them 1 %.
  const double gaps = 9.0 * plans, mean = sum / gaps;
  CHECK(mean == doctest::Approx(0.1).epsilon(0.01));
  CHECK(std::sqrt(squares / gaps - mean * mean) == doctest::Approx(0.0904534).epsilon(0.01));
}

TEST_CASE("the schedule's curve runs from nothing to all and is front-loaded by urgency") {
  for (const double urgency : {0.0, 0.5, 1.0}) {
    CHECK(time_of_share(0, urgency) == doctest::Approx(0));
    CHECK(time_of_share(1, urgency) == doctest::Approx(1));
  }
  CHECK(time_of_share(0.5, 0) == 0.5);
  CHECK(time_of_share(0.5, 0.5) < 0.3);
  CHECK(time_of_share(0.5, 1) < time_of_share(0.5, 0.5));
}
