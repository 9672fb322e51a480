#include "remora/signal/evidence.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>

using namespace remora::signal;
using doctest::Approx;

TEST_CASE("row 88: the confidence of a size alone, before anything was learned") {
  const evidence_model first{{remora::stats::untrained_confidence().intercept(), {remora::stats::untrained_confidence().weights()[0], 0, 0, 0, 0}}};
  CHECK(confidence_of({.size = 3}, first) == Approx(0.5001).epsilon(1e-3));
  CHECK(confidence_of({.size = 6}, first) == Approx(0.9500).epsilon(1e-3));
  CHECK(confidence_of({.size = 12}, first) == Approx(0.9999).epsilon(1e-3));
}

TEST_CASE("more evidence of any kind never lowers the confidence that ships") {
  const evidence_model& model = shipped_evidence_model();
  for (const bool run : {false, true}) {
    double before = 0;
    for (double size = 0; size <= 14; size += 0.5) {
      const double now = confidence_of({.size = size, .run = run}, model);
      CHECK(now >= before);
      before = now;
    }
    for (double signs = -20; signs < 60; signs += 1) CHECK(confidence_of({.size = 3, .signs = signs, .run = run}, model) <= confidence_of({.size = 3, .signs = signs + 1, .run = run}, model));
  }
}

TEST_CASE("confidence stays in [0, 1] for whatever evidence, also what is infinite") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  for (const double wild : {-inf, -1e300, -1.0, 0.0, 1e300, inf})
    for (const bool run : {false, true}) {
      const double c = confidence_of({wild, wild, wild, wild, run}, shipped_evidence_model());
      CHECK(c >= 0);
      CHECK(c <= 1);
    }
}

TEST_CASE("the curve is laid over what the regression says") {
  const evidence_model model{{0, {0, 0, 1, 0, 0}}, remora::stats::isotonic_map({{0.2, 0.1}, {0.6, 0.5}})};  // raw = 1 / (1 + e^(-signs / 10))
  CHECK(confidence_of({.signs = -10}, model) == Approx(0.1 + (1 / (1 + std::exp(1.0)) - 0.2)));
  CHECK(confidence_of({.signs = 50}, model) == 0.5);
}
