#include "remora/swarm/draws.hpp"
#include "remora/swarm/plan.hpp"

#include <benchmark/benchmark.h>
#include <cmath>

/// What planning a parent of a hundred children costs, by planner, beside the reference: the numbers without which no such plan can be, a
/// hundred log-normal weights and as many exponential gaps along the curve.
using namespace remora;

namespace {

constexpr std::uint32_t children = 100;

swarm_settings of_a_hundred() {
  swarm_settings s;
  s.min_orders = s.max_orders = children;
  return s;
}

void plan(benchmark::State& state, swarm::planner kind) {
  instrument what;
  what.id = instrument_id{1};
  what.tick_size = {1, 2};
  what.lot_size = {1, 3};
  what.notional_min = amount::units(5);
  const swarm_settings settings = of_a_hundred();
  const swarm::volume_profile profile;
  swarm::plan_request request{parent_id{0}, {1'000'000}, 0.5, {10'000}};
  request.profile = &profile;
  for (auto _ : state) {
    request.parent = parent_id{static_cast<std::uint64_t>(request.parent) + 1};
    auto made = swarm::plan_of(kind, request, what, settings);
    if (made.size() != children) state.SkipWithError("not a hundred children");
    benchmark::DoNotOptimize(made.data());
  }
}

void reference(benchmark::State& state) {
  const swarm::schedule_curve curve(0.5);
  std::uint64_t parent = 0;
  for (auto _ : state) {
    ++parent;
    for (std::uint32_t child = 1; child <= children; ++child) {
      const swarm::draw_key key{1, parent_id{parent}, child};
      benchmark::DoNotOptimize(std::exp(0.5 * swarm::draws_of(key, swarm::draw::size).normal()));
      const double gap = swarm::draws_of(key, swarm::draw::time).exponential();
      benchmark::DoNotOptimize(curve.time_of(gap / (1 + gap)));
    }
  }
}

BENCHMARK(reference)->Name("reference: 100 sizes and times drawn");
BENCHMARK_CAPTURE(plan, swarm, swarm::planner::swarm)->Name("plan of 100 children: swarm");
BENCHMARK_CAPTURE(plan, almgren_chriss, swarm::planner::almgren_chriss)->Name("plan of 100 children: almgren_chriss");
BENCHMARK_CAPTURE(plan, twap, swarm::planner::twap)->Name("plan of 100 children: twap");
BENCHMARK_CAPTURE(plan, vwap, swarm::planner::vwap)->Name("plan of 100 children: vwap");
BENCHMARK_CAPTURE(plan, pov, swarm::planner::pov)->Name("plan of 100 children: pov");

}  // namespace

BENCHMARK_MAIN();
