#include "remora/base/random.hpp"
#include "remora/stats/kernels.hpp"
#include "remora/stats/simd.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <functional>
#include <limits>
#include <numeric>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

using generator = std::function<double(philox&, std::size_t)>;

double power_of_two(philox& draws, int lowest, int highest) {
  return std::ldexp(1.0, lowest + static_cast<int>(draws.below(static_cast<std::uint64_t>(highest - lowest))));
}

/// Data on which another order of addition, a fused multiply-add or flushed denormals would show. No libm: same on every machine.
const std::vector<generator>& adversaries() {
  static const std::vector<generator> all{
      [](philox& draws, std::size_t) { return draws.uniform(); },
      [](philox& draws, std::size_t) { return 1e9 + draws.uniform(); },
      [](philox& draws, std::size_t i) { return (i % 2 == 0 ? 1e15 : -1e15) + draws.uniform(); },
      [](philox& draws, std::size_t) { return (draws.uniform() - 0.5) * power_of_two(draws, -200, 200); },
      [](philox& draws, std::size_t) { return (draws.uniform() - 0.5) * power_of_two(draws, -1074, -1000); },
      [](philox& draws, std::size_t) { return (draws.uniform() - 0.5) * power_of_two(draws, -545, -500); },
      [](philox& draws, std::size_t i) { return i % 3 == 0 ? -0.0 : draws.uniform() * std::numeric_limits<double>::denorm_min() * 9; },
  };
  return all;
}

/// The bits of every kernel over every adversary and size; unaligned starts included.
std::vector<std::uint64_t> all_bits() {
  std::vector<std::uint64_t> bits;
  for (std::size_t kind = 0; kind < adversaries().size(); ++kind) {
    philox draws(kind);
    std::vector<double> x(201);
    std::vector<double> y(201);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = adversaries()[kind](draws, i), y[i] = adversaries()[kind](draws, i + 1);
    for (std::size_t n = 0; n <= 200; ++n) {
      const std::span a = std::span(x).subspan(n % 2, n);
      const std::span b = std::span(y).first(n);
      const auto moments = mean_and_deviation(a);
      for (const double result : {sum(a), sum_of_squared_deviations({a, moments.mean}), dot(a, b), moments.mean, moments.deviation,
                                  sum_of_cross_deviations({a, moments.mean}, {b, 0.3})}) {
        bits.push_back(std::bit_cast<std::uint64_t>(result));
      }
    }
  }
  return bits;
}

std::uint64_t fnv(const std::vector<std::uint64_t>& words) {
  return std::accumulate(words.begin(), words.end(), std::uint64_t{14695981039346656037U}, [](std::uint64_t hash, std::uint64_t word) {
    for (int i = 0; i < 8; ++i) hash = (hash ^ ((word >> (8 * i)) & 255)) * 1099511628211U;
    return hash;
  });
}

/// Leaves the process with the best target again.
struct restore_target {
  ~restore_target() { static_cast<void>(limit_simd("auto")); }
};

}  // namespace

TEST_CASE("every instruction set gives the bits of the scalar reference") {
  const restore_target restore;
  REQUIRE(limit_simd("scalar"));
  const auto reference = all_bits();
  REQUIRE(simd_targets().size() > 1);
  for (const auto& target : simd_targets()) {
    CAPTURE(target);
    REQUIRE(limit_simd(target));
    REQUIRE(simd_target() == target);
    CHECK(all_bits() == reference);
  }
}

TEST_CASE("the bits are those of all earlier builds") {
  CHECK(fnv(all_bits()) == 5863557430125747920U);
}

TEST_CASE("the lanes and the tree are the documented ones") {
  // In plain order the ones would vanish beside 1e16; in lane 1 and 3 they meet each other first.
  const std::vector<double> values{1e16, 1, -1e16, 1, 0, 0, 0, 0, 0, 1, 0, 1};
  CHECK(sum(values) == 4);
  std::array<double, 8> powers{};
  for (std::size_t i = 0; i < 8; ++i) powers[i] = std::ldexp(1.0, static_cast<int>(i) * 9) * (i % 2 == 0 ? 1 : -1.1);
  CHECK(sum(powers) == ((powers[0] + powers[4]) + (powers[2] + powers[6])) + ((powers[1] + powers[5]) + (powers[3] + powers[7])));
}

TEST_CASE("the kernels compute what they say") {
  const std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::vector<double> y{2, 0, 2, 0, 2, 0, 2, 0, 2, 0};
  const restore_target restore;
  for (const auto& target : simd_targets()) {
    REQUIRE(limit_simd(target));
    CHECK(sum(x) == 55);
    CHECK(sum_of_squared_deviations({x, 5.5}) == 82.5);
    CHECK(dot(x, y) == 50);
    CHECK(sum_of_cross_deviations({x, 5.5}, {y, 1}) == -5);
    CHECK(mean_and_deviation(x).mean == 5.5);
    CHECK(mean_and_deviation(x).deviation == Approx(3.0276503540974917).epsilon(1e-15));
  }
}

TEST_CASE("no values give zeros, one value has no deviation") {
  CHECK(sum({}) == 0);
  CHECK(dot({}, {}) == 0);
  CHECK(mean_and_deviation({}).mean == 0);
  const std::array<double, 1> one{3};
  CHECK(mean_and_deviation(one).mean == 3);
  CHECK(mean_and_deviation(one).deviation == 0);
}

TEST_CASE("an instruction set that is not offered is refused by name, and nothing changes") {
  const restore_target restore;
  REQUIRE(limit_simd("scalar"));
  for (const auto* name : {"", "altivec", "avx", "scalar "}) {
    const auto result = limit_simd(name);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == errc::unsupported);
    CHECK(result.error().text.find("scalar") != std::string::npos);
  }
  CHECK(simd_target() == "scalar");
  CHECK(limit_simd("SCALAR"));
  CHECK(limit_simd("auto"));
  CHECK(simd_target() == simd_targets().front());
}
