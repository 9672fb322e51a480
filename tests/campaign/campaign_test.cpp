#include "trading_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <string>

using namespace remora;

namespace {

/// REMORA_CAMPAIGN_ORDERS: so many orders live and die; `tools/campaign` asks for a million.
std::uint64_t orders_wanted() {
  const char* const given = std::getenv("REMORA_CAMPAIGN_ORDERS");
  return given != nullptr ? std::stoull(given) : 40'000;
}

void play(const campaign::mischief& what, std::uint64_t orders) {
  campaign::outcome all;
  std::uint64_t seed = 0;
  while (all.orders < orders && all.faults.empty()) {
    const auto one = campaign::trading_world(++seed, what).run(seconds(30));
    all.orders += one.orders;
    all.fills += one.fills;
    all.parents += one.parents;
    all.denials += one.denials;
    all.crashes += one.crashes;
    all.commands += one.commands;
    all.faults = one.faults;
  }
  for (const std::string& fault : all.faults) FAIL_CHECK("seed " << seed << ": " << fault);
  MESSAGE(all.orders << " orders of " << all.parents << " parents in " << seed << " worlds; " << all.fills << " fills, " << all.denials << " denials, "
                     << all.crashes << " crashes, " << all.commands << " commands");
  CHECK(all.fills > all.orders / 4);
  CHECK(all.crashes > all.orders / 100);
}

}  // namespace

TEST_CASE("whatever venue, network and processes do, no limit is passed, no grant overfilled, no order sent twice, and the ledgers agree") {
  play({}, orders_wanted());
}

TEST_CASE("the same holds when the venue's words come in any order") {
  play({.crash = 0.02, .restart = 0, .delay = 0.2, .disorder = true}, orders_wanted() / 4);
}

TEST_CASE("the same holds when each engine dies at its every step and comes to it again") {
  play({.crash = 1}, std::min<std::uint64_t>(orders_wanted() / 10, 10'000));  // each step saves and restores everything
}
