#include "engine_desk.hpp"

#include <doctest/doctest.h>
#include <functional>
#include <set>

using namespace remora;
using swarm::btc;
using swarm::desk;
using swarm::started;
using swarm::sum_of;

TEST_CASE("a parent is accepted, sent as a swarm inside its window, and finished when all of it is filled") {
  desk d;
  d.give(d.parent(1, 1000));
  REQUIRE(d.all<parent_accepted>().size() == 1);
  const auto planned = d.all<parent_accepted>()[0].children;
  CHECK(planned >= 10);
  CHECK(planned <= 100);
  REQUIRE(d.all<order_intended>().size() == 1);  // the first child reacts at once
  const auto first = d.all<order_intended>()[0];
  CHECK(first.limit.ticks == 10'012);
  CHECK(first.force == time_in_force::ioc);
  CHECK(first.valid_until == d.now + seconds(2));
  CHECK(swarm::decode(first.id).value() == swarm::child_key{"0", parent_id{1}, 1});
  for (int i = 0; i < 60; ++i) {
    d.fill_all();
    d.wait(milliseconds(100));
  }
  CHECK(d.all<order_intended>().size() == planned);
  CHECK(sum_of(d.all<order_filled>()) == 1000);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 1000);
  CHECK(d.all<parent_finished>()[0].children_sent == planned);
  CHECK(d.all<parent_finished>()[0].reason == "filled");
  CHECK(!d.engine.next_wake());
}

TEST_CASE("outputs carry the market record that led to the parent; those of timers have no receive time") {
  desk d;
  d.give(d.parent(1, 1000));
  d.wait(seconds(5));
  bool first = true;
  for (const auto& entry : d.out) {
    if (!std::holds_alternative<order_intended>(entry.body)) continue;
    CHECK(entry.from.cause == place{publisher::gateway, 1, 7});
    CHECK(entry.from.ingest_time == (first ? 99 : 0));
    first = false;
  }
}

TEST_CASE("the same parent again is recognised and not executed twice") {
  desk d;
  const auto p = d.parent(1, 1000);
  d.give(p);
  d.give(p);
  CHECK(d.all<parent_accepted>().size() == 1);
  CHECK(d.all<order_intended>().size() == 1);
  d.give(grant_revoked{parent_id{1}, "test"});
  d.fill_all();
  REQUIRE(d.all<parent_finished>().size() == 1);
  d.give(p);
  CHECK(d.all<parent_accepted>().size() == 1);
}

TEST_CASE("a parent of an unknown instrument or below the smallest order is finished at once") {
  desk d;
  auto unknown = d.parent(1, 1000);
  unknown.instrument = instrument_id{9};
  d.give(unknown);
  instrument what;
  what.id = btc;
  what.quantity_min = {5};
  d.give(instrument_listed{what});
  d.give(d.parent(2, 4));
  const auto finished = d.all<parent_finished>();
  REQUIRE(finished.size() == 2);
  CHECK(finished[0].reason == "the instrument is not listed");
  CHECK(finished[1].reason == "it is smaller than the venue's smallest order");
  CHECK(d.all<order_intended>().empty());
}

TEST_CASE("what expires unfilled is planned again under new ids, at most max_orders in all") {
  desk d;
  d.give(d.parent(1, 1000, 1.0));
  std::size_t answered = 0;
  for (int i = 0; i < 200; ++i) {
    const auto intents = d.all<order_intended>();
    for (; answered < intents.size(); ++answered) d.give(d.report(intents[answered], report_kind::expired));
    d.wait(milliseconds(50));
  }
  const auto intents = d.all<order_intended>();
  CHECK(intents.size() == 100);
  std::set<std::string> ids;
  for (const auto& intent : intents) ids.insert(intent.id);
  CHECK(ids.size() == 100);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 0);
  CHECK(d.all<parent_finished>()[0].children_sent == 100);
}

TEST_CASE("a partly filled child gives only its rest back and the parent still fills exactly") {
  desk d;
  d.give(d.parent(1, 500, 1.0));
  std::size_t answered = 0;
  for (int i = 0; i < 200; ++i) {
    const auto intents = d.all<order_intended>();
    for (; answered < intents.size(); ++answered) {
      const auto half = (intents[answered].size.lots + 1) / 2;
      d.give(d.report(intents[answered], report_kind::accepted));
      d.give(d.report(intents[answered], report_kind::partially_filled, half, half));
      if (half < intents[answered].size.lots) d.give(d.report(intents[answered], report_kind::expired, half));
    }
    d.wait(milliseconds(50));
  }
  CHECK(sum_of(d.all<order_filled>()) <= 500);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == sum_of(d.all<order_filled>()));
}

TEST_CASE("while RISK is silent nothing new is risked, and exits go on") {
  struct peer_changed {
    int peer;
    bool silent;
  };
  desk d;
  d.give(peer_changed{2, true});
  d.give(d.parent(1, 1000));
  d.wait(seconds(1));
  CHECK(d.all<order_intended>().empty());
  d.give(d.parent(2, 10, 1.0, order_purpose::stop_loss));
  CHECK(!d.all<order_intended>().empty());
  const auto sent = d.all<order_intended>().size();
  d.give(peer_changed{2, false});
  d.wait(seconds(1));
  CHECK(d.all<order_intended>().size() > sent);
}

TEST_CASE("an orderly stop cancels what rests and sends no more; the next start goes on") {
  struct service_stopping {
    std::string service, reason;
  };
  desk d;
  d.give(d.parent(1, 1000, 0.1));  // patient: its children rest
  d.wait(seconds(1));
  const auto sent = d.all<order_intended>();
  REQUIRE(!sent.empty());
  CHECK(!d.engine.at_rest());
  d.give(service_stopping{"execution", "asked to end"});
  CHECK(d.all<cancel_intended>().size() == sent.size());
  d.give(d.parent(2, 10, 1.0, order_purpose::stop_loss));
  for (const auto& intent : sent) d.give(d.report(intent, report_kind::cancelled));
  d.wait(seconds(1));
  CHECK(d.engine.at_rest());
  CHECK(d.all<order_intended>().size() == sent.size());
  d.give(started{"2", true});
  d.wait(seconds(1));
  CHECK(d.all<order_intended>().size() > sent.size());
}

TEST_CASE("with cancel_on_stop off an orderly stop leaves the orders at the venue") {
  struct service_stopping {
    std::string service, reason;
  };
  swarm_settings settings;
  settings.cancel_on_stop = false;
  desk d(settings);
  d.give(d.parent(1, 1000, 0.1));
  d.wait(seconds(1));
  REQUIRE(!d.engine.at_rest());
  d.give(service_stopping{"execution", "asked to end"});
  CHECK(d.all<cancel_intended>().empty());
}

TEST_CASE("without a quote or a live feed entries wait and end with their grant, exits go on the last quote") {
  desk d;
  d.give(feed_changed{btc, feed_state::stale, "silent"});
  d.give(d.parent(1, 1000));
  d.give(d.parent(2, 1000, 1.0, order_purpose::stop_loss));
  const auto intents = d.all<order_intended>();
  REQUIRE(!intents.empty());
  for (const auto& intent : intents) {
    CHECK(intent.parent == parent_id{2});
    CHECK(intent.reduce_only);
    CHECK(intent.force == time_in_force::market);  // a stop cannot wait: the collar's edge protects it
    CHECK(intent.limit.ticks == 9'900);
  }
  d.wait(seconds(11));
  REQUIRE(d.all<parent_finished>().size() == 2);
  CHECK(d.all<parent_finished>()[1].id == parent_id{1});
  CHECK(d.all<parent_finished>()[1].reason == "the grant expired; last obstacle: the feed is not live");
}

TEST_CASE("limits stay inside the collar and nothing is sent while the market is outside") {
  desk d;
  auto p = d.parent(1, 1000);
  p.granted.collar_high = {10'011};
  d.give(p);
  REQUIRE(d.all<order_intended>().size() == 1);
  CHECK(d.all<order_intended>()[0].limit.ticks == 10'011);
  d.quote(10'020, 10'030);
  d.wait(seconds(4));
  CHECK(d.all<order_intended>().size() == 1);
  d.quote(10'000, 10'005);
  d.wait(seconds(2));
  CHECK(d.all<order_intended>().size() > 1);
}

TEST_CASE("the grant's money bounds what is sent") {
  desk d;
  auto p = d.parent(1, 1000);
  p.granted.notional_max = amount::units(50);  // 1000 lots of 0.001 at about 100 are worth 100
  d.give(p);
  for (int i = 0; i < 120; ++i) {
    d.wait(milliseconds(100));
    d.fill_all();
  }
  std::int64_t notional = 0;
  for (const auto& fill : d.all<order_filled>()) notional += fill.size.lots * fill.at.ticks;
  CHECK(notional <= 50 * 100'000);
  CHECK(notional > 48 * 100'000);
  CHECK(d.all<parent_finished>().size() == 1);
}

TEST_CASE("the grant's order rate spreads the children over more time") {
  desk d;
  auto p = d.parent(1, 1000, 1.0);
  p.granted.orders_per_second = 2;
  d.give(p);
  d.wait(milliseconds(999));
  CHECK(d.all<order_intended>().size() == 2);
  d.wait(milliseconds(1000));
  CHECK(d.all<order_intended>().size() == 4);
}

TEST_CASE("a grant of no orders at all sends none and says so") {
  desk d;
  auto p = d.parent(1, 1000);
  p.granted.orders_per_second = 0;
  d.give(p);
  d.wait(seconds(11));
  CHECK(d.all<order_intended>().empty());
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].reason == "the grant expired; last obstacle: 0 orders were sent in the last second and the grant allows 0.");
}

TEST_CASE("the lots of a child that was refused go out again") {
  desk d;
  d.give(d.parent(1, 1000));
  const auto first = d.all<order_intended>().at(0);
  d.give(d.report(first, report_kind::rejected));
  d.answered = 1;
  for (int i = 0; i < 80; ++i) {
    d.wait(milliseconds(100));
    d.fill_all();
  }
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 1000);
}

TEST_CASE("revocation, expiry and the end of data cancel resting children and send nothing more") {
  const std::function<void(desk&)> ends[] = {[](desk& d) {
                                               d.give(grant_revoked{parent_id{1}, "operator"});
                                             },
                                             [](desk& d) { d.give(stream_ended{}); }, [](desk& d) { d.wait(seconds(10)); }};
  for (const auto& end : ends) {
    swarm_settings s;
    s.passive_age = seconds(30);
    s.time_window = seconds(30);
    desk d(s);
    d.give(d.parent(1, 1000, 0.1));
    d.wait(seconds(6));
    for (const auto& intent : d.all<order_intended>()) d.give(d.report(intent, report_kind::accepted));
    end(d);
    const auto sent = d.all<order_intended>();
    REQUIRE(!sent.empty());
    std::set<std::string> open;
    for (const auto& intent : sent) {
      if (intent.force == time_in_force::post_only) open.insert(intent.id);
    }
    CHECK(!open.empty());
    for (const auto& cancel : d.all<cancel_intended>()) open.erase(cancel.id);
    CHECK(open.empty());
    for (const auto& intent : sent) d.give(d.report(intent, report_kind::cancelled));
    REQUIRE(d.all<parent_finished>().size() == 1);
    d.wait(seconds(40));
    CHECK(d.all<order_intended>().size() == sent.size());
  }
}

TEST_CASE("after the end of data entries are refused and exits are worked") {
  desk d;
  d.give(stream_ended{});
  d.give(feed_changed{btc, feed_state::ended, ""});
  d.give(d.parent(1, 100));
  CHECK(d.all<parent_finished>().size() == 1);
  d.give(d.parent(2, 100, 1.0, order_purpose::close_out));
  for (int i = 0; i < 60; ++i) {
    d.wait(milliseconds(100));
    d.fill_all();
  }
  REQUIRE(d.all<parent_finished>().size() == 2);
  CHECK(d.all<parent_finished>()[1].filled.lots == 100);
}
