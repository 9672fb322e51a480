#include "remora/stats/calibration.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Confidences uniform in (0, 1), each as true as `truth` says.
template <class Truth>
std::vector<forecast> told(Truth truth, std::size_t n) {
  philox draws(20);
  std::vector<forecast> forecasts(n);
  for (forecast& f : forecasts) {
    f.confidence = draws.uniform();
    f.happened = draws.uniform() < truth(f.confidence);
  }
  return forecasts;
}

const std::vector<forecast> toy{{.9, true}, {.9, true}, {.7, true}, {.7, false}, {.7, true},
                                {.3, false}, {.3, true}, {.1, false}, {.1, false}, {.1, false}};

}  // namespace

TEST_CASE("row 20: ten forecasts of four confidences, their Brier score in three parts, ECE and log loss") {
  const auto judged = judge_calibration(toy);
  REQUIRE(judged);
  CHECK(std::abs(judged->brier - .13) < 1e-7);
  CHECK(std::abs(judged->reliability - .0133333) < 1e-7);
  CHECK(std::abs(judged->resolution - .1333333) < 1e-7);
  CHECK(std::abs(judged->uncertainty - .25) < 1e-7);
  CHECK(std::abs(judged->expected_error - .1) < 1e-7);
  CHECK(std::abs(judged->log_loss - .4004773) < 1e-7);
  CHECK(std::abs(judged->within_bins) < 1e-15);
  CHECK(*judged->skill() == Approx(1 - .13 / .25));
  REQUIRE(judged->table.size() == 4);
  CHECK(judged->table[2].count == 3);
  CHECK(judged->table[2].happened == 2);
}

TEST_CASE("bins are of equal count, their table adds up, and the parts make the score also when bins are wide") {
  const auto judged = judge_calibration(told([](double p) { return p; }, 4'003), 10);
  REQUIRE(judged);
  REQUIRE(judged->table.size() == 10);
  std::uint64_t count = 0;
  for (const reliability_bin& bin : judged->table) {
    CHECK((bin.count == 400 || bin.count == 401));
    CHECK(bin.likely.contains(bin.share));
    count += bin.count;
  }
  CHECK(count == 4'003);
  CHECK(judged->brier == Approx(judged->reliability - judged->resolution + judged->uncertainty + judged->within_bins));
  CHECK(judged->brier == Approx(1.0 / 6).epsilon(0.05));  // E p(1 - p) of a uniform p; 0.05 is 4 deviations
}

TEST_CASE("true confidences are calibrated, exaggerated ones show in ECE, skill and slope") {
  const auto honest = told([](double p) { return p; }, 20'000);
  const auto boasting = told([](double p) { return 1 / (1 + std::pow(1 / p - 1, 0.5)); }, 20'000);  // half the log-odds
  CHECK(judge_calibration(honest)->expected_error < 0.02);
  CHECK(judge_calibration(boasting)->expected_error > 0.05);
  CHECK(*judge_calibration(honest)->skill() > *judge_calibration(boasting)->skill());
  CHECK(*recalibration_slope(honest) == Approx(1).epsilon(0.06));  // 4 deviations of 0.014
  CHECK(*recalibration_slope(boasting) == Approx(0.5).epsilon(0.08));
}

TEST_CASE("one confidence for all is one bin without resolution") {
  std::vector<forecast> same(100, {.3, false});
  for (std::size_t i = 0; i < 30; ++i) same[i].happened = true;
  const auto judged = judge_calibration(same);
  REQUIRE(judged->table.size() == 1);
  CHECK(std::abs(judged->reliability) < 1e-15);
  CHECK(judged->resolution == 0);
  CHECK(std::abs(*judged->skill()) < 1e-12);
  CHECK_FALSE(recalibration_slope(same));
}

TEST_CASE("certain and wrong costs much, but not infinitely much") {
  const std::vector<forecast> wrong{{1, false}, {0, true}};
  CHECK(judge_calibration(wrong)->brier == 1);
  CHECK(judge_calibration(wrong)->log_loss == Approx(12 * std::log(10.0)).epsilon(1e-3));
  const std::vector<forecast> right{{1, true}, {1, true}};
  CHECK(judge_calibration(right)->log_loss < 1e-11);
  CHECK_FALSE(judge_calibration(right)->skill());
}

TEST_CASE("nothing, no bins, and what is no probability are refused") {
  CHECK_FALSE(judge_calibration({}));
  CHECK_FALSE(judge_calibration(toy, 0));
  for (const double p : {-0.01, 1.01, not_a_number}) {
    const std::vector<forecast> bad{{.5, true}, {p, false}};
    CHECK_FALSE(judge_calibration(bad));
    CHECK_FALSE(recalibration_slope(bad));
  }
}
