#include "remora/stats/symmetric_matrix.hpp"

#include "resume.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace remora;
using namespace remora::stats;
using doctest::Approx;

namespace {

symmetric_matrix pair_of(double a, double b, double c) {
  symmetric_matrix m(2);
  m.at(0, 0) = a, m.at(1, 0) = b, m.at(1, 1) = c;
  return m;
}

/// M Mᵀ of a random n × k matrix: positive definite for k >= n, only semi-definite below.
symmetric_matrix drawn(std::size_t n, std::size_t k, philox& draws) {
  std::vector<std::vector<double>> rows(n, std::vector<double>(k));
  for (auto& row : rows)
    for (double& x : row) x = draws.normal();
  symmetric_matrix m(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      for (std::size_t c = 0; c < k; ++c) m.at(i, j) += rows[i][c] * rows[j][c];
  return m;
}

}  // namespace

TEST_CASE("a matrix is read in either order of row and column") {
  const auto m = pair_of(4, 2, 3);
  CHECK(m.at(0, 1) == 2);
  CHECK(m.at(1, 0) == 2);
  CHECK(product_of(m, std::vector<double>{1, 2}, std::vector<double>{3, -1}) == 1 * (4 * 3 - 2) + 2 * (2 * 3 - 3));
}

TEST_CASE("what is solved, multiplied again, is what was asked") {
  philox draws(3);
  for (std::size_t n = 1; n < 12; ++n) {
    const auto a = drawn(n, n + 3, draws);
    std::vector<double> right(n);
    for (double& r : right) r = draws.normal();
    const auto x = solve(a, right);
    REQUIRE(x);
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < n; ++j) sum += a.at(i, j) * (*x)[j];
      CHECK(sum == Approx(right[i]).epsilon(1e-8));
    }
  }
}

TEST_CASE("only a matrix without a negative eigenvalue is positive semi-definite") {
  philox draws(4);
  CHECK(is_positive_semidefinite(symmetric_matrix(3)));
  CHECK(is_positive_semidefinite(pair_of(1, 1, 1)));
  CHECK_FALSE(is_positive_semidefinite(pair_of(1, 1.001, 1)));
  CHECK_FALSE(is_positive_semidefinite(pair_of(-1, 0, 1)));
  CHECK_FALSE(is_positive_semidefinite(pair_of(1, std::numeric_limits<double>::quiet_NaN(), 1)));
  for (std::size_t n = 2; n < 12; ++n) {
    auto a = drawn(n, n - 1, draws);  // one eigenvalue is zero
    CHECK(is_positive_semidefinite(a));
    a.at(n - 1, n - 1) -= .01;
    CHECK_FALSE(is_positive_semidefinite(a));
  }
}

TEST_CASE("nothing is solved where there is not one answer, or the question is no number") {
  CHECK_FALSE(solve(pair_of(1, 1, 1), std::vector<double>{1, 2}));
  CHECK_FALSE(solve(pair_of(1, 0, 1), std::vector<double>{1}));
  CHECK_FALSE(solve(pair_of(1, 0, 1), std::vector<double>{1, std::nan("")}));
}

TEST_CASE("a matrix is saved and loaded") {
  philox draws(5);
  const auto a = drawn(5, 5, draws);
  symmetric_matrix b;
  const std::string saved = bytes_of(a);
  state_reader reader(saved);
  reader(b);
  CHECK(reader.complete());
  CHECK(bytes_of(b) == saved);
  CHECK(b.at(4, 2) == a.at(2, 4));
}
