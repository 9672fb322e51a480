#include "remora/stats/nearest_rank.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>
#include <vector>

using remora::stats::nearest_rank;

TEST_CASE("a quantile is the nearest rank, so that few values do not hide the worst") {
  CHECK_FALSE(nearest_rank(std::vector<double>{}, 0.99));
  CHECK(nearest_rank(std::vector<std::int64_t>{7}, 0.5) == 7);
  CHECK(nearest_rank(std::vector<std::int64_t>{9, 3}, 0.99) == 9);
  CHECK(nearest_rank(std::vector<std::int64_t>{9, 3}, 0.5) == 3);
  CHECK(nearest_rank(std::vector<std::int64_t>{5, 1, 3}, 0.5) == 3);
  CHECK(nearest_rank(std::vector<std::int64_t>{5, 1, 3}, 0) == 1);
  CHECK(nearest_rank(std::vector<std::int64_t>{5, 1, 3}, 1) == 5);
  std::vector<std::int64_t> hundred(100);
  std::iota(hundred.begin(), hundred.end(), 1);
  CHECK(nearest_rank(hundred, 0.5) == 50);
  CHECK(nearest_rank(hundred, 0.99) == 99);
  hundred.push_back(101);
  CHECK(nearest_rank(hundred, 0.99) == 100);
}
