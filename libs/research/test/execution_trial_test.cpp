#include "remora/research/execution_trial.hpp"

#include <doctest/doctest.h>

using namespace remora;

TEST_CASE("a trial is decided by its seed") {
  const research::trial what{.seed = 7, .depths = 1, .horizon = 4, .warm_up = 10};
  const auto once = research::by_execution(what, {}, 0.3), again = research::by_execution(what, {}, 0.3);
  CHECK(once.cost_bp == again.cost_bp);
  CHECK(once.filled == again.filled);
  CHECK(once.orders == again.orders);
  CHECK(research::by_market_order(what).size == once.size);
}

TEST_CASE("an order that is worked moves the market it is worked in: five depths cost more than a tenth, and a market order pays most of all") {
  double small = 0, large = 0, at_once = 0, filled = 0;
  constexpr std::uint64_t seeds = 12;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const research::trial tenth{.seed = seed, .depths = 0.1, .horizon = 6, .warm_up = 20}, five{.seed = seed, .depths = 5, .horizon = 6, .warm_up = 20};
    small += research::by_execution(tenth, {}, 0.3).cost_bp;
    const auto worked = research::by_execution(five, {}, 0.3);
    large += worked.cost_bp;
    filled += worked.fill_rate();
    at_once += research::by_market_order(five).cost_bp;
  }
  CHECK(large > small);
  CHECK(at_once > large);
  CHECK(filled / seeds > 0.5);
}

TEST_CASE("EXECUTION that has seen the market rests most of an order, is done in time, and is suspected less than a clock that takes") {
  swarm_settings random, clock;
  clock.planner = swarm::planner::twap;
  random.min_orders = clock.min_orders = 20;
  random.max_orders = clock.max_orders = 400;
  double seen = 0, seen_clock = 0, made = 0, size = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const research::trial what{.seed = seed, .depths = 1, .horizon = 12};
    const auto own = research::by_execution(what, random, 0.3), naive = research::by_execution(what, clock, 1);
    CHECK(own.fill_rate() > 0.95);
    CHECK(naive.made == 0);
    made += static_cast<double>(own.made);
    size += static_cast<double>(own.size);
    seen += own.suspicion;
    seen_clock += naive.suspicion;
  }
  CHECK(made > size / 2);
  CHECK(seen < seen_clock);
}

TEST_CASE("a book that a market order emptied fills again within seconds") {
  const double half_life = research::recovery_half_life(1, 40);
  CHECK(half_life > 0.05);
  CHECK(half_life < 10);
}
