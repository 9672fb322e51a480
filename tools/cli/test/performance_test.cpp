#include "performance.hpp"

#include <doctest/doctest.h>

using namespace remora::cli;

TEST_CASE("equity is taken at the end of each minute, and a silent minute ends as the one before it") {
  CHECK(by_minute({}).empty());
  CHECK(by_minute({{10, 100}, {10, 101}, {11, 102}, {13, 99}}) == std::vector<double>{101, 102, 102, 99});
}

TEST_CASE("drawdown looks at every report, Sharpe at minutes") {
  const auto p = performance_of({{0, 100}, {1, 110}, {2, 88}, {2, 110}, {3, 121}}, {});
  CHECK(p.drawdown == doctest::Approx(0.2));       // 110 to 88, within a minute
  CHECK(p.minutes == 3);                           // +10 %, 0 %, +10 %
  const double mean = 0.2 / 3, deviation = std::sqrt((2 * 0.1 * 0.1 - 3 * mean * mean) / 2);
  CHECK(*p.sharpe == doctest::Approx(mean / deviation));
  CHECK(*p.sharpe_error == doctest::Approx(std::sqrt((1 + *p.sharpe * *p.sharpe / 2) / 3)));
  CHECK(*p.recovery_factor == doctest::Approx(21.0 / 22.0));
}

TEST_CASE("win rate and profit factor are those of the round trips; without one there is none") {
  const auto p = performance_of({}, {4, -1, 2, -2});
  CHECK(*p.win_rate == doctest::Approx(0.5));
  CHECK(*p.profit_factor == doctest::Approx(2));
  const auto nothing = performance_of({{0, 100}}, {});
  CHECK(!nothing.win_rate);
  CHECK(!nothing.profit_factor);
  CHECK(!nothing.sharpe);
  CHECK(!nothing.recovery_factor);
}

TEST_CASE("the verdict claims no more than the sample carries") {
  performance p;
  p.trades = 29;
  p.sharpe = 5;
  p.sharpe_error = 0.1;
  CHECK(p.verdict().starts_with("fewer than 30"));
  p.trades = 30;
  CHECK(p.verdict().ends_with("above zero in this sample"));
  p.sharpe = 0.19;
  CHECK(p.verdict().ends_with("no edge is shown"));
  p.sharpe = -5;
  CHECK(p.verdict().ends_with("below zero"));
}
