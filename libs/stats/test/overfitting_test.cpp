#include "remora/stats/overfitting.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace remora;
using namespace remora::stats;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Noise of deviation one, with so much more for the first configuration.
std::vector<double> noise(std::size_t rows, std::size_t configurations, double skill, std::uint64_t seed) {
  philox draws(seed, 77);
  std::vector<double> blocks(rows * configurations);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = draws.normal() + (i % configurations == 0 ? skill : 0);
  return blocks;
}

}  // namespace

TEST_CASE("row 76: splits of sixteen blocks into halves, and paths of purged cross-validation") {
  CHECK(combinations(16, 8) == 12'870);
  CHECK(judge_overfitting(noise(16, 2, 0, 1), 2)->logits.size() == 12'870);
  CHECK(cross_validation_size_of(6, 2)->splits == 15);
  CHECK(cross_validation_size_of(6, 2)->paths == 5);
  CHECK(cross_validation_size_of(10, 2)->splits == 45);
  CHECK(cross_validation_size_of(10, 2)->paths == 9);
}

TEST_CASE("row 77: four blocks of three configurations whose best is never above the median elsewhere") {
  const auto verdict = judge_overfitting(std::vector<double>{3, 1, 2, 3, 1, 2, -2, 2, 1, -3, 2, 1}, 3);
  REQUIRE(verdict);
  std::vector<double> logits = verdict->logits;
  std::ranges::sort(logits);
  REQUIRE(logits.size() == 6);
  for (std::size_t i = 0; i < 2; ++i) CHECK(std::abs(logits[i] - -1.098612) < 1e-6);
  for (std::size_t i = 2; i < 6; ++i) CHECK(logits[i] == 0);
  CHECK(verdict->probability == 1);
  const auto dominant = judge_overfitting(std::vector<double>{9, 1, 2, 9, 1, 2, 9, 2, 1, 9, 2, 1}, 3);
  CHECK(dominant->probability == 0);
  CHECK(dominant->loss_probability == 0);
}

TEST_CASE("choosing among noise adds nothing, choosing skill does") {
  double by_luck = 0, by_skill = 0;
  constexpr int runs = 30;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    by_luck += judge_overfitting(noise(8, 10, 0, seed), 10)->probability / runs;
    by_skill += judge_overfitting(noise(8, 10, 3, seed), 10)->probability / runs;
  }
  CHECK(by_luck > 0.35);
  CHECK(by_luck < 0.75);
  CHECK(by_skill < 0.02);
}

TEST_CASE("what cannot be counted or split is refused") {
  CHECK(combinations(5, 0) == 1);
  CHECK(combinations(3, 5) == 0);
  CHECK_FALSE(combinations(200, 100));
  CHECK_FALSE(cross_validation_size_of(6, 0));
  CHECK_FALSE(cross_validation_size_of(6, 6));
  CHECK_FALSE(cross_validation_size_of(200, 100));
  CHECK_FALSE(judge_overfitting({}, 2));
  CHECK_FALSE(judge_overfitting(std::vector<double>{1, 2, 3, 4}, 1));
  CHECK_FALSE(judge_overfitting(std::vector<double>{1, 2, 3, 4, 5, 6}, 2));  // three blocks
  CHECK_FALSE(judge_overfitting(std::vector<double>{1, 2, 3}, 2));
  CHECK_FALSE(judge_overfitting(std::vector<double>{1, 2, 3, not_a_number}, 2));
  CHECK_FALSE(judge_overfitting(std::vector<double>(22 * 2, 1), 2));
}
