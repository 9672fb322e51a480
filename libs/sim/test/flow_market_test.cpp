#include "remora/sim/flow_market.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <map>

using namespace remora;
using namespace remora::sim;

namespace {

flow_settings without_whales(std::uint64_t seed) {
  flow_settings settings;
  settings.seed = seed;
  settings.whales = {0, 0.3, 250, 0, 0, 0, 0, 0};
  return settings;
}

}  // namespace

TEST_CASE("the same seed gives the same market, event for event") {
  flow_settings settings;
  settings.seed = 5;
  flow_market one(settings), same(settings);
  settings.seed = 6;
  flow_market other(settings);
  bool differs = false;
  for (int i = 0; i < 50'000; ++i) {
    const auto &a = one.next(), &b = same.next();
    differs = differs || other.next().time != a.time;
    REQUIRE(a.time == b.time);
    REQUIRE(a.order == b.order);
    REQUIRE(a.events.trades.size() == b.events.trades.size());
    REQUIRE(a.events.levels.size() == b.events.levels.size());
  }
  CHECK(differs);
}

TEST_CASE("what is planted is in the market, and the truth says where") {
  flow_settings settings;
  settings.seed = 2;
  flow_market market(settings);
  std::map<std::uint64_t, std::pair<side, std::int64_t>> orders;
  while (market.time() < 3600) {
    const auto& now = market.next();
    for (const auto& t : now.events.trades) orders[now.order] = {t.aggressor, orders[now.order].second + t.size.lots};
  }
  std::map<plant, int> seen;
  for (const planted& p : market.truth()) {
    if (!p.over) continue;
    ++seen[p.what];
    if (p.what == plant::sweep) {
      CHECK(orders[p.first_order].first == p.direction);
      CHECK(orders[p.first_order].second > 500);
    }
    if (p.what != plant::metaorder) continue;
    CHECK(p.children == 250);
    std::int64_t same_side = 0;
    const auto all = static_cast<std::int64_t>(p.last_order - p.first_order + 1);
    for (std::uint64_t n = p.first_order; n <= p.last_order; ++n) same_side += orders.contains(n) && orders[n].first == p.direction ? 1 : 0;
    const double share = static_cast<double>(same_side) / static_cast<double>(all);
    CHECK(share == doctest::Approx(0.3 + 0.7 * 0.5).epsilon(0.25));
    CHECK(all > 250 / 0.3 * 0.7);
  }
  for (const plant what : {plant::metaorder, plant::sweep, plant::iceberg, plant::wall, plant::spoof}) {
    CAPTURE(name_of(what));
    CHECK(seen[what] > 3);
  }
}

TEST_CASE("the truth about the background holds every part of every order, where one trader makes the whole market") {
  flow_settings settings = without_whales(3);
  settings.takers.traders = 1;
  settings.background_children = 1;
  flow_market market(settings);
  std::vector<exchange::book_trade> trades;
  std::map<std::uint64_t, side> sides;
  while (market.time() < 600) {
    const auto& now = market.next();
    trades.insert(trades.end(), now.events.trades.begin(), now.events.trades.end());
    if (!now.events.trades.empty()) sides[now.order] = now.events.trades.front().aggressor;
  }
  quantity all, told;
  int128 turnover = 0, turnover_told = 0;
  for (const auto& trade : trades) all += trade.size, turnover += static_cast<int128>(trade.at.ticks) * trade.size.lots;
  std::uint64_t next = 1;
  for (const planted& p : market.truth()) {
    REQUIRE(p.what == plant::background);
    REQUIRE(p.first_order == next);
    REQUIRE(p.last_order + 1 == p.first_order + p.children);
    REQUIRE(p.participation == 1);
    for (std::uint64_t n = p.first_order; n <= p.last_order; ++n) if (sides.contains(n)) REQUIRE(sides.at(n) == p.direction);  // an empty book gives no trade
    REQUIRE((p.over || &p == &market.truth().back()));
    next = p.last_order + 1;
    told += p.size;
    turnover_told += p.turnover;
  }
  CHECK(next == market.orders() + 1);
  CHECK(told == all);
  CHECK((turnover_told == turnover));
}

TEST_CASE("large orders of the background are as many as their law says, and telling them changes nothing") {
  flow_settings settings = without_whales(4);
  settings.background_children = 50;
  flow_market market(settings);
  settings.background_children = 0;
  flow_market silent(settings);
  while (market.time() < 3600) REQUIRE(market.next().time == silent.next().time);
  CHECK(silent.truth().empty());
  double count = 0;
  for (const planted& p : market.truth()) {
    CHECK(p.what == plant::background);
    CHECK(p.children >= 50);
    CHECK(p.last_order - p.first_order + 1 >= p.children);
    if (!p.over) continue;
    ++count;
    CHECK(p.participation == doctest::Approx(1.0 / 10).epsilon(4 / std::sqrt(50.0)));  // one of ten traders, drawn at least 50 times
  }
  const double expected = static_cast<double>(market.orders()) / 2.612375 * std::pow(50, -1.5);  // mean length ζ(1.5), P(L >= 50)
  CHECK(std::abs(count - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("side and size of planted metaorders can be chosen") {
  flow_settings settings = without_whales(5);
  settings.background_children = 0;
  settings.whales.metaorders_per_hour = 60;
  settings.whales.children = 100;
  const auto mean_order = [&](side direction, double times) {
    settings.whales.direction = direction;
    settings.whales.metaorder_size = times;
    flow_market market(settings);
    while (market.time() < 1800) market.next();
    double lots = 0, children = 0;
    for (const planted& p : market.truth()) {
      CHECK(p.direction == direction);
      lots += static_cast<double>(p.size.lots), children += p.children;
    }
    REQUIRE(children > 500);
    return lots / children;
  };
  CHECK(mean_order(side::sell, 5) > 2.5 * mean_order(side::buy, 1));
}
