#include "remora/swarm/detectability.hpp"

#include "remora/swarm/plan.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>

using namespace remora;
using namespace remora::swarm;

namespace {

detectability of_plan(planner kind, std::uint64_t parent, double urgency, const swarm_settings& settings = {}) {
  instrument what;
  what.id = instrument_id{1};
  what.tick_size = {1, 2};
  what.lot_size = {1, 3};
  plan_request request;
  request.parent = parent_id{parent};
  request.size = {1'000'000};
  request.urgency = urgency;
  request.reference = {10'000};
  std::vector<seen_child> seen;
  for (const auto& child : plan_of(kind, request, what, settings)) seen.push_back({timestamp_of(0) + child.delay, child.size});
  return detectability_of(seen);
}

}  // namespace

TEST_CASE("a clock of equal sizes is seen: no variation of gaps, a period beyond chance, the same size again") {
  const auto d = of_plan(planner::twap, 1, 0.5);
  CHECK(*d.gap_variation < 1e-6);
  CHECK(*d.periodicity_p < 1e-6);
  CHECK(*d.equal_sizes > 0.9);
}

TEST_CASE("the swarm of a patient parent looks like chance: gaps vary as random ones, no period, hardly a size twice") {
  constexpr int parents = 400;
  double variation = 0, equal = 0;
  int periodic = 0;
  swarm_settings s;
  s.min_orders = s.max_orders = 50;
  for (std::uint64_t parent = 1; parent <= parents; ++parent) {
    const auto d = of_plan(planner::swarm, parent, 0, s);
    variation += *d.gap_variation / parents;
    equal += *d.equal_sizes / parents;
    periodic += *d.periodicity_p <= 0.05 ? 1 : 0;
  }
  CHECK(variation > 0.8);
  CHECK(variation < 1.2);
  CHECK(equal < 0.01);
  // Of truly random times one in twenty is below 0.05: 20 parents, deviation 4.4; four of them.
  CHECK(periodic <= 38);
}

TEST_CASE("jitter on a clock does not hide it") {
  std::vector<seen_child> seen;
  for (int i = 0; i < 40; ++i) seen.push_back({timestamp_of(0) + milliseconds(100) * i + milliseconds(i * 7919 % 21), {10 + i}});
  const auto d = detectability_of(seen);
  CHECK(*d.periodicity_p < 1e-6);
  CHECK(*d.gap_variation < 0.2);
  CHECK(*d.equal_sizes == 0);
}

TEST_CASE("of too few children, or of children of one moment, nothing is said") {
  std::vector<seen_child> seen(4);
  CHECK(!detectability_of(seen).gap_variation);
  CHECK(!detectability_of(seen).equal_sizes);
  seen.resize(6);
  CHECK(!detectability_of(seen).gap_variation);
  CHECK(!detectability_of(seen).periodicity_p);
  CHECK(*detectability_of(seen).equal_sizes == 1);
}

TEST_CASE("the area under the curve counts the pairs that are in order, ties half") {
  const std::vector<double> high = {3, 4}, low = {1, 2}, mixed = {1, 3, 3};
  CHECK(*area_under_curve(high, low) == 1);
  CHECK(*area_under_curve(low, high) == 0);
  CHECK(*area_under_curve(high, high) == 0.5);
  CHECK(*area_under_curve(mixed, std::vector<double>{2, 3}) == doctest::Approx((0 + 0 + 1 + 0.5 + 1 + 0.5) / 6));
  CHECK(!area_under_curve({}, low));
  CHECK(!area_under_curve(high, {}));
  CHECK(!area_under_curve(high, std::vector<double>{std::nan("")}));
  const double most = std::numeric_limits<double>::infinity();
  CHECK(*area_under_curve(std::vector<double>{most}, low) == 1);
}
