#include "engine_driver.hpp"

#include "remora/market/grant.hpp"

/// What RISK lets EXECUTION do, and whether it still stands by it after a restart.
using namespace remora;
using namespace remora::risk;

namespace {

/// Proto's `service_started`, as far as RISK looks at it.
struct started {
  bool lock_step = false;
  std::uint64_t epoch = 0;
};

parent_ordered entered(engine_driver& d) {
  d.out.clear();
  d.give(d.fresh_signal(1, side::buy));
  return d.only<parent_ordered>();
}

}  // namespace

TEST_CASE("a grant carries the epoch of RISK in which it was given, none in lock-step") {
  auto d = ready();
  CHECK(entered(d).granted.epoch == 0);
  auto live = ready();
  live.give(started{false, 41});
  CHECK(entered(live).granted.epoch == 41);
  auto lock_step = ready();
  lock_step.out.clear();
  lock_step.give(started{true, 41});
  CHECK(lock_step.out.empty());
  CHECK(entered(lock_step).granted.epoch == 0);
}

TEST_CASE("RISK that begins anew affirms the grants that it stands by, and no others") {
  auto d = ready();
  for (std::uint32_t id : {2u, 3u, 4u}) d.open(id, perpetual(id, "COIN" + std::to_string(id)), 499'999, 500'000);
  d.give(started{false, 1});
  d.out.clear();
  for (std::uint32_t id : {1u, 2u, 3u, 4u}) d.give(d.fresh_signal(id, id % 2 == 0 ? side::sell : side::buy));
  const auto parents = d.all<parent_ordered>();
  REQUIRE(parents.size() == 4);
  d.fill(parents[1], 500'000);
  d.give(feed_changed{instrument_id{3}, feed_state::stale, "silence"});  // revoked
  d.restart();
  d.out.clear();
  d.give(started{false, 2});
  const auto said = d.only<grants_affirmed>();
  CHECK(said.epoch == 2);
  CHECK(said.ids == std::vector{parents[0].id, parents[3].id});
  d.out.clear();
  d.restart();
  d.give(started{false, 3});  // nothing was forgotten in between
  CHECK(d.only<grants_affirmed>().ids == said.ids);
}

TEST_CASE("RISK holds its own grants to the function that EXECUTION asks before each child") {
  auto d = ready();
  const auto p = entered(d);
  const child_order whole{p.granted.direction, p.granted.collar_high, p.granted.size, p.granted.reduce_only};
  CHECK(!violation_of(p.granted, {{}, {}, 0, d.now}, whole, perpetual(1, "BTCUSDT")));
  // What is held gained a price at which its worth is beyond counting: EXECUTION would refuse each child, so no grant is given.
  d.fill(p, 500'000);
  d.out.clear();
  instrument heavy = perpetual(1, "BTCUSDT");
  heavy.tick_size = heavy.lot_size = {1'000'000, 0};
  d.give(instrument_listed{heavy});
  d.give(quote(1, 4'000'000'000'000'000'000, 4'000'000'000'000'000'001));
  d.give(operator_commanded{operator_action::flatten, "somebody", "out"});
  CHECK(d.all<parent_ordered>().empty());
  const auto denied = d.all<parent_denied>();
  REQUIRE(!denied.empty());
  CHECK(denied.front().rule == "last_mile");
  CHECK(denied.front().reason.find("cannot be computed") != std::string::npos);
}
