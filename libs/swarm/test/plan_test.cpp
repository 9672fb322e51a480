#include "remora/base/random.hpp"
#include "remora/swarm/draws.hpp"
#include "remora/swarm/execution_cost.hpp"
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
  plan_request request;
  request.parent = parent_id{parent};
  request.size = {lots};
  request.urgency = urgency;
  request.reference = {10'000};
  return request;
}

std::vector<planned_child> plan_of(const plan_request& request, const instrument& what, const swarm_settings& settings) {
  return swarm::plan_of(planner::swarm, request, what, settings);
}

constexpr planner all_planners[] = {planner::swarm, planner::almgren_chriss, planner::twap, planner::vwap, planner::pov};

double time_of_share(double share, double urgency) { return schedule_curve(urgency).time_of(share); }

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

TEST_CASE("the plan of every planner sums exactly, respects the filters, and has 10 to 100 children where the filters allow it") {
  philox random(11);
  for (std::uint64_t parent = 1; parent <= 3000; ++parent) {
    instrument what = plain();
    what.quantity_min = {1 + static_cast<std::int64_t>(random.below(20))};
    what.quantity_max = {random.below(2) == 0 ? 0 : what.quantity_min.lots * 30 + static_cast<std::int64_t>(random.below(5000))};
    what.notional_min = amount::units(static_cast<std::int64_t>(random.below(20)));
    const auto request =
        request_for(1 + static_cast<std::int64_t>(random.below(random.below(2) == 0 ? 400 : 1'000'000)), random.uniform(), parent);
    const planner kind = all_planners[parent % std::size(all_planners)];
    const auto plan = swarm::plan_of(kind, request, what, {});
    const auto [min, max] = limits_of(what, request.reference);
    CAPTURE(parent);
    CAPTURE(name_of(kind));
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
    CHECK(std::is_sorted(plan.begin(), plan.end(), [](const auto& a, const auto& b) { return a.delay < b.delay || a.after < b.after; }));
    CHECK(plan == swarm::plan_of(kind, request, what, {}));
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

TEST_CASE("what a child draws does not depend on how many there are before it or how many draws were made for them") {
  swarm_settings s;
  s.min_orders = s.max_orders = 40;
  const auto whole = plan_of(request_for(1'000'000'000, 0), plain(), s);
  auto behind = request_for(1'000'000'000, 0);
  behind.sent = 10;
  s.min_orders = s.max_orders = 30;
  const auto tail = plan_of(behind, plain(), s);
  REQUIRE(whole.size() == 40);
  REQUIRE(tail.size() == 30);
  for (std::size_t i = 1; i < tail.size(); ++i) {
    // Of another total the same weights: sizes stand in the same proportion, but for the rounding to lots.
    const double there = static_cast<double>(whole[10 + i].size.lots) / static_cast<double>(whole[10].size.lots);
    CHECK(static_cast<double>(tail[i].size.lots) / static_cast<double>(tail[0].size.lots) == doctest::Approx(there).epsilon(1e-5));
  }
  philox once = draws_of({1, parent_id{7}, 3}, draw::size), again = draws_of({1, parent_id{7}, 3}, draw::size);
  CHECK(once.normal() == again.normal());
  CHECK(draws_of({1, parent_id{7}, 3}, draw::time)() != draws_of({1, parent_id{7}, 3}, draw::size)());
  CHECK(draws_of({1, parent_id{7}, 3}, draw::size)() != draws_of({1, parent_id{8}, 3}, draw::size)());
}

TEST_CASE("almgren_chriss cuts equal slots by the best schedule of the same urgency, to a lot") {
  swarm_settings s;
  s.min_orders = s.max_orders = 20;
  for (const double urgency : {0.0, 0.2, 0.5, 1.0}) {
    const auto plan = swarm::plan_of(planner::almgren_chriss, request_for(1'000'000, urgency), plain(), s);
    REQUIRE(plan.size() == 20);
    // The risk aversion whose schedule has kappa * T = 6 * urgency over T = 1.
    const double kappa = 6 * urgency, step = 1.0 / 20, temporary = 2e-6;
    const double aversion = 2 * temporary * (std::cosh(kappa * step) - 1) / (step * step);
    const auto best = best_schedule({1e6, 1, 20, aversion}, {1, 0, 0, temporary});
    REQUIRE(best);
    CHECK(best->kappa == doctest::Approx(kappa).epsilon(1e-6));
    for (std::size_t j = 0; j < plan.size(); ++j) {
      CHECK(std::abs(static_cast<double>(plan[j].size.lots) - (best->holdings[j] - best->holdings[j + 1])) <= 1.01);
      CHECK(plan[j].delay == milliseconds(250) * static_cast<int>(j));
    }
  }
}

TEST_CASE("twap is a clock: equal slots, sizes that differ by a lot at most, whatever parent and urgency") {
  const auto plan = swarm::plan_of(planner::twap, request_for(100'003, 1.0, 5), plain(), {});
  REQUIRE(plan.size() == 32);  // about the root of 10 * 100
  CHECK(sum_of(plan) == 100'003);
  for (const auto& child : plan) CHECK(std::abs(child.size.lots - 100'003 / 32) <= 1);
  for (std::size_t i = 1; i < plan.size(); ++i) CHECK(std::abs((plan[i].delay - plan[i - 1].delay - nanoseconds(5'000'000'000) / 32).count()) <= 1);
}

TEST_CASE("vwap follows the learned seconds of the minute, and is twap while nothing has been learned") {
  volume_profile profile;
  auto request = request_for(1'000'000);
  request.profile = &profile;
  request.start = timestamp_of(0) + seconds(60'000'000) + seconds(58);
  swarm_settings s;
  s.min_orders = s.max_orders = 20;
  const auto flat = swarm::plan_of(planner::vwap, request, plain(), s);
  CHECK(flat == swarm::plan_of(planner::twap, request, plain(), s));
  // Every minute, volume is three times as large in its first second.
  for (int second = 0; second < 60 * 40; ++second) {
    bar_closed bar{instrument_id{1}, seconds(1), timestamp_of(0) + seconds(second), {}, {}, {}, {}, {second % 60 == 0 ? 300 : 100}, {}, 1};
    CHECK(profile.learn(bar));
  }
  const auto plan = swarm::plan_of(planner::vwap, request, plain(), s);
  CHECK(sum_of(plan) == 1'000'000);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const bool loud = i / 4 == 2;  // four slots a second, the window begins two seconds before the minute
    CHECK(static_cast<double>(plan[i].size.lots) == doctest::Approx(1e6 * (loud ? 3 : 1) / 28).epsilon(0.001));
  }
}

TEST_CASE("a volume profile takes what it is told as a habit only, and refuses other bars") {
  volume_profile profile;
  const auto bar = [](std::int64_t at, std::int64_t lots, nanoseconds period) {
    return bar_closed{instrument_id{1}, period, timestamp_of(0) + seconds(at), {}, {}, {}, {}, {lots}, {}, 1};
  };
  CHECK(!profile.learn(bar(0, 100, seconds(5))));
  CHECK(!profile.learn(bar(0, -1, seconds(1))));
  CHECK(profile.count() == 0);
  for (int second = 0; second < 60 * 30; ++second) CHECK(profile.learn(bar(second, second == 60 * 29 + 7 ? 1'000'000 : 100, seconds(1))));
  CHECK(profile.expected(timestamp_of(0) + seconds(8)) == doctest::Approx(1).epsilon(0.01));
  CHECK(profile.expected(timestamp_of(0) + seconds(7)) < 1.5);  // a whale once, at most ten times the average, faded by thirty visits
  CHECK(profile.expected(timestamp_of(0) + seconds(7)) > 1.2);
  for (int minute = 0; minute < 60 * 12; ++minute) CHECK(profile.learn(bar(minute * 60, minute % 60 == 30 ? 200 : 100, seconds(60))));
  CHECK(profile.expected(timestamp_of(0) + seconds(30 * 60 + 8)) == doctest::Approx(2).epsilon(0.03));
}

TEST_CASE("pov lets a child go only when others have traded its share's complement of all so far") {
  swarm_settings s;
  s.participation = 0.1;
  const auto plan = swarm::plan_of(planner::pov, request_for(100'000), plain(), s);
  REQUIRE(plan.size() >= 10);
  CHECK(sum_of(plan) == 100'000);
  std::int64_t ours = 0;
  for (const auto& child : plan) {
    ours += child.size.lots;
    CHECK(child.after.lots == ours * 9);  // p/(1-p) of the others' volume is ours
  }
}
