#include "remora/base/random.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace remora;

TEST_CASE("philox gives Random123's published vector for the zero key and counter") {
  philox random(0, 0);
  CHECK(random() == 0x6627e8d5U);
  CHECK(random() == 0xe169c58dU);
  CHECK(random() == 0xbc57ac4cU);
  CHECK(random() == 0x9b00dbd8U);
}

TEST_CASE("streams of one seed are independent and repeatable") {
  philox a(7, 1), b(7, 1), c(7, 2);
  const auto first = a();
  CHECK(first == b());
  CHECK(first != c());
}

TEST_CASE("normal and uniform numbers have the moments they promise") {
  philox random(42);
  double sum = 0, squares = 0;
  constexpr int n = 100'000;
  for (int i = 0; i < n; ++i) {
    const double z = random.normal();
    sum += z;
    squares += z * z;
  }
  CHECK(std::abs(sum / n) < 4 / std::sqrt(n));
  CHECK(std::abs(squares / n - 1) < 4 * std::sqrt(2.0 / n));
  for (int i = 0; i < 1000; ++i) CHECK(random.below(7) < 7);
}
