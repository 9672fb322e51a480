#include "remora/base/random.hpp"
#include "remora/stats/christoffersen.hpp"
#include "remora/stats/kupiec.hpp"
#include "remora/stats/poisson_rate.hpp"
#include "remora/stats/tally.hpp"

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

TEST_CASE("row 22: Wilson's interval of eight hits in ten") {
  const auto likely = wilson_interval({8, 10});
  REQUIRE(likely);
  CHECK(std::abs(likely->low - .490162) < 1e-6);
  CHECK(std::abs(likely->high - .943318) < 1e-6);
}

TEST_CASE("Wilson's interval keeps to [0, 1], mirrors, and shrinks with trials") {
  CHECK(wilson_interval({0, 10})->low == 0);
  CHECK(wilson_interval({10, 10})->high == 1);
  CHECK(wilson_interval({0, 10})->high == Approx(1 - wilson_interval({10, 10})->low));
  CHECK(wilson_interval({80, 100})->low > wilson_interval({8, 10})->low);
  CHECK(wilson_interval({8, 10}, 0.99)->low < wilson_interval({8, 10}, 0.9)->low);
}

TEST_CASE("row 16: events that must pass before at most one alarm a thousand is certified") {
  CHECK(events_to_certify(0) == 2'996);
  CHECK(events_to_certify(1) == 4'744);
  CHECK(events_to_certify(3) == 7'754);
  CHECK(events_to_certify(10) == 16'963);
  CHECK(certifies({0, 2'996}));
  CHECK_FALSE(certifies({0, 2'995}));
  CHECK_FALSE(certifies({1, 2'996}));
}

TEST_CASE("the Poisson bounds turn the tails of the law into the doubt that was asked for") {
  const auto at_most = [](std::uint64_t k, double mean) {
    double term = std::exp(-mean), sum = term;
    for (std::uint64_t i = 1; i <= k; ++i) sum += term *= mean / double(i);
    return sum;
  };
  for (const std::uint64_t count : {0u, 1u, 3u, 10u, 40u}) {
    CHECK(at_most(count, *poisson_upper_bound(count, 0.95)) == Approx(0.05).epsilon(1e-9));
    const auto both = poisson_interval(count, 0.9);
    CHECK(at_most(count, both->high) == Approx(0.05).epsilon(1e-9));
    if (count > 0) CHECK(1 - at_most(count - 1, both->low) == Approx(0.05).epsilon(1e-9));
  }
  CHECK(poisson_interval(0)->low == 0);
  CHECK(poisson_interval(0)->high == Approx(3.688879454));  // -ln 0.025
}

TEST_CASE("a promise that is broken by a tenth is certified rarely") {
  philox draws(16);
  int certified = 0;
  constexpr int runs = 2'000;
  for (int run = 0; run < runs; ++run) {
    std::uint64_t alarms = 0;
    for (double t = draws.exponential(); t < 11; t += draws.exponential()) ++alarms;  // 10'000 events at 1.1 a thousand
    certified += certifies({alarms, 10'000}) ? 1 : 0;
  }
  CHECK(certified < runs * 0.05);  // 2.3 % are expected
  CHECK(certified > 0);
}

TEST_CASE("row 60: the counts that Kupiec's ratio does not reject") {
  CHECK(kupiec_accepts({255, .05}) == count_range{7, 20});
  CHECK(kupiec_accepts({510, .05}) == count_range{17, 35});
  CHECK(kupiec_accepts({1000, .05}) == count_range{38, 64});
  CHECK(kupiec_accepts({255, .01}) == count_range{1, 6});
}

TEST_CASE("row 61: Kupiec's ratio of two tallies") {
  CHECK(std::abs(*kupiec_ratio({10, 250}, .01) - 12.955491) < 1e-6);
  CHECK(std::abs(*kupiec_ratio({20, 250}, .05) - 4.039520) < 1e-6);
}

TEST_CASE("row 62: five and ten exceptions of a 99 % value at risk in 250 days") {
  CHECK(std::abs(*binomial_tail({5, 250}, .01) - .107812) < 1e-6);
  CHECK(std::abs(*binomial_tail({10, 250}, .01) - .000250190) < 1e-9);
  CHECK(*binomial_tail({0, 250}, .01) == 1);
  CHECK(*binomial_tail({250, 250}, 1) == 1);
  CHECK(*binomial_tail({3, 3}, .5) == Approx(.125));
}

TEST_CASE("Kupiec's ratio is zero at the expected count and finite at the ends") {
  CHECK(std::abs(*kupiec_ratio({5, 100}, .05)) < 1e-12);
  CHECK(*kupiec_ratio({0, 255}, .01) == Approx(5.13).epsilon(1e-3));
  CHECK(*kupiec_ratio({4, 4}, .5) == Approx(8 * std::log(2.0)));
  CHECK(kupiec_accepts({3, .5}) == count_range{1, 2});
  CHECK_FALSE(kupiec_accepts({1, .5, .5}));  // either count is too far
}

TEST_CASE("the tail of the square of a normal number is that of the number, on both sides") {
  CHECK(*chi_squared_tail(3.841458820694124, 1) == Approx(.05).epsilon(1e-9));
  CHECK(*chi_squared_tail(0, 1) == 1);
  CHECK(*chi_squared_tail(2 * std::log(20.0), 2) == Approx(.05));  // with two degrees it is e^(-x/2)
  CHECK_FALSE(chi_squared_tail(-1, 1));
  CHECK_FALSE(chi_squared_tail(1, 0));
  CHECK_FALSE(chi_squared_tail(not_a_number, 1));
}

TEST_CASE("Christoffersen's ratio of a sequence worked out by hand") {
  // 45 quiet days in five runs, six exceptions in runs of 1, 1, 2 and 2: 40 steps 0→0, 4 of 0→1, 4 of 1→0, 2 of 1→1.
  std::vector<std::uint8_t> days;
  for (const int run : {1, 1, 2, 2}) days.insert(days.end(), 9, 0), days.insert(days.end(), static_cast<std::size_t>(run), 1);
  days.insert(days.end(), 9, 0);
  const auto verdict = christoffersen(days);
  REQUIRE(verdict);
  CHECK(verdict->quiet_quiet == 40);
  CHECK(verdict->quiet_hit == 4);
  CHECK(verdict->hit_quiet == 4);
  CHECK(verdict->hit_hit == 2);
  const double apart = 40 * std::log(10. / 11) + 4 * std::log(1. / 11) + 4 * std::log(2. / 3) + 2 * std::log(1. / 3);
  const double together = 44 * std::log(.88) + 6 * std::log(.12);
  CHECK(verdict->ratio == Approx(2 * (apart - together)).epsilon(1e-12));
  CHECK(std::abs(verdict->ratio - 2.2463525) < 1e-6);
  CHECK(std::abs(verdict->p - .1339298) < 1e-6);
}

TEST_CASE("Christoffersen's test rejects independent exceptions about once in twenty, clustered ones mostly") {
  philox draws(98);
  constexpr int runs = 1'000, days = 1'000;
  const auto rejected = [&](double after_quiet, double after_hit) {
    int count = 0;
    for (int run = 0; run < runs; ++run) {
      std::vector<std::uint8_t> seen(days);
      bool hit = false;
      for (auto& day : seen) day = hit = draws.uniform() < (hit ? after_hit : after_quiet);
      count += christoffersen(seen)->p < .05 ? 1 : 0;
    }
    return count;
  };
  // The law of the ratio is only nearly χ²: few steps begin at an exception. Twice the promise is not to be seen, nor no rejection at all.
  const int false_alarms = rejected(.1, .1);
  CHECK(false_alarms < runs * .10);
  CHECK(false_alarms > runs * .02);
  CHECK(rejected(.1, .35) > runs * .95);
}

TEST_CASE("Christoffersen's test says nothing where no step begins at an exception, or none without one") {
  CHECK_FALSE(christoffersen({}));
  CHECK_FALSE(christoffersen(std::vector<std::uint8_t>(500, 0)));
  CHECK_FALSE(christoffersen(std::vector<std::uint8_t>(500, 1)));
  CHECK_FALSE(christoffersen(std::vector<std::uint8_t>{0, 0, 0, 1}));  // nothing follows the exception
  CHECK(christoffersen(std::vector<std::uint8_t>{0, 1, 0, 1, 0}));
}

TEST_CASE("rates refuse what is no tally, no probability and no confidence") {
  CHECK_FALSE(wilson_interval({0, 0}));
  CHECK_FALSE(wilson_interval({3, 2}));
  CHECK_FALSE(kupiec_ratio({3, 2}, .5));
  CHECK_FALSE(binomial_tail({3, 2}, .5));
  CHECK_FALSE(kupiec_accepts({0, .5}));
  for (const double bad : {0.0, 1.0, -0.5, 1.5, not_a_number}) {
    CHECK_FALSE(wilson_interval({1, 2}, bad));
    CHECK_FALSE(poisson_upper_bound(1, bad));
    CHECK_FALSE(poisson_interval(1, bad));
    CHECK_FALSE(kupiec_ratio({1, 2}, bad));
    CHECK_FALSE(kupiec_accepts({10, .5, bad}));
    CHECK_FALSE(events_to_certify(0, {.rate = 1e-3, .confidence = bad}));
  }
  CHECK_FALSE(events_to_certify(0, {.rate = 0}));
  CHECK_FALSE(events_to_certify(0, {.rate = -1}));
  CHECK_FALSE(events_to_certify(0, {.rate = 1e-300}));
  CHECK_FALSE(certifies({0, 1'000'000}, {.rate = not_a_number}));
  CHECK_FALSE(binomial_tail({1, 2}, -.1));
}
