#include "remora/stats/independence.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("row 18: what Fisher's g exceeds once in twenty") {
  CHECK(std::abs(*fisher_g_critical(10) - .444953) < 1e-6);
  CHECK(std::abs(*fisher_g_critical(20) - .270404) < 1e-6);
  CHECK(std::abs(*fisher_g_critical(50) - .131347) < 1e-6);
}

TEST_CASE("ordinates of white noise exceed Fisher's critical g as often as promised") {
  philox draws(18);
  const double critical = *fisher_g_critical(20);
  int exceeded = 0;
  constexpr int runs = 5'000;
  std::vector<double> ordinates(20);  // of white noise they are exponential
  for (int run = 0; run < runs; ++run) {
    for (double& o : ordinates) o = draws.exponential();
    exceeded += *fisher_g(ordinates) > critical ? 1 : 0;
  }
  CHECK(std::abs(exceeded - 0.05 * runs) < 4 * std::sqrt(0.05 * 0.95 * runs));
}

TEST_CASE("Fisher's tail is one at zero, nothing at one, and exact for two ordinates") {
  CHECK(*fisher_g_tail(0, 7) == 1);
  CHECK(*fisher_g_tail(1, 7) == 0);
  CHECK(*fisher_g_tail(1e-3, 1000) == 1);
  CHECK(*fisher_g_tail(.75, 2) == Approx(.5));  // the larger share of two is uniform on [1/2, 1]
  CHECK(*fisher_g_critical(2, .5) == Approx(.75));
  for (const std::size_t m : {2u, 3u, 64u, 1000u, 100'000u}) CHECK(*fisher_g_tail(*fisher_g_critical(m), m) == Approx(.05).epsilon(1e-6));
  CHECK(*fisher_g(std::vector<double>{1, 2, 1}) == .5);
}

TEST_CASE("row 19: runs of ten and ten in a random order") {
  std::vector<std::uint8_t> outcomes(20);
  for (std::size_t i = 0; i < 10; ++i) outcomes[2 * i] = 1;
  const auto verdict = judge_runs(outcomes);
  REQUIRE(verdict);
  CHECK(verdict->runs == 20);
  CHECK(std::abs(verdict->mean - 11) < 1e-7);
  CHECK(std::abs(verdict->variance - 4.7368421) < 1e-7);
  CHECK(verdict->z == Approx(9 / std::sqrt(4.7368421)));
}

TEST_CASE("clustered outcomes have few runs, and shuffled ones as many as expected") {
  CHECK(judge_runs(std::vector<std::uint8_t>{1, 1, 1, 1, 1, 0, 0, 0, 0, 0})->z < -2);
  philox draws(19);
  double total = 0;
  constexpr int series = 500;
  for (int i = 0; i < series; ++i) {
    std::vector<std::uint8_t> outcomes(200);
    for (auto& o : outcomes) o = draws.below(10) == 0 ? 1 : 0;
    total += judge_runs(outcomes)->z;
  }
  CHECK(std::abs(total / series) < 4 / std::sqrt(double(series)));
}

TEST_CASE("row 79: Ljung and Box on an alternating series") {
  std::vector<double> values;
  for (int i = 0; i < 8; ++i) values.push_back(i % 2 == 0 ? 1 : -1);
  CHECK(*autocorrelation(values, 1) == -.875);
  CHECK(ljung_box(values, 1)->q == 8.75);
  CHECK(ljung_box(values, 1)->p == Approx(.003096).epsilon(1e-3));
  CHECK(*autocorrelation(values, 0) == 1);
}

TEST_CASE("Ljung and Box reject independent values as often as promised, and a wave always") {
  philox draws(79);
  int rejected = 0;
  constexpr int runs = 1'000;
  std::vector<double> values(250);
  for (int run = 0; run < runs; ++run) {
    for (double& x : values) x = draws.normal();
    rejected += ljung_box(values, 5)->p < 0.05 ? 1 : 0;
  }
  CHECK(std::abs(rejected - 0.05 * runs) < 4 * std::sqrt(0.05 * 0.95 * runs));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(double(i) / 5);
  CHECK(ljung_box(values, 5)->p < 1e-12);
}

TEST_CASE("tests of independence refuse what carries no answer") {
  CHECK_FALSE(judge_runs({}));
  CHECK_FALSE(judge_runs(std::vector<std::uint8_t>{1, 1, 1}));
  CHECK_FALSE(judge_runs(std::vector<std::uint8_t>{1, 0}));  // always two runs
  CHECK_FALSE(autocorrelation(std::vector<double>{1, 2}, 2));
  CHECK_FALSE(autocorrelation(std::vector<double>{1, 1, 1}, 1));
  CHECK_FALSE(autocorrelation(std::vector<double>{1, not_a_number, 1}, 1));
  CHECK_FALSE(ljung_box(std::vector<double>{1, 2, 3}, 0));
  CHECK_FALSE(ljung_box(std::vector<double>{1, 2, 3}, 3));
  CHECK_FALSE(fisher_g(std::vector<double>{1}));
  CHECK_FALSE(fisher_g(std::vector<double>{1, -1}));
  CHECK_FALSE(fisher_g(std::vector<double>{0, 0}));
  CHECK_FALSE(fisher_g_tail(.5, 1));
  CHECK_FALSE(fisher_g_tail(1.5, 10));
  for (const double bad : {0.0, 0.6, not_a_number}) CHECK_FALSE(fisher_g_critical(10, bad));
}
