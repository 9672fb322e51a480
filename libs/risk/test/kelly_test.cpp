#include "remora/risk/kelly.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace remora;
using namespace remora::risk;

namespace {

/// Log-wealth under a fraction of the Kelly share, in steps of that deviation of the edge, falls to the barrier before it is out of reach.
bool falls(double fraction, double step, double barrier, philox& draws) {
  constexpr double out_of_reach = 7;
  const double drift = (fraction - fraction * fraction / 2) * step * step;
  double wealth = 0;
  while (wealth > barrier && wealth < out_of_reach) wealth += drift + fraction * step * draws.normal();
  return wealth <= barrier;
}

}  // namespace

TEST_CASE("row 52: the Kelly share of an even bet won six times in ten, and growth at it, at its half and its double") {
  const bet even{.6, 1};
  CHECK(std::abs(kelly_share(even) - .2) < 1e-10);
  CHECK(std::abs(growth_of(even, .2) - .0201355136) < 1e-10);
  CHECK(std::abs(growth_of(even, .1) - .0150419016) < 1e-10);
  CHECK(std::abs(growth_of(even, .4) - -.0024469075) < 1e-10);
}

TEST_CASE("row 53: the Kelly share of small steps, and of double or nothing") {
  const edge steps{.05, .15};
  CHECK(std::abs(kelly_share(steps) - 2.2222222) < 1e-7);
  CHECK(std::abs(growth_of(steps, kelly_share(steps)) - .0555556) < 1e-7);
  const bet doubling{.5, 2};
  CHECK(std::abs(kelly_share(doubling) - .25) < 1e-7);
  CHECK(std::abs(growth_of(doubling, .25) - .0588915) < 1e-7);
}

TEST_CASE("a bet's result has the mean and the deviation of its two outcomes") {
  const edge of = edge_of({.6, 1});
  CHECK(std::abs(of.mean - .2) < 1e-12);
  CHECK(std::abs(of.deviation - std::sqrt(.96)) < 1e-12);
  const edge skewed = edge_of({.25, 4});  // 4 in a quarter, -1 else: squares 16 / 4 + 3 / 4
  CHECK(std::abs(skewed.mean - .25) < 1e-12);
  CHECK(std::abs(skewed.deviation - std::sqrt(4.75 - .0625)) < 1e-12);
}

TEST_CASE("row 54: the probability of ever losing half, at a quarter, a half and all of the Kelly share") {
  CHECK(*fall_probability(.5, .25) == .0078125);
  CHECK(*fall_probability(.5, .5) == .125);
  CHECK(*fall_probability(.5, 1) == .5);
  // A walk of finite steps jumps over its barrier by 0.5826 deviations on average (Siegmund 1979), as if that lay further away.
  philox draws(54);
  constexpr int runs = 4'000;
  for (const double fraction : {.5, 1.0}) {
    constexpr double step = .1;
    int fallen = 0;
    for (int run = 0; run < runs; ++run) fallen += falls(fraction, step, std::log(.5), draws) ? 1 : 0;
    const double expected = *fall_probability(.5 * std::exp(-.5826 * fraction * step), fraction);
    CHECK(std::abs(fallen - runs * expected) < 4 * std::sqrt(runs * expected * (1 - expected)));
  }
}

TEST_CASE("the Kelly share is where growth is largest, and twice of it is where small steps earn nothing") {
  for (const bet terms : {bet{0.71, 1.5}, bet{0.55, 1.2}, bet{0.4, 3.0}}) {
    const double best = kelly_share(terms);
    CHECK(growth_of(terms, best) > growth_of(terms, best - 0.01));
    CHECK(growth_of(terms, best) > growth_of(terms, best + 0.01));
  }
  CHECK(std::abs(growth_of(edge{.1, .2}, 2 * kelly_share(edge{.1, .2}))) < 1e-15);
}

TEST_CASE("without an edge the share is not positive; overbetting ends in ruin; what is no part is refused") {
  CHECK(kelly_share(bet{.5, 1}) == 0);
  CHECK(kelly_share(bet{.4, 1}) < 0);
  CHECK(kelly_share(edge{-.1, 1}) < 0);
  CHECK(*fall_probability(.5, 2) == 1);
  CHECK(*fall_probability(.5, 9) == 1);
  CHECK_FALSE(fall_probability(0, 1));
  CHECK_FALSE(fall_probability(1, 1));
  CHECK_FALSE(fall_probability(.5, 0));
  CHECK_FALSE(fall_probability(.5, std::nan("")));
}
