#include "engine_desk.hpp"

#include "remora/base/archive.hpp"

#include <doctest/doctest.h>

using namespace remora;
using swarm::btc;
using swarm::desk;
using swarm::started;
using swarm::sum_of;

TEST_CASE("entries wait until the account has been found equal, unless the run is in lock-step") {
  desk live;
  live.give(started{"1", false});
  REQUIRE(live.all<account_requested>().size() == 1);
  live.give(live.parent(1, 1000));
  live.wait(seconds(1));
  CHECK(live.all<order_intended>().empty());
  live.give(account_reported{live.all<account_requested>()[0].request, {}, {}, {}, 0});
  REQUIRE(live.all<account_reconciled>().size() == 1);
  CHECK(live.all<account_reconciled>()[0].equal);
  live.wait(seconds(1));
  CHECK(!live.all<order_intended>().empty());

  desk stepped;
  stepped.give(started{"1", true});
  CHECK(stepped.all<account_requested>().size() == 1);
  stepped.give(stepped.parent(1, 1000));
  CHECK(stepped.all<order_intended>().size() == 1);
}

TEST_CASE("a difference to the venue's account halts entries for good and lets exits go") {
  desk d;
  d.give(d.parent(1, 1000));
  d.give(started{"1", false});
  d.give(account_reported{1, {{btc, {5}, {}, {}}}, {{"R0-7-1X", {3}}}, {}, 1});
  REQUIRE(d.all<account_reconciled>().size() == 1);
  CHECK(!d.all<account_reconciled>()[0].equal);
  CHECK(d.all<account_reconciled>()[0].differences.size() == 2);
  CHECK(d.engine.halted());
  const auto sent = d.all<order_intended>().size();
  d.give(d.parent(2, 1000));
  d.wait(seconds(20));
  CHECK(d.all<order_intended>().size() == sent);
  d.give(d.parent(3, 10, 1.0, order_purpose::stop_loss));
  CHECK(d.all<order_intended>().size() > sent);
}

TEST_CASE("open orders are compared: acknowledged ones must agree, pending ones may be unknown to the venue") {
  desk d;
  d.give(d.parent(1, 1000, 1.0));
  d.wait(milliseconds(300));
  const auto intents = d.all<order_intended>();
  REQUIRE(intents.size() >= 2);
  d.give(d.report(intents[0], report_kind::accepted));
  d.give(d.report(intents[0], report_kind::partially_filled, 1, 1));
  d.give(started{"1", false});
  const auto account = [&](std::uint64_t request, std::int64_t remaining) {
    return account_reported{request, {{btc, {1}, {}, {}}}, {{intents[0].id, {remaining}}}, {}, 1};
  };
  d.give(account(1, intents[0].size.lots - 1));
  CHECK(d.all<account_reconciled>().back().equal);
  d.give(started{"1", false});
  d.give(account_reported{2, {{btc, {1}, {}, {}}}, {}, {}, 1});
  CHECK(!d.all<account_reconciled>().back().equal);
}

TEST_CASE("reports that come twice or for orders of others change nothing") {
  desk d;
  d.give(d.parent(1, 1000));
  const auto intent = d.all<order_intended>()[0];
  const auto fill = d.report(intent, report_kind::partially_filled, 1, 1);
  d.give(fill);
  const auto before = d.out.size();
  d.give(fill);
  auto foreign = fill;
  foreign.id = "web-123";
  d.give(foreign);
  foreign.id = swarm::encode({"1", parent_id{1}, 1});
  d.give(foreign);
  CHECK(d.out.size() == before);
  CHECK(d.all<order_filled>().size() == 1);
  CHECK(d.all<order_filled>()[0].fee == amount::units(1));
  CHECK(d.all<order_filled>()[0].role == liquidity::maker);
}

TEST_CASE("a fill that comes when its parent is gone is booked and told once, and the account is asked for") {
  desk d;
  d.give(d.parent(1, 1000));
  const auto intent = d.all<order_intended>()[0];
  d.wait(seconds(60));
  const auto resolved = d.all<account_requested>().back().request;
  d.give(account_reported{resolved, {}, {}, {}, 0});
  REQUIRE(d.all<parent_finished>().size() == 1);
  const auto asked = d.all<account_requested>().size();
  d.now += seconds(60);
  const auto late = d.report(intent, report_kind::filled, intent.size.lots, intent.size.lots);
  d.give(late);
  d.give(late);
  REQUIRE(d.all<order_filled>().size() == 1);
  CHECK(d.all<order_filled>()[0].order == intent.id);
  CHECK(d.all<order_filled>()[0].parent == parent_id{1});
  REQUIRE(d.all<account_requested>().size() == asked + 1);
  d.give(account_reported{d.all<account_requested>().back().request, {{btc, {intent.size.lots}, {}, {}}}, {}, {}, 1});
  CHECK(!d.engine.halted());
}

TEST_CASE("a late fill of an ended child takes its lots from what is unsent: the parent is never overfilled") {
  desk d;
  d.give(d.parent(1, 1000, 0.5));
  const auto first = d.all<order_intended>()[0];
  d.give(d.report(first, report_kind::expired));
  const auto late = d.report(first, report_kind::partially_filled, first.size.lots, first.size.lots);
  d.give(late);
  d.give(late);
  REQUIRE(d.all<order_filled>().size() == 1);
  CHECK(d.all<order_updated>().back().state == order_state::expired);
  CHECK(d.all<order_updated>().back().filled == first.size);
  d.answered = 1;
  for (int i = 0; i < 100; ++i) {
    d.wait(milliseconds(100));
    d.fill_all();
  }
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(sum_of(d.all<order_filled>()) == 1000);
  CHECK(d.all<parent_finished>()[0].filled.lots == 1000);
}

TEST_CASE("a late fill while as much rests again cancels what rests") {
  swarm_settings s;
  s.time_window = seconds(30);
  desk d(s);
  auto patient = d.parent(1, 1, 0.0);
  patient.granted.valid_until = d.now + seconds(60);
  d.give(patient);
  while (d.all<order_intended>().empty() && d.now < patient.granted.valid_until) d.wait(milliseconds(100));
  const auto first = d.all<order_intended>().at(0);
  d.give(d.report(first, report_kind::cancelled));
  d.wait(milliseconds(500));
  REQUIRE(d.all<order_intended>().size() == 2);
  const auto again = d.all<order_intended>()[1];
  REQUIRE(again.force == time_in_force::post_only);
  d.give(d.report(again, report_kind::accepted));
  REQUIRE(d.all<cancel_intended>().empty());
  d.give(d.report(first, report_kind::filled, 1, 1));
  REQUIRE(d.all<cancel_intended>().size() == 1);
  CHECK(d.all<cancel_intended>()[0].id == again.id);
  d.give(d.report(again, report_kind::cancelled));
  d.wait(seconds(5));
  CHECK(d.all<order_intended>().size() == 2);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 1);
}

TEST_CASE("a venue that refuses every order ends the parent") {
  desk d;
  d.give(d.parent(1, 1000, 1.0));
  for (int i = 0; i < 100; ++i) {
    const auto intents = d.all<order_intended>();
    for (; d.answered < intents.size(); ++d.answered) d.give(d.report(intents[d.answered], report_kind::rejected));
    d.wait(milliseconds(100));
  }
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<order_intended>().size() >= 10);
  CHECK(d.all<order_intended>().size() <= 30);
}

TEST_CASE("a resume without a reason is none") {
  desk d;
  d.give(operator_commanded{operator_action::halt, "x", "a drill"});
  d.give(d.parent(1, 1000, 1.0));
  d.give(operator_commanded{operator_action::resume, "x", ""});
  d.wait(seconds(2));
  CHECK(d.all<order_intended>().empty());
  d.give(operator_commanded{operator_action::resume, "x", "it is over"});
  d.wait(seconds(2));
  CHECK_FALSE(d.all<order_intended>().empty());
}

TEST_CASE("an operator's halt cancels what rests and sends nothing, exits included, until resume or flatten; it survives a restart") {
  desk d;
  d.give(d.parent(1, 1000, 0.1));
  d.wait(seconds(1));
  const auto sent = d.all<order_intended>();
  REQUIRE(!sent.empty());
  d.give(operator_commanded{operator_action::halt, "ann", "the news"});
  CHECK(d.all<cancel_intended>().size() == sent.size());
  CHECK(d.all<cancel_intended>()[0].reason == "an operator halted trading: the news");
  state_writer writer;
  writer(d.engine);
  swarm_engine restored;
  state_reader reader(writer.bytes());
  reader(restored);
  REQUIRE(reader.complete());
  d.engine = std::move(restored);
  d.give(d.parent(2, 10, 1.0, order_purpose::flatten));
  d.give(started{"2", true});
  d.wait(seconds(1));
  CHECK(d.all<order_intended>().size() == sent.size());
  desk other;
  other.engine = d.engine;
  for (desk* each : {&d, &other}) {
    each->now = d.now;
    const auto before = each->all<order_intended>().size();
    each->give(operator_commanded{each == &d ? operator_action::resume : operator_action::flatten, "ann", "all out"});
    each->wait(seconds(1));
    CHECK(each->all<order_intended>().size() > before);
    const auto exits = each->all<order_intended>().size();
    each->give(each->parent(3, 100, 1.0));
    each->wait(seconds(1));
    CHECK((each->all<order_intended>().size() > exits) == (each == &d));  // after a flatten nothing is entered until somebody resumes
  }
}

TEST_CASE("an operator's resume lets entries go again after an unequal account") {
  desk d;
  d.give(started{"1", false});
  d.give(account_reported{1, {{btc, {5}, {}, {}}}, {}, {}, 1});
  REQUIRE(d.engine.halted());
  d.give(d.parent(1, 1000));
  CHECK(d.all<parent_finished>().size() == 1);
  d.give(operator_commanded{operator_action::resume, "ann", "bought by hand"});
  CHECK(!d.engine.halted());
  d.give(d.parent(2, 1000));
  CHECK(d.all<order_intended>().size() == 1);
}

TEST_CASE("funding is passed on once, by instrument and rising id") {
  desk d;
  const auto charge = [&](std::uint32_t instrument, std::uint64_t id) {
    funding_reported f;
    f.instrument = instrument_id{instrument};
    f.funding_id = id;
    f.paid = amount::units(3);
    d.give(f);
  };
  charge(1, 1);
  charge(1, 1);
  charge(2, 1);
  charge(1, 3);
  charge(1, 2);
  const auto charged = d.all<funding_charged>();
  REQUIRE(charged.size() == 3);
  CHECK(charged[1].instrument == instrument_id{2});
  CHECK(charged[2].funding_id == 3);
  CHECK(charged[2].paid == amount::units(3));
}
