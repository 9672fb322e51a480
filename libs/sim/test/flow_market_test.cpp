#include "remora/sim/flow_market.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <map>
#include <numeric>

using namespace remora;
using namespace remora::sim;

namespace {

flow_settings without_whales(std::uint64_t seed) {
  flow_settings settings;
  settings.seed = seed;
  settings.whales = {0, 0.3, 250, 0, 0, 0, 0, 0};
  return settings;
}

double mean_of(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size()); }

double mean_square(const std::vector<double>& x) {
  return std::transform_reduce(x.begin(), x.end(), 0.0, std::plus<>(), [](double v) { return v * v; }) / static_cast<double>(x.size());
}

double autocorrelation(const std::vector<double>& x, std::size_t lag) {
  const double mean = mean_of(x);
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < x.size(); ++i) all += (x[i] - mean) * (x[i] - mean);
  for (std::size_t i = lag; i < x.size(); ++i) sum += (x[i] - mean) * (x[i - lag] - mean);
  return sum / all;
}

/// Hill's exponent of the largest share of magnitudes.
double tail_exponent(std::vector<double> x, double share) {
  for (double& v : x) v = std::abs(v);
  std::sort(x.rbegin(), x.rend());
  const auto k = static_cast<std::size_t>(static_cast<double>(x.size()) * share);
  double sum = 0;
  for (std::size_t i = 0; i < k; ++i) sum += std::log(x[i] / x[k]);
  return static_cast<double>(k) / sum;
}

/// What ten hours of ten markets without whales look like.
struct facts {
  std::vector<double> second_returns, minute_returns, magnitudes, signs;
  std::vector<double> depth = std::vector<double>(12);  // by ticks from the best bid
  double minutes = 0;
};

void observe(facts& f, std::uint64_t seed) {
  flow_market market(without_whales(seed));
  double mid = 600'000, before = std::log(mid), minute_before = before;
  std::vector<double> returns;
  for (int second = 1; second <= 3600; ++second) {
    while (market.time() < second) {
      const auto& now = market.next();
      const auto bid = market.book().best(side::buy), ask = market.book().best(side::sell);
      if (bid && ask) mid = 0.5 * static_cast<double>(bid->at.ticks + ask->at.ticks);
      if (!now.events.trades.empty()) f.signs.push_back(sign_of(now.events.trades.front().aggressor));
    }
    f.second_returns.push_back(std::log(mid) - std::exchange(before, std::log(mid)));
    if (second % 60 == 0) f.minute_returns.push_back(std::log(mid) - std::exchange(minute_before, std::log(mid)));
    if (const auto bid = market.book().best(side::buy))
      for (std::size_t i = 0; i < f.depth.size(); ++i)
        f.depth[i] += static_cast<double>(market.book().shown_at(side::buy, bid->at - price{static_cast<std::int64_t>(i)}).lots);
  }
}

const facts& ten_hours() {
  static const facts all = [] {
    facts f;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) observe(f, seed);
    for (const double r : f.second_returns) f.magnitudes.push_back(std::abs(r));
    return f;
  }();
  return all;
}

}  // namespace

TEST_CASE("stylised fact: returns of a minute have heavy tails") {
  const double hill = tail_exponent(ten_hours().minute_returns, 0.05);
  MESSAGE("Hill exponent of one-minute returns, largest 5 %: " << hill);
  CHECK(hill > 2);    // 2.5 to 4.5, with thirty returns in the tail: 18 % standard error
  CHECK(hill < 5.5);
}

TEST_CASE("stylised fact: returns of a minute do not predict the next") {
  const double rho = autocorrelation(ten_hours().minute_returns, 1);
  MESSAGE("autocorrelation of one-minute returns: " << rho);
  CHECK(std::abs(rho) < 0.05 + 2 / std::sqrt(600.0));
}

TEST_CASE("stylised fact: large moves follow large moves, for long") {
  const auto& sizes = ten_hours().magnitudes;
  MESSAGE("autocorrelation of absolute one-second returns at 20, 100: " << autocorrelation(sizes, 20) << ", " << autocorrelation(sizes, 100));
  CHECK(autocorrelation(sizes, 20) > 0.1);
  CHECK(autocorrelation(sizes, 100) > 0.05);
  CHECK(autocorrelation(sizes, 100) < autocorrelation(sizes, 5));
}

TEST_CASE("stylised fact: signs of orders have long memory, that of their makers' orders") {
  const auto& signs = ten_hours().signs;
  const double gamma = std::log(autocorrelation(signs, 10) / autocorrelation(signs, 300)) / std::log(30.0);
  MESSAGE("autocorrelation of signs at 1, 10, 100, 300: " << autocorrelation(signs, 1) << ", " << autocorrelation(signs, 10) << ", "
                                                           << autocorrelation(signs, 100) << ", " << autocorrelation(signs, 300) << "; exponent " << gamma);
  CHECK(autocorrelation(signs, 1) == doctest::Approx(0.61721 / 20).epsilon(0.1));  // one trader's, shared by twenty
  CHECK(gamma > 0.3);
  CHECK(gamma < 0.8);
}

TEST_CASE("stylised fact: the price diffuses") {
  const auto& f = ten_hours();
  const double ratio = mean_square(f.minute_returns) / (60 * mean_square(f.second_returns));
  MESSAGE("variance ratio of a minute to a second: " << ratio);
  CHECK(ratio > 0.8 - 0.1);  // 4 % standard error, and the mean of ten markets
  CHECK(ratio < 1.3);
}

TEST_CASE("stylised fact: the book is deepest a few ticks behind its best") {
  const auto& depth = ten_hours().depth;
  const auto hump = std::max_element(depth.begin(), depth.end()) - depth.begin();
  CHECK(hump >= 1);
  CHECK(hump <= 5);
  CHECK(depth.front() < depth[static_cast<std::size_t>(hump)]);
}

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
    for (std::uint64_t n = p.first_order; n <= p.last_order; ++n) REQUIRE(sides.at(n) == p.direction);
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
    CHECK(p.participation == doctest::Approx(1.0 / 20).epsilon(4 / std::sqrt(50.0)));  // one of twenty traders, drawn at least 50 times
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

TEST_CASE("planted metaorders move the price like the square root of their size") {
  std::vector<double> log_size, log_impact;
  for (const std::uint32_t children : {25U, 50U, 100U, 200U, 400U}) {
    double impact = 0, count = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      flow_settings settings = without_whales(seed);
      settings.whales.metaorders_per_hour = 60;
      settings.whales.children = children;
      flow_market market(settings);
      std::map<std::uint64_t, double> mids;
      while (market.time() < 600) {
        const auto& now = market.next();
        const auto bid = market.book().best(side::buy), ask = market.book().best(side::sell);
        if (now.order > 0 && bid && ask) mids[now.order] = 0.5 * static_cast<double>(bid->at.ticks + ask->at.ticks);
      }
      for (const planted& p : market.truth()) {
        if (p.children < children || p.first_order < 2 || !mids.contains(p.first_order - 1) || !mids.contains(p.last_order)) continue;
        impact += sign_of(p.direction) * (mids[p.last_order] - mids[p.first_order - 1]);
        ++count;
      }
    }
    REQUIRE(count > 20);
    REQUIRE(impact > 0);
    log_size.push_back(std::log(children));
    log_impact.push_back(std::log(impact / count));
  }
  const double x = mean_of(log_size), y = mean_of(log_impact);
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < log_size.size(); ++i) xy += (log_size[i] - x) * (log_impact[i] - y), xx += (log_size[i] - x) * (log_size[i] - x);
  MESSAGE("log-log slope of impact: " << xy / xx << ", from " << std::exp(log_impact.front()) << " to " << std::exp(log_impact.back()) << " ticks");
  CHECK(xy / xx > 0.4);
  CHECK(xy / xx < 0.65);
}
