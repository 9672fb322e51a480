#include "engine_desk.hpp"


#include <doctest/doctest.h>

using namespace remora;
using swarm::btc;
using swarm::desk;
using swarm::sum_of;

TEST_CASE("a parent amended down sends no more than that; up, or below what is filled, it is not moved") {
  desk d;
  d.give(d.parent(1, 1000));
  d.fill_all();
  d.give(parent_amended{parent_id{1}, {2000}, "more"});
  d.give(parent_amended{parent_id{1}, {300}, "less risk"});
  d.give(parent_amended{parent_id{1}, {500}, "a little more"});
  for (int i = 0; i < 60; ++i) {
    d.wait(milliseconds(100));
    d.fill_all();
  }
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].size.lots == 300);
  CHECK(d.all<parent_finished>()[0].filled.lots == 300);
  CHECK(d.all<parent_finished>()[0].reason == "done as amended: less risk");
  CHECK(sum_of(d.all<order_filled>()) == 300);

  desk e;
  e.give(e.parent(1, 1000));
  e.fill_all();
  const auto filled = sum_of(e.all<order_filled>());
  REQUIRE(filled > 1);
  e.give(parent_amended{parent_id{1}, {1}, "out"});
  REQUIRE(e.all<parent_finished>().size() == 1);
  CHECK(e.all<parent_finished>()[0].size.lots == filled);
}

TEST_CASE("an amendment cancels as many resting children as it needs, and their lots do not come back") {
  desk d;
  d.give(d.parent(1, 1000, 0.1));
  d.wait(milliseconds(1200));
  const auto sent = d.all<order_intended>();
  REQUIRE(sent.size() >= 4);
  for (const auto& intent : sent) d.give(d.report(intent, report_kind::accepted));
  const std::int64_t keep = sent[0].size.lots;
  d.give(parent_amended{parent_id{1}, {keep}, "less risk"});
  const auto cancels = d.all<cancel_intended>();
  REQUIRE(cancels.size() == sent.size() - 1);
  for (const auto& cancel : cancels) CHECK(cancel.id != sent[0].id);
  // One of them is filled before its cancel arrives: what is committed stays committed.
  const auto& raced = sent.back();
  d.give(d.report(raced, report_kind::filled, raced.size.lots, raced.size.lots));
  for (std::size_t i = 1; i + 1 < sent.size(); ++i) d.give(d.report(sent[i], report_kind::cancelled));
  d.give(d.report(sent[0], report_kind::filled, keep, keep));
  d.wait(seconds(5));
  CHECK(d.all<order_intended>().size() == sent.size());
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == keep + raced.size.lots);
}

TEST_CASE("a finished parent is measured against its decision: delay, trading, opportunity and fees, exactly") {
  desk d;
  auto p = d.parent(1, 1000);
  p.reference = {9'995};  // the market was 10'005 when it came
  d.give(p);
  d.fill_all();
  const auto first = d.all<order_intended>()[0];
  d.quote(10'020, 10'030);
  d.give(grant_revoked{parent_id{1}, "test"});
  REQUIRE(d.all<parent_measured>().size() == 1);
  const auto m = d.all<parent_measured>()[0];
  const std::int64_t filled = first.size.lots;
  const auto money = [](std::int64_t ticks_lots) { return amount{ticks_lots * 10'000}; };  // 0.01 * 0.001
  CHECK(m.planner == "swarm");
  CHECK(m.filled.lots == filled);
  CHECK(m.decision.ticks == 9'995);
  CHECK(m.arrival.ticks == 10'005);
  CHECK(m.end.ticks == 10'025);
  CHECK(m.delay == money(10 * filled));
  CHECK(m.trading == money((first.limit.ticks - 10'005) * filled));
  CHECK(m.opportunity == money(30 * (1000 - filled)));
  CHECK(m.fees == amount::units(1));
  CHECK(m.total == m.delay + m.trading + m.opportunity + m.fees);
  CHECK(m.total_bp == doctest::Approx(1e4 * static_cast<double>(m.total.nanos) / (9'995.0 * 1000 * 10'000)));
}

TEST_CASE("pov sends only in proportion to what others trade, and says what it lacked") {
  swarm_settings s;
  s.planner = swarm::planner::pov;
  s.participation = 0.1;
  desk d(s);
  d.give(d.parent(1, 1000));
  d.wait(seconds(1));
  CHECK(d.all<order_intended>().empty());
  std::int64_t others = 0;
  for (int i = 0; i < 40; ++i) {
    d.wait(milliseconds(100));
    d.give(trade_seen{btc, static_cast<std::uint64_t>(i + 1), {10'005}, {100}, side::buy, d.now});
    others += 100;
    d.fill_all();
    CHECK(sum_of(d.all<order_filled>()) * 9 <= others);
  }
  CHECK(sum_of(d.all<order_filled>()) > 300);
  d.wait(seconds(10));
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].reason == "the grant expired; last obstacle: others traded too little");
  d.give(d.parent(2, 10, 1.0, order_purpose::stop_loss));  // an exit does not wait for volume
  CHECK(d.all<order_intended>().back().parent == parent_id{2});
}

TEST_CASE("a spread far beyond its median pauses entries, says so, and lets them go when it is over") {
  desk d;
  for (int i = 0; i < 60; ++i) {
    d.wait(seconds(1));
    d.quote(10'000, 10'010);
  }
  d.quote(10'000, 10'060);
  d.give(d.parent(1, 1000));
  d.wait(seconds(1));
  CHECK(d.all<order_intended>().empty());
  d.quote(10'000, 10'010);
  d.wait(milliseconds(200));
  CHECK(!d.all<order_intended>().empty());
  d.fill_all();
  const auto sent = d.all<order_intended>().size();
  d.quote(10'000, 10'060);
  d.wait(seconds(10));
  CHECK(d.all<order_intended>().size() == sent);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].reason == "the grant expired; last obstacle: the spread of 60 ticks is over 5 times its median");
}

TEST_CASE("an entry whose grant is about to end takes by a market order up to the collar") {
  desk d;
  d.give(feed_changed{btc, feed_state::stale, "silent"});
  d.give(d.parent(1, 1000));
  d.wait(milliseconds(9'850));
  CHECK(d.all<order_intended>().empty());
  d.give(feed_changed{btc, feed_state::live, ""});
  d.wait(milliseconds(120));
  const auto intents = d.all<order_intended>();
  REQUIRE(!intents.empty());
  CHECK(intents.back().force == time_in_force::market);
  CHECK(intents.back().limit.ticks == 10'100);
}

TEST_CASE("an entry of a single child is no market order as long as its grant has time") {
  for (const double urgency : {0.1, 0.5}) {
    desk d;
    d.give(d.parent(1, 1, urgency));
    d.wait(seconds(5));
    REQUIRE(d.all<order_intended>().size() == 1);
    CHECK(d.all<order_intended>()[0].force != time_in_force::market);
  }
}

TEST_CASE("where sigma has doubled what is unsent is cut anew, earlier, and sums as before") {
  desk d;
  swarm_settings s;
  s.time_window = seconds(200);
  s.planner = swarm::planner::almgren_chriss;
  d.engine = desk(s).engine;
  std::int64_t at = 10'000;
  int turn = 0;
  const auto quotes = [&](int count, std::int64_t step) {
    for (int i = 0; i < count; ++i) {
      d.wait(seconds(1));
      at += ++turn % 2 == 0 ? step : -step;
      d.quote(at, at + 10);
      d.fill_all();
    }
  };
  quotes(60, 2);
  auto calm = d.parent(1, 100'000, 0.2);
  calm.granted.valid_until = d.now + seconds(600);
  calm.granted.notional_max = amount::units(1'000'000'000);
  d.give(calm);
  const auto planned = d.all<parent_accepted>()[0].children;
  quotes(200, 2);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 100'000);
  CHECK(d.all<parent_finished>()[0].children_sent == planned);
  const auto half_of = [&](parent_id id) {
    std::int64_t sum = 0, early = 0;
    timestamp first{};
    for (const auto& intent : d.all<order_intended>()) {
      if (intent.parent != id) continue;
      if (sum == 0) first = intent.valid_until;
      sum += intent.size.lots;
      if (intent.valid_until < first + seconds(100)) early += intent.size.lots;
    }
    return static_cast<double>(early) / static_cast<double>(sum);
  };
  auto wild = calm;
  wild.id = parent_id{2};
  wild.granted.valid_until = d.now + seconds(600);
  d.give(wild);
  quotes(200, 12);
  REQUIRE(d.all<parent_finished>().size() == 2);
  CHECK(d.all<parent_finished>()[1].filled.lots == 100'000);
  CHECK(half_of(parent_id{2}) > half_of(parent_id{1}) + 0.05);
}

TEST_CASE("RISK that began anew stops what it does not stand by, and what it affirms goes on") {
  desk d;
  auto mine = d.parent(1, 1000, 0.1), forgotten = d.parent(2, 1000, 0.1, order_purpose::stop_loss);
  mine.granted.epoch = forgotten.granted.epoch = 7;
  d.give(mine);
  d.give(forgotten);
  d.wait(milliseconds(500));
  d.give(grants_affirmed{8, {mine.id}});
  const auto before = d.all<order_intended>().size();
  d.wait(seconds(4));
  const auto sent = d.all<order_intended>();
  CHECK(sent.size() > before);
  for (std::size_t i = before; i < sent.size(); ++i) CHECK(sent[i].parent == mine.id);
  d.wait(seconds(60));
  const auto ends = d.all<parent_finished>();
  REQUIRE(ends.size() == 2);
  for (const auto& end : ends) CHECK(end.reason.starts_with("RISK began anew and does not stand by it") == (end.id == forgotten.id));
}

TEST_CASE("a grant of an epoch of RISK that is over moves nothing, also when it comes late, and an older word changes nothing") {
  desk d;
  d.give(grants_affirmed{8, {}});
  auto late = d.parent(1, 1000);
  late.granted.epoch = 7;
  d.give(late);
  d.wait(seconds(20));
  CHECK(d.all<order_intended>().empty());
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].reason == "the grant is of an earlier epoch of RISK");

  auto good = d.parent(2, 1000);
  good.granted.epoch = 8;
  d.give(good);
  d.give(grants_affirmed{7, {}});
  d.wait(seconds(5));
  CHECK(!d.all<order_intended>().empty());
}

TEST_CASE("what comes back when no order is left for it goes with the next child, to the last lot") {
  swarm_settings s;
  s.min_orders = s.max_orders = 4;
  desk d(s);
  d.give(d.parent(1, 1000, 0.9));
  while (d.all<order_intended>().empty()) d.wait(milliseconds(10));
  const auto first = d.all<order_intended>().at(0);
  d.give(d.report(first, report_kind::partially_filled, 1, 1));
  d.give(d.report(first, report_kind::expired, 1));
  d.answered = 1;
  for (int i = 0; i < 100; ++i) {
    d.wait(milliseconds(100));
    d.fill_all();
  }
  CHECK(d.all<order_intended>().size() == 4);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 1000);
}

TEST_CASE("few orders are spread over the window, an exit waits for nothing") {
  for (const auto purpose : {order_purpose::entry, order_purpose::take_profit}) {
    swarm_settings s;
    s.min_orders = 1;
    s.max_orders = 5;
    s.time_window = seconds(8);
    desk d(s);
    d.give(d.parent(1, 1000, 1.0, purpose));
    std::vector<timestamp> sent;
    for (int i = 0; i < 900; ++i) {
      const auto intents = d.all<order_intended>();
      for (; sent.size() < intents.size(); sent.push_back(d.now)) d.give(d.report(intents[sent.size()], report_kind::expired));
      d.wait(milliseconds(10));
    }
    REQUIRE(sent.size() == 5);
    if (purpose == order_purpose::entry) CHECK(sent.back() - sent.front() > seconds(3));
    else CHECK(sent.back() - sent.front() < seconds(3));
  }
}
