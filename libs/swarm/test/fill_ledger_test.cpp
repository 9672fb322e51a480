#include "remora/swarm/fill_ledger.hpp"

#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <set>

using namespace remora;
using swarm::fill_ledger;

TEST_CASE("a ledger takes each fill once, in whatever order they come") {
  fill_ledger ledger;
  std::set<std::uint64_t> taken;
  philox random(2);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t id = 1 + random.below(4000);
    CHECK(ledger.contains(id) == taken.contains(id));
    CHECK(ledger.take(id) == taken.insert(id).second);
  }
  CHECK(ledger.forgotten() == 0);
  CHECK(!ledger.take(0));
  CHECK(ledger.take(std::numeric_limits<std::uint64_t>::max()));
  CHECK(!ledger.take(std::numeric_limits<std::uint64_t>::max()));
}

TEST_CASE("a ledger of too many runs forgets the lowest, and takes nothing up to it any more") {
  fill_ledger ledger(3);
  for (const std::uint64_t id : {10, 20, 30, 11}) CHECK(ledger.take(id));
  CHECK(ledger.forgotten() == 0);
  CHECK(ledger.take(40));
  CHECK(ledger.forgotten() == 11);
  CHECK(!ledger.take(5));
  CHECK(!ledger.take(20));
  CHECK(ledger.take(12));  // a fourth run again: 12, 20, 30, 40
  CHECK(ledger.forgotten() == 12);
}

TEST_CASE("a ledger comes back from its archive as it was") {
  fill_ledger ledger(2), back;
  for (const std::uint64_t id : {10, 20, 30, 31}) ledger.take(id);
  state_writer writer;
  writer(ledger);
  state_reader reader(writer.bytes());
  reader(back);
  REQUIRE(reader.complete());
  for (std::uint64_t id = 1; id < 40; ++id) CHECK(back.contains(id) == ledger.contains(id));
  CHECK(back.take(50));
  CHECK(back.forgotten() == 20);
}
