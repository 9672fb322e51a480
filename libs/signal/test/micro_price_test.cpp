#include "continued.hpp"
#include "remora/base/random.hpp"
#include "remora/signal/micro_price.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

struct quote {
  level bid, ask;
};

/// A market of one tick's spread whose mid moves with chance 0.2 a step, upward with the chance of the bid's share.
std::vector<quote> leaning_market(std::size_t count) {
  philox draws(21);
  std::vector<quote> quotes;
  std::int64_t bid = 10'000, bids = 50, asks = 50;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(bids) / static_cast<double>(bids + asks);
    if (draws.uniform() < 0.2) bid += draws.uniform() < share ? 1 : -1;
    bids = 1 + static_cast<std::int64_t>(draws.below(99));
    asks = 100 - bids;
    quotes.push_back({{{bid}, {bids}}, {{bid + 1}, {asks}}});
  }
  return quotes;
}

micro_price_chain toy() {
  const std::vector<double> up{.1, .25, .4}, down{.4, .25, .1}, after_up{.6, .4, 0}, after_down{0, .4, .6};
  micro_price_chain chain{{.2, .3, 0, .25, 0, .25, 0, .3, .2}, std::vector<double>(9), std::vector<double>(3)};
  for (std::size_t i = 0; i < 3; ++i) {
    chain.drift[i] = 0.5 * (up[i] - down[i]);
    for (std::size_t j = 0; j < 3; ++j) chain.moves[i * 3 + j] = up[i] * after_up[j] + down[i] * after_down[j];
  }
  return chain;
}

}  // namespace

TEST_CASE("row 38: the micro-price of the toy with three states is its exact answer") {
  const auto fit = solve(toy());
  REQUIRE(fit);
  const double first[] = {-0.1875, 0, 0.1875}, limit[] = {-0.153061, 0, 0.153061};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(std::abs(fit->first[i] - first[i]) < 1e-6);
    CHECK(std::abs(fit->limit[i] - limit[i]) < 1e-6);
  }
}

TEST_CASE("a chain without an answer has none") {
  micro_price_chain never_moves = toy();
  never_moves.stays = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  CHECK_FALSE(solve(never_moves));
  micro_price_chain lopsided = toy();
  lopsided.drift = {0.1, 0.1, 0.1};
  CHECK_FALSE(solve(lopsided));
  micro_price_chain misfit = toy();
  misfit.moves.pop_back();
  CHECK_FALSE(solve(misfit));
  CHECK_FALSE(solve({}));
}

TEST_CASE("the micro-price learns where quotes lean, the same on both sides") {
  constexpr std::size_t steps = 20'000;
  micro_price fair(5'000);
  for (const quote& q : leaning_market(steps + 1)) {
    REQUIRE(fair.add(q.bid, q.ask));
    fair.rest();
  }
  CHECK(fair.failed_fits() == 0);
  CHECK(fair.count() >= steps * 98 / 100);  // a quote that repeats is no step
  const double error = 4 * std::sqrt(0.2 / (15'000.0 / 5));  // steps of the last fit; a decile and its mirror image had a fifth of them
  for (const std::int64_t bids : {5, 25, 45, 65, 95}) {
    const level bid{{100}, {bids}}, ask{{101}, {100 - bids}};
    const double expected = 0.2 * (2 * static_cast<double>(bids) / 100 - 1);
    CHECK(std::abs(*fair.adjustment(bid, ask) - expected) < error);
    CHECK(*fair.value(bid, ask) == 100.5 + *fair.adjustment(bid, ask));
    CHECK(*fair.adjustment({{100}, {100 - bids}}, {{101}, {bids}}) == Approx(-*fair.adjustment(bid, ask)));
  }
}

TEST_CASE("the micro-price answers nothing before its first fit, nor for a spread it has no state for") {
  micro_price fair(10'000);
  const auto quotes = leaning_market(15'000);
  for (std::size_t i = 0; i < 5000; ++i) fair.add(quotes[i].bid, quotes[i].ask);
  fair.rest();
  CHECK_FALSE(fair.value(quotes[0].bid, quotes[0].ask));
  for (std::size_t i = 5000; i < quotes.size(); ++i) fair.add(quotes[i].bid, quotes[i].ask);
  CHECK_FALSE(fair.value(quotes[0].bid, quotes[0].ask));  // no quote waits for a fit
  fair.rest();
  CHECK(fair.value(quotes[0].bid, quotes[0].ask));
  CHECK_FALSE(fair.value({{100}, {5}}, {{104}, {5}}));
  CHECK_FALSE(fair.value({{100}, {5}}, {{100}, {5}}));
}

TEST_CASE("quotes that are none, repetitions, wide spreads and breaks teach no step") {
  micro_price fair(10);
  CHECK_FALSE(fair.add({{100}, {0}}, {{101}, {5}}));
  CHECK_FALSE(fair.add({{101}, {5}}, {{101}, {5}}));
  CHECK_FALSE(fair.add({{-1}, {5}}, {{101}, {5}}));
  const level bid{{100}, {5}}, ask{{101}, {5}};
  CHECK(fair.add(bid, ask));
  CHECK(fair.add(bid, ask));
  CHECK(fair.add({{90}, {5}}, ask));  // eleven ticks
  CHECK(fair.add(bid, ask));
  fair.restart();
  CHECK(fair.add({{100}, {6}}, ask));
  CHECK(fair.count() == 0);
  CHECK(fair.add({{100}, {7}}, ask));
  CHECK(fair.count() == 1);
}

TEST_CASE("the micro-price goes on with the same bits after a restart") {
  CHECK(continues(micro_price(500), leaning_market(1200), [](micro_price& fair, const quote& q) {
    fair.add(q.bid, q.ask);
    fair.rest();
  }));
}
