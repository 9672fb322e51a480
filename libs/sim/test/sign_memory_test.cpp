#include "remora/sim/long_memory_signs.hpp"
#include "remora/sim/santa_fe.hpp"
#include "remora/sim/sign_memory.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <utility>
#include <vector>

using namespace remora;
using namespace remora::sim;
using doctest::Approx;

namespace {

using curve = std::vector<std::pair<std::uint32_t, double>>;

const curve one_trader{{1, .61721}, {2, .48187}, {5, .32611}, {10, .23620}, {50, .10773}, {100, .07637}};
const curve five_traders{{1, .12344}, {2, .11803}, {5, .10453}, {10, .08849}, {20, .06953}, {50, .04669}, {100, .03363}};

std::vector<double> drawn(std::uint32_t traders, std::size_t n) {
  long_memory_signs signs(traders, 1.5);
  philox draws(33);
  std::vector<double> x(n);
  for (double& s : x) s = sign_of(signs.next(draws));
  return x;
}

double autocorrelation(const std::vector<double>& x, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < x.size(); ++i) sum += x[i] * x[i - lag];
  return sum / static_cast<double>(x.size() - lag);
}

}  // namespace

TEST_CASE("row 32: the exact memory of one trader's signs") {
  for (const auto& [lag, value] : one_trader) CHECK(std::abs(sign_autocorrelation({1, 1.5}, lag) - value) < 1e-5);
}

TEST_CASE("row 33: the memory of five traders' signs, exact and drawn") {
  const std::vector<double> x = drawn(5, 4'000'000);
  for (const auto& [lag, value] : five_traders) {
    CAPTURE(lag);
    CHECK(std::abs(sign_autocorrelation({5, 1.5}, lag) - value) < 1e-5);
    CHECK(autocorrelation(x, lag) == Approx(value).epsilon(0.1));
  }
}

TEST_CASE("row 34: lengths that fall with the power 2.5") {
  CHECK(std::abs(zeta_law_mean(2.5) - 1.947372) < 1e-6);
  CHECK(std::abs(zeta_law_autocorrelation(2.5, 1) - .486488) < 1e-6);
  CHECK(std::abs(zeta_law_autocorrelation(2.5, 10) - .161299) < 1e-6);
}

TEST_CASE("the exact memory is that of the renewal sum, starts at one, and falls like a power") {
  double mean = 0, overlap = 0;
  for (int length = 2'000'000; length >= 1; --length) {
    const double p = std::pow(length, -3.5);
    mean += length * p;
    if (length > 7) overlap += (length - 7) * p;
  }
  CHECK(zeta_law_autocorrelation(3.5, 7) == Approx(overlap / mean).epsilon(1e-8));
  CHECK(zeta_law_autocorrelation(3.5, 0) == Approx(1));
  CHECK(sign_autocorrelation({5, 1.5}, 0) == 1);
  const double fall = std::log(sign_autocorrelation({1, 1.5}, 10'000) / sign_autocorrelation({1, 1.5}, 1'000)) / std::log(10.0);
  CHECK(fall == Approx(-0.5).epsilon(1e-3));
}

TEST_CASE("row 82: the spread of a book without intention at two granularities") {
  CHECK(std::abs(scaled_spread(.01) - .338819) < 1e-6);
  CHECK(std::abs(scaled_spread(.1) - .610759) < 1e-6);
  const santa_fe_rates rates{.market = 20, .limit = 4, .cancellation = .5, .order_size = 4};
  CHECK(granularity_of(rates) == Approx(.1));
  CHECK(spread_of(rates) == Approx(5 * .610759).epsilon(1e-5));
}
