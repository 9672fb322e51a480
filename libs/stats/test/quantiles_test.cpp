#include "remora/stats/log_histogram.hpp"
#include "remora/stats/trailing_rank.hpp"
#include "resume.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

double wide(philox& draws) { return draws.below(20) == 0 ? 0 : std::exp(5 * draws.normal()); }

/// The place-th smallest.
double ordered(std::vector<double> values, double q) {
  const auto place = static_cast<std::ptrdiff_t>(*quantile_place(q, values.size()));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

const std::vector<double> levels{0, .01, .25, .5, .9, .99, .999, 1};

}  // namespace

TEST_CASE("row 85: one thousand falls into bucket 346, which stands for 1002.42801") {
  CHECK(log_bucket_of(1000) == 346);
  CHECK(log_bucket_value(346) == Approx(1002.42801).epsilon(1e-8));
}

TEST_CASE("every value is within one per cent of its bucket") {
  philox draws(1);
  for (int i = 0; i < 20'000; ++i) {
    const double x = std::exp(-20.7 + 62.1 * draws.uniform());
    const auto bucket = log_bucket_of(x);
    REQUIRE(bucket);
    REQUIRE(std::abs(log_bucket_value(*bucket) / x - 1) <= log_bucket_accuracy * (1 + 1e-9));
  }
}

TEST_CASE("buckets never fall while values rise, and their ends are where they should be") {
  CHECK(log_bucket_of(1) == 0);
  CHECK(log_bucket_of(std::nextafter(1, 2)) == 1);
  CHECK(log_bucket_of(0) == log_bucket_lowest);
  CHECK(log_bucket_of(-0.0) == log_bucket_lowest);
  CHECK(log_bucket_of(9e-10) == log_bucket_lowest);
  CHECK(log_bucket_of(1e-9) > log_bucket_lowest);
  CHECK(log_bucket_of(1e18) == log_bucket_highest);
  for (const double x : {-1e-300, -1.0, 1.1e18, infinite, -infinite, not_a_number}) CHECK_FALSE(log_bucket_of(x));
  int last = log_bucket_lowest;
  for (double x = 1e-10; x < 1e18; x *= 1.003) {
    const int bucket = *log_bucket_of(x);
    REQUIRE(bucket - last >= 0);
    REQUIRE(bucket - last <= 1);
    last = bucket;
  }
}

TEST_CASE("quantiles of a histogram are within one per cent on every prefix") {
  philox draws(2);
  log_histogram histogram;
  std::vector<double> values;
  for (int i = 1; i <= 3000; ++i) {
    values.push_back(wide(draws));
    REQUIRE(histogram.push(values.back()));
    if (i % 97 != 1) continue;
    for (const double q : levels) REQUIRE(std::abs(*histogram.quantile(q) - ordered(values, q)) <= 0.01001 * ordered(values, q) + 1e-9);
  }
  CHECK(histogram.count() == values.size());
}

TEST_CASE("merged histograms are the histogram of all values, in any order") {
  philox draws(3);
  log_histogram whole;
  log_histogram low;
  log_histogram high;
  for (int i = 0; i < 2000; ++i) {
    const double x = wide(draws);
    whole.push(x);
    (x < 1 ? low : high).push(x);
  }
  log_histogram one = low;
  one.merge(high);
  log_histogram other = high;
  other.merge(low);
  other.merge(log_histogram());
  log_histogram third;
  third.merge(one);
  CHECK(bytes_of(one) == bytes_of(whole));
  CHECK(bytes_of(other) == bytes_of(whole));
  CHECK(bytes_of(third) == bytes_of(whole));
}

TEST_CASE("a histogram counts repeats, refuses nonsense and can start again") {
  log_histogram histogram;
  CHECK_FALSE(histogram.quantile(.5));
  CHECK(histogram.push(10, 99));
  CHECK(histogram.push(1e6));
  CHECK(histogram.push(5, 0));
  for (const double x : {not_a_number, infinite, -1.0, 2e18}) CHECK_FALSE(histogram.push(x));
  CHECK(histogram.count() == 100);
  CHECK(*histogram.quantile(.98) == Approx(10).epsilon(.01));
  CHECK(*histogram.quantile(1) == Approx(1e6).epsilon(.01));
  for (const double q : {-.1, 1.1, not_a_number}) CHECK_FALSE(histogram.quantile(q));
  histogram.clear();
  CHECK(histogram.count() == 0);
  CHECK_FALSE(histogram.quantile(.5));
}

TEST_CASE("trailing ranks and quantiles agree with the window they describe") {
  for (const std::size_t width : {1U, 7U, 500U}) {
    philox draws(width);
    trailing_rank ranks(width);
    std::deque<double> values;
    for (std::size_t i = 0; i < 3 * width + 50; ++i) {
      values.push_back(wide(draws));
      if (values.size() > width) values.pop_front();
      REQUIRE(ranks.push(values.back()));
      REQUIRE(ranks.count() == values.size());
      const double probe = wide(draws);
      const auto below = std::count_if(values.begin(), values.end(), [&](double x) { return log_bucket_of(x) < log_bucket_of(probe); });
      const auto equal = std::count_if(values.begin(), values.end(), [&](double x) { return log_bucket_of(x) == log_bucket_of(probe); });
      const double rank = (static_cast<double>(below) + static_cast<double>(equal) / 2) / static_cast<double>(values.size());
      REQUIRE(*ranks.rank_of(probe) == Approx(rank).epsilon(1e-12));
      for (const double q : levels) {
        const double truth = ordered({values.begin(), values.end()}, q);
        REQUIRE(std::abs(*ranks.quantile(q) - truth) <= 0.01001 * truth + 1e-9);
      }
    }
  }
}

TEST_CASE("trailing ranks forget what left the window") {
  trailing_rank ranks(100);
  CHECK_FALSE(ranks.rank_of(1));
  CHECK_FALSE(ranks.quantile(.5));
  for (int i = 0; i < 100; ++i) ranks.push(1e6);
  CHECK(ranks.rank_of(10) == 0.0);
  for (int i = 0; i < 100; ++i) ranks.push(1);
  CHECK(ranks.rank_of(10) == 1.0);
  CHECK(ranks.rank_of(1) == 0.5);
  CHECK(*ranks.quantile(1) == Approx(1).epsilon(.01));
}

TEST_CASE("trailing ranks refuse what cannot be ranked") {
  trailing_rank ranks(10);
  ranks.push(3);
  const auto before = bytes_of(ranks);
  for (const double x : {not_a_number, infinite, -infinite, -1e-9, 2e18}) {
    CHECK_FALSE(ranks.push(x));
    CHECK_FALSE(ranks.rank_of(x));
  }
  CHECK_FALSE(ranks.quantile(not_a_number));
  CHECK(bytes_of(ranks) == before);
}

TEST_CASE("the top and the bottom of the range share a window") {
  trailing_rank ranks(2);
  ranks.push(1e18);
  ranks.push(0);
  CHECK(*ranks.quantile(1) == Approx(1e18).epsilon(.01));
  CHECK(*ranks.quantile(0) == 0);
  CHECK(ranks.rank_of(1) == 0.5);
}

TEST_CASE("saved quantiles go on with the same bits") {
  const auto feed = [](auto& estimator, philox& draws) { estimator.push(wide(draws)); };
  CHECK(resumes(log_histogram(), feed));
  CHECK(resumes(trailing_rank(1000), feed));
}
