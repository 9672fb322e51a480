#include "remora/risk/edge_estimate.hpp"

#include "remora/base/random.hpp"
#include "remora/risk/kelly_shares.hpp"
#include "saved.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::risk;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr prior_edge believed{.6, 1.5};

/// Wins `payoff` with that probability, loses one stake else.
double drawn(philox& draws, double win_probability, double payoff = 1.5) { return draws.uniform() < win_probability ? payoff : -1; }

}  // namespace

TEST_CASE("before the first trade the prior is taken at its word, so that trading can start") {
  for (const double weight : {1.0, 5.0, 50.0, 1e4}) {
    const auto v = edge_estimate({weight, .9}).judge(believed);
    REQUIRE(v);
    CHECK(v->terms.win_probability == Approx(.6));
    CHECK(v->terms.payoff_ratio == Approx(1.5));
    CHECK(v->error == 0);
    CHECK(v->shrinkage == 1);
    CHECK(v->lower_bound == Approx(.6 * 1.5 - .4));
    CHECK(v->bet_share == Approx(kelly_share(bet{.6, 1.5})));
    CHECK(v->step_share == Approx(.5 / (.6 * 2.25 + .4 - .25)));
  }
}

TEST_CASE("a prior without an edge stakes nothing, nor one whose cost eats it") {
  CHECK(edge_estimate().judge({.4, 1.5})->bet_share == 0);
  CHECK(edge_estimate().judge({.3, 1.5})->bet_share == 0);
  CHECK(edge_estimate().judge({.45, 1.5, .1})->bet_share > 0);
  CHECK(edge_estimate().judge({.45, 1.5, .2})->step_share == 0);  // .45 · 1.3 < .55 · 1.2
}

TEST_CASE("what was learned is the mean of the prior's trades and the closed ones, whatever their order") {
  philox draws(21);
  edge_estimate estimate({20, .9});
  double sum = 20 * (.6 * 1.4 - .4 * 1.1), squares = 20 * (.6 * 1.4 * 1.4 + .4 * 1.1 * 1.1), wins = 12, gained = 12 * 1.4, lost = 8 * 1.1;
  for (int n = 1; n <= 500; ++n) {
    const double result = .4 + 1.3 * draws.normal();
    REQUIRE(estimate.push(result));
    sum += result, squares += result * result;
    if (result > 0) wins += 1, gained += result;
    else lost -= result;
    const auto v = *estimate.judge({.6, 1.5, .1});
    const double all = 20 + n, mean = sum / all, deviation = std::sqrt(squares / all - mean * mean), error = deviation * std::sqrt(n) / all;
    CHECK(v.terms.win_probability == Approx(wins / all));
    CHECK(v.terms.payoff_ratio == Approx(gained / wins / (lost / (all - wins))));
    CHECK(v.result.mean == Approx(mean));
    CHECK(v.result.deviation == Approx(deviation));
    CHECK(v.error == Approx(error));
    CHECK(v.shrinkage == Approx(mean * mean / (mean * mean + error * error)));
    CHECK(v.lower_bound == Approx(mean - 1.2815515655 * error));
    if (v.lower_bound > 0) {
      CHECK(v.bet_share == Approx(v.shrinkage * mean / (gained / wins * (lost / (all - wins)))));  // p/l - q/g = μ / (g l)
      CHECK(v.step_share == Approx(v.shrinkage * mean / (deviation * deviation)));
    } else {
      CHECK(v.bet_share + v.step_share == 0);
    }
  }
  CHECK(estimate.count() == 500);
}

TEST_CASE("an edge as believed is traded on from the first trade to the thousandth") {
  constexpr int runs = 300;
  int stopped = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    philox draws(run, 5);
    edge_estimate estimate({50, .9});
    bool stakes = true;
    for (int n = 0; n < 1000 && stakes; ++n) {
      estimate.push(drawn(draws, .6));
      stakes = estimate.judge(believed)->bet_share > 0;
    }
    stopped += stakes ? 0 : 1;
  }
  // Mean .5, deviation 1.22: the bound at n = W is .5 - 1.28 · .087. It takes a fall of 4.5 errors to reach zero.
  CHECK(stopped <= 1);
}

TEST_CASE("an edge that is not there is found out") {
  constexpr int runs = 300;
  int trading = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    philox draws(run, 6);
    edge_estimate estimate({50, .9});
    for (int n = 0; n < 2000; ++n) estimate.push(drawn(draws, .4));  // of mean zero
    trading += estimate.judge(believed)->bet_share > 0 ? 1 : 0;
  }
  // 2000 trades of mean zero and deviation 1.22 beside a prior that still adds .5 · 50 / 2050: the bound passes zero at z = 1.28 - .45.
  const double expected = runs * (1 - .797);
  CHECK(std::abs(trading - expected) < 4 * std::sqrt(expected * .797));
}

TEST_CASE("a row of losses stops it, at the latest when the blended mean is gone, and a weightier prior later") {
  std::uint64_t before = 0;
  for (const double weight : {5.0, 20.0, 80.0}) {
    edge_estimate estimate({weight, .9});
    while (estimate.judge(believed)->bet_share > 0) estimate.push(-1);
    CHECK(estimate.count() > before);
    CHECK(static_cast<double>(estimate.count()) <= std::ceil(weight * .5));  // .5 W - n = 0
    before = estimate.count();
  }
}

TEST_CASE("a share is shrunk and held back by what the data weigh, and in the end is that of the data") {
  edge_estimate estimate({50, .9});
  const double at_start = estimate.judge(believed)->bet_share;
  for (int n = 0; n < 25; ++n) estimate.push(n % 5 < 3 ? 1.5 : -1);  // exactly as believed
  const auto doubted = *estimate.judge(believed);
  CHECK(doubted.result.mean == Approx(.5));
  CHECK(doubted.bet_share < at_start);
  for (int n = 0; n < 100'000; ++n) estimate.push(n % 5 < 3 ? 1.5 : -1);
  CHECK(estimate.judge(believed)->bet_share == Approx(at_start).epsilon(1e-3));
  CHECK(estimate.judge({.3, 1.5})->bet_share == Approx(at_start).epsilon(1e-2));  // what is believed no longer matters
}

TEST_CASE("the share to stake is where two outcomes of any size grow most") {
  edge_estimate estimate({1, .9});
  for (int n = 0; n < 10'000; ++n) estimate.push(n % 2 == 0 ? .9 : -.6);
  const auto v = *estimate.judge({.5, 1.5});
  const auto growth = [](double share) { return .5 * std::log1p(.9 * share) + .5 * std::log1p(-.6 * share); };
  const double share = v.bet_share / v.shrinkage;
  CHECK(share == Approx(.15 / (.9 * .6)).epsilon(1e-2));
  CHECK(growth(.15 / (.9 * .6)) > growth(share + .01));
  CHECK(growth(.15 / (.9 * .6)) > growth(share - .01));
}

TEST_CASE("what is no result or no belief changes and says nothing") {
  edge_estimate estimate;
  estimate.push(1), estimate.push(-1), estimate.push(0);
  CHECK(estimate.count() == 3);
  CHECK(estimate.wins() == 1);
  const std::string before = bytes_of(estimate);
  for (const double bad : {not_a_number, 1 / 0.0, -1 / 0.0, 1e10}) CHECK_FALSE(estimate.push(bad));
  CHECK(bytes_of(estimate) == before);
  for (const double bad : {not_a_number, 0.0, 1.0, -.1}) CHECK_FALSE(estimate.judge({bad, 1.5}));
  for (const double bad : {not_a_number, 0.0, -1.0, 1 / 0.0}) CHECK_FALSE(estimate.judge({.5, bad}));
  for (const double bad : {not_a_number, 1.5, -.1}) CHECK_FALSE(estimate.judge({.5, 1.5, bad}));
}

TEST_CASE("an estimate that was saved and loaded goes on with the same bits") {
  philox draws(8);
  edge_estimate original({30, .95});
  for (int n = 0; n < 40; ++n) original.push(drawn(draws, .5));
  edge_estimate loaded = reloaded(original);
  for (int n = 0; n < 40; ++n) {
    const double result = drawn(draws, .5);
    original.push(result), loaded.push(result);
  }
  CHECK(bytes_of(original) == bytes_of(loaded));
  CHECK(original.judge(believed)->bet_share == loaded.judge(believed)->bet_share);
}

TEST_CASE("names that do not move together get each its own share; the same name twice shares one") {
  stats::symmetric_matrix apart(2), alike(2);
  apart.at(0, 0) = .04, apart.at(1, 1) = .09;
  alike.at(0, 0) = alike.at(1, 1) = .04, alike.at(0, 1) = .04;
  const auto own = kelly_shares(std::vector<double>{.02, .03}, apart, 0);
  REQUIRE(own);
  CHECK((*own)[0] == Approx(kelly_share(edge{.02, .2})));
  CHECK((*own)[1] == Approx(kelly_share(edge{.03, .3})));
  CHECK_FALSE(kelly_shares(std::vector<double>{.02, .02}, alike, 0));  // any split would do
  const auto split = kelly_shares(std::vector<double>{.02, .02}, alike, 1e-3);
  REQUIRE(split);
  CHECK((*split)[0] == Approx((*split)[1]));
  CHECK((*split)[0] + (*split)[1] == Approx(.5).epsilon(1e-3));
  CHECK_FALSE(kelly_shares(std::vector<double>{.02}, apart));
  CHECK_FALSE(kelly_shares(std::vector<double>{.02, not_a_number}, apart));
  CHECK_FALSE(kelly_shares(std::vector<double>{.02, .02}, apart, -1));
}

TEST_CASE("a hedge is sold: of two names that move together the one without an edge is staked against") {
  stats::symmetric_matrix together(2);
  together.at(0, 0) = together.at(1, 1) = .04, together.at(0, 1) = .032;
  const auto shares = kelly_shares(std::vector<double>{.02, 0}, together, 0);
  REQUIRE(shares);
  CHECK((*shares)[0] == Approx(.02 * .04 / (.0016 - .001024)));
  CHECK((*shares)[1] == Approx(-.02 * .032 / (.0016 - .001024)));
}
