#include "remora/research/regime_accuracy.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

using namespace remora;
using namespace remora::research;

namespace {

constexpr regime all[] = {regime::normal, regime::trending, regime::high_volatility, regime::crisis};

void print(const regime_accuracy& found, std::string_view seeds) {
  fmt::print("{}: {:.4f} of {} bars, {} switches, {} changes\n", seeds, found.overall(), found.bars(), found.switches, found.changes);
  for (const regime truth : all) {
    const auto i = static_cast<std::size_t>(truth) - 1;
    fmt::print("  {:<16} {:.4f} as", name_of(truth), found.of(truth));
    for (const std::uint64_t n : found.confusion[i]) fmt::print(" {:>7}", n);
    fmt::print("  median delay {} bars, {} found, {} missed\n", found.median_delay(truth).value_or(0), found.delays[i].size(), found.missed[i]);
  }
}

}  // namespace

TEST_CASE("seeds to choose on and seeds to judge on have none in common") {
  std::set<std::uint64_t> seen;
  for (const auto s : tuning_seeds(1'000)) CHECK(seen.insert(s).second);
  for (const auto s : held_out_seeds(1'000)) CHECK(seen.insert(s).second);
}

TEST_CASE("on the tuning seeds the regime is right as often as on others" * doctest::skip()) {
  const regime_accuracy found = judge_regimes({.seeds = tuning_seeds(20)});
  print(found, "seeds 1 to 20");
  CHECK(found.overall() >= 0.85);
}

TEST_CASE("on held-out seeds the regime is right on 85 % of bars, and on 70 % in each regime") {
  const regime_accuracy found = judge_regimes({.seeds = held_out_seeds(12)});
  print(found, "seeds 1001 to 1012");
  CHECK(found.bars() > 220'000);
  CHECK(found.overall() >= 0.85);
  for (const regime truth : all) {
    CAPTURE(name_of(truth));
    CHECK(found.of(truth) >= 0.70);
  }
}
