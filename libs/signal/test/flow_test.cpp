#include "continued.hpp"
#include "remora/base/random.hpp"
#include "remora/signal/order_flow_imbalance.hpp"
#include "remora/signal/queue_imbalance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::signal;
using doctest::Approx;

namespace {

using levels = std::vector<level>;

level at(std::int64_t ticks, std::int64_t lots) { return {{ticks}, {lots}}; }

struct quote {
  level bid, ask;
};

std::optional<order_flow> add(order_flow_imbalance& flow, const quote& q) { return flow.add({std::span(&q.bid, 1), std::span(&q.ask, 1)}); }

order_flow_imbalance of_best() { return order_flow_imbalance({1, 0.5, 0.999, 30}); }

std::vector<quote> random_quotes(std::size_t count) {
  philox draws(12);
  std::vector<quote> quotes;
  std::int64_t bid = 1000;
  for (std::size_t i = 0; i < count; ++i) {
    bid += static_cast<std::int64_t>(draws.below(3)) - 1;
    const auto spread = static_cast<std::int64_t>(1 + draws.below(2));
    const auto bids = static_cast<std::int64_t>(1 + draws.below(50));
    const auto asks = static_cast<std::int64_t>(1 + draws.below(50));
    quotes.push_back({at(bid, bids), at(bid + spread, asks)});
  }
  return quotes;
}

}  // namespace

TEST_CASE("row 36: order flow of four quotes is 7, 14 and -11") {
  order_flow_imbalance flow = of_best();
  CHECK_FALSE(add(flow, {at(100, 10), at(101, 12)}));
  CHECK(add(flow, {at(100, 14), at(101, 9)})->best == 7);
  CHECK(add(flow, {at(101, 5), at(102, 8)})->best == 14);
  CHECK(add(flow, {at(100, 20), at(101, 6)})->best == -11);
  CHECK(flow.open().best == 10);
  CHECK(flow.count() == 4);
}

TEST_CASE("row 37: the weighted mid of 14 at 100 and 9 at 101") {
  CHECK(std::abs(*weighted_mid(at(100, 14), at(101, 9)) - 100.6086957) < 1e-7);
  CHECK(std::abs(*queue_imbalance({14}, {9}) - 0.2173913) < 1e-7);
}

TEST_CASE("imbalance and mids answer nothing of quotes that are none") {
  CHECK_FALSE(queue_imbalance({0}, {0}));
  CHECK_FALSE(queue_imbalance({-1}, {5}));
  CHECK(queue_imbalance({0}, {5}) == -1.0);
  CHECK(queue_imbalance({std::numeric_limits<std::int64_t>::max()}, {std::numeric_limits<std::int64_t>::max()}) == 0.0);
  CHECK_FALSE(weighted_mid(at(101, 1), at(101, 1)));
  CHECK_FALSE(mid_price(at(0, 1), at(101, 1)));
  CHECK(mid_price(at(100, 1), at(103, 1)) == 101.5);
}

TEST_CASE("deeper levels count with falling weights, and a missing level is an empty one behind all others") {
  order_flow_imbalance flow({3, 0.5, 0.999, 30});
  flow.add({levels{at(100, 10), at(99, 20)}, levels{at(101, 12), at(102, 7)}});
  // second bids: 20 -> 25; second asks: 102 -> 103, 4 shown: the asks lost 7; a third bid of 6 and a third ask of 5 appear
  const auto e = flow.add({levels{at(100, 11), at(99, 25), at(98, 6)}, levels{at(101, 12), at(103, 4), at(104, 5)}});
  REQUIRE(e);
  CHECK(e->best == 1);
  CHECK(e->weighted == Approx(1 + std::exp(-0.5) * (5 + 7) + std::exp(-1.0) * (6 - 5)));
  const auto gone = flow.add({levels{at(100, 11)}, levels{at(101, 12)}});
  CHECK(gone->best == 0);
  CHECK(gone->weighted == Approx(std::exp(-0.5) * (-25 + 4) + std::exp(-1.0) * (-6 + 5)));
}

TEST_CASE("flow summed over intervals equals the sum of its updates, and the planted slope is found online") {
  order_flow_imbalance flow = of_best();
  philox draws(3);
  double mid = 5000, sum = 0, squares = 0;
  int updates = 0;
  for (const quote& q : random_quotes(4000)) {
    if (const auto e = add(flow, q)) sum += e->best;
    if (++updates % 10 != 0) continue;
    CHECK(flow.open().best == sum);
    mid += 0.01 * sum + 0.1 * draws.normal();
    REQUIRE(flow.close_interval(mid));
    if (updates > 10) CHECK(flow.last()->best == sum);
    squares += sum * sum;
    sum = 0;
  }
  CHECK(flow.best_fit().count() == 399);
  CHECK(std::abs(*flow.best_fit().slope() - 0.01) < 4 * 0.1 / std::sqrt(squares * 329 / 400));  // fading leaves 329 of 399 intervals
  CHECK(*flow.best_fit().r_squared() > 0.9);
}

TEST_CASE("no slope is told before thirty intervals") {
  order_flow_imbalance flow = of_best();
  for (const quote& q : random_quotes(30)) add(flow, q), flow.close_interval(100);
  CHECK_FALSE(flow.best_fit().slope());
}

TEST_CASE("a book that crosses, stands on its head or has an empty side or level is refused without a trace") {
  order_flow_imbalance flow = of_best();
  add(flow, {at(100, 10), at(101, 12)});
  flow.close_interval(100.5);
  const std::string before = state_of(flow);
  CHECK_FALSE(add(flow, {at(101, 10), at(101, 12)}));
  CHECK_FALSE(add(flow, {at(100, 0), at(101, 12)}));
  CHECK_FALSE(add(flow, {at(100, -5), at(101, 12)}));
  CHECK_FALSE(add(flow, {at(0, 5), at(101, 12)}));
  CHECK_FALSE(flow.add({levels{}, levels{at(101, 1)}}));
  CHECK_FALSE(flow.add({levels{at(99, 1), at(100, 1)}, levels{at(101, 1)}}));
  CHECK_FALSE(flow.add({levels{at(100, 1)}, levels{at(102, 1), at(102, 1)}}));
  CHECK_FALSE(flow.close_interval(std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(flow.close_interval(std::numeric_limits<double>::infinity()));
  CHECK(state_of(flow) == before);
}

TEST_CASE("no flow is taken across a break of the feed") {
  order_flow_imbalance flow = of_best();
  add(flow, {at(100, 10), at(101, 12)});
  add(flow, {at(100, 15), at(101, 12)});
  flow.restart();
  CHECK_FALSE(add(flow, {at(200'000'000, 10), at(200'000'001, 12)}));
  CHECK(flow.open().best == 0);
}

TEST_CASE("order flow goes on with the same bits after a restart") {
  CHECK(continues(order_flow_imbalance(), random_quotes(500), [](order_flow_imbalance& flow, const quote& q) {
    add(flow, q);
    if (q.bid.size.lots % 5 == 0) flow.close_interval(static_cast<double>(q.bid.at.ticks));
  }));
}
