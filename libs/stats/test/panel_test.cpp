#include "remora/base/random.hpp"
#include "remora/stats/ewma.hpp"
#include "remora/stats/panel.hpp"
#include "remora/stats/rolling_moments.hpp"
#include "remora/stats/simd.hpp"

#include "resume.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

/// Leaves the process with the best target again.
struct restore_target {
  ~restore_target() { static_cast<void>(limit_simd("auto")); }
};

void draw_row(panel& p, philox& draws) {
  for (std::size_t i = 0; i < p.instruments(); ++i) {
    p.values()[i] = (draws.uniform() - 0.5) * (i % 5 == 0 ? 1e9 : 1);
    p.quotes().bid_price[i] = 100 + static_cast<double>(draws.below(3));
    p.quotes().ask_price[i] = 103 + static_cast<double>(draws.below(3));
    p.quotes().bid_size[i] = static_cast<double>(draws.below(50));
    p.quotes().ask_size[i] = static_cast<double>(draws.below(50));
  }
}

std::vector<std::uint64_t> bits_of(const panel& p) {
  std::vector<std::uint64_t> bits;
  for (const auto column : {p.z(), p.rolling_mean(), p.rolling_squares(), p.fading_mean(), p.fading_variance(), p.order_flow()})
    for (const double x : column) bits.push_back(std::bit_cast<std::uint64_t>(x));
  for (std::size_t i = 0; i < p.instruments(); ++i) bits.push_back(std::bit_cast<std::uint64_t>(p.correlation(i, 0)));
  return bits;
}

std::vector<std::uint64_t> bits_of_a_run() {
  panel p(21, {.window = 10, .half_life = 5});
  philox draws(11);
  std::vector<std::uint64_t> all;
  for (int step = 0; step < 1100; ++step) {
    draw_row(p, draws);
    p.step();
    if (step % 50 > 1) continue;
    const auto bits = bits_of(p);
    all.insert(all.end(), bits.begin(), bits.end());
  }
  return all;
}

}  // namespace

TEST_CASE("a panel gives the same bits on every instruction set") {
  const restore_target restore;
  REQUIRE(limit_simd("scalar"));
  const auto reference = bits_of_a_run();
  for (const auto& target : simd_targets()) {
    CAPTURE(target);
    REQUIRE(limit_simd(target));
    CHECK(bits_of_a_run() == reference);
  }
}

TEST_CASE("a column of a panel says what the estimators of one instrument say") {
  panel p(9, {.window = 20, .half_life = 8, .correlations = false});
  std::vector<rolling_moments> rolling(9, rolling_moments(20));
  std::vector<double> mean(9), variance(9);
  const double a = 1 - std::exp2(-1.0 / 8);
  philox draws(3);
  for (int step = 0; step < 3000; ++step) {
    draw_row(p, draws);
    const std::vector<double> row(p.values().begin(), p.values().end());
    p.step();
    for (std::size_t i = 0; i < 9; ++i) {
      REQUIRE(p.z()[i] == Approx(rolling[i].z_of(row[i])).epsilon(1e-9));
      REQUIRE(rolling[i].push(row[i]));
      const double distance = row[i] - mean[i];
      mean[i] += a * distance;
      variance[i] = (1 - a) * (variance[i] + a * distance * distance);
      REQUIRE(p.rolling_mean()[i] == Approx(rolling[i].mean()).epsilon(1e-9).scale(i % 5 == 0 ? 1e9 : 1));
      REQUIRE(p.fading_mean()[i] == Approx(mean[i]).epsilon(1e-12));
      REQUIRE(p.fading_variance()[i] == Approx(variance[i]).epsilon(1e-12));
    }
  }
  CHECK(p.filled() == 20);
}

TEST_CASE("row 36: the flow of quotes, instrument by instrument") {
  panel p(3, {.correlations = false});
  const double quotes[][4] = {{100, 10, 101, 12}, {100, 14, 101, 9}, {101, 5, 102, 8}, {100, 20, 101, 6}};
  const double flows[] = {0, 7, 14, -11};
  for (std::size_t step = 0; step < 4; ++step) {
    for (const std::size_t i : {std::size_t{0}, std::size_t{2}}) {
      p.quotes().bid_price[i] = quotes[step][0];
      p.quotes().bid_size[i] = quotes[step][1];
      p.quotes().ask_price[i] = quotes[step][2];
      p.quotes().ask_size[i] = quotes[step][3];
    }
    p.step();
    CHECK(p.order_flow()[0] == flows[step]);
    CHECK(p.order_flow()[1] == 0);
    CHECK(p.order_flow()[2] == flows[step]);
  }
}

TEST_CASE("instruments that move together correlate, opposed ones with a minus, one that never moves with none") {
  panel p(4);
  philox draws(8);
  for (int step = 0; step < 5000; ++step) {
    const double common = draws.uniform() - 0.5;
    p.values()[0] = common;
    p.values()[1] = 2 * common;
    p.values()[2] = -common + (draws.uniform() - 0.5);
    p.step();
  }
  CHECK(p.correlation(0, 1) == Approx(1));
  CHECK(p.correlation(1, 0) == p.correlation(0, 1));
  CHECK(p.correlation(0, 2) == Approx(-std::sqrt(0.5)).epsilon(0.15));  // 4 deviations of 430 effective pairs
  CHECK(p.correlation(0, 3) == 0);
  CHECK(p.correlation(3, 3) == 0);
}

TEST_CASE("what is not a sample counts as no move, and a bad quote spoils no neighbour") {
  panel p(2, {.window = 5, .correlations = false});
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e300}) {
    p.values()[0] = bad;
    p.values()[1] = 1;
    p.quotes().bid_price[0] = bad;
    p.step();
  }
  CHECK(p.rolling_mean()[0] == 0);
  CHECK(p.rolling_mean()[1] == 1);
  CHECK(p.order_flow()[1] == 0);
}

TEST_CASE("a panel that was saved goes on with the same bits") {
  CHECK(resumes(panel(5, {.window = 7}), [](panel& p, philox& draws) { draw_row(p, draws), p.step(); }, 200));
}
