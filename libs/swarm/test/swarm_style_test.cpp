#include "engine_desk.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace remora;
using swarm::btc;
using swarm::desk;

namespace {

/// Takers of both sides trade for 70 s, and the market does not move for them: resting is known to be cheaper.
void learn_calm_market(desk& d) {
  for (int i = 0; i < 700; ++i) {
    d.give(trade_seen{btc, static_cast<std::uint64_t>(i + 1), {i % 2 == 0 ? 10'010 : 10'000}, {10'000}, i % 2 == 0 ? side::buy : side::sell, d.now});
    d.quote(10'000, 10'010);
    d.wait(milliseconds(100));
  }
}

}  // namespace

TEST_CASE("a patient parent rests at its own touch, is cancelled at its age and takes at the end") {
  desk d;
  d.give(d.parent(1, 200, 0.1));
  std::size_t answered = 0, cancelled = 0;
  bool rested = false, took = false;
  for (int i = 0; i < 100; ++i) {
    d.wait(milliseconds(100));
    const auto intents = d.all<order_intended>();
    for (; answered < intents.size(); ++answered) {
      const auto& intent = intents[answered];
      if (intent.force == time_in_force::post_only) {
        rested = true;
        CHECK(intent.limit.ticks == 10'000);
        d.give(d.report(intent, report_kind::accepted));
      } else {
        took = true;
        d.give(d.report(intent, report_kind::filled, intent.size.lots, intent.size.lots));
      }
    }
    const auto cancels = d.all<cancel_intended>();
    for (; cancelled < cancels.size(); ++cancelled) {
      const auto intent = std::find_if(intents.begin(), intents.end(), [&](const auto& each) { return each.id == cancels[cancelled].id; });
      REQUIRE(intent != intents.end());
      d.give(d.report(*intent, report_kind::cancelled));
    }
  }
  CHECK(rested);
  CHECK(took);
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 200);
}

TEST_CASE("where resting is known to be cheaper a parent rests, takes what it lags behind its window, and is filled in it") {
  swarm_settings s;
  s.min_orders = 20;
  s.max_orders = 200;
  s.randomization_factor = 0;
  s.passive_age = milliseconds(500);
  desk d(s);
  learn_calm_market(d);
  d.give(d.parent(1, 200, 0));
  std::int64_t made = 0, filled = 0;
  for (int i = 0; i < 60; ++i) {
    d.wait(milliseconds(100));
    const auto intents = d.all<order_intended>();
    for (; d.answered < intents.size(); ++d.answered) {
      const auto& intent = intents[d.answered];
      const bool rests = intent.force == time_in_force::post_only;
      if (rests && d.answered % 3 != 0) {
        d.give(d.report(intent, report_kind::accepted));
        continue;
      }
      made += rests ? intent.size.lots : 0;
      filled += intent.size.lots;
      d.give(d.report(intent, report_kind::filled, intent.size.lots, intent.size.lots));
      const auto share = static_cast<double>(filled) / 200;
      const double passed = static_cast<double>((d.now - timestamp_of(1'000'000'000'000)).count()) / 1e9 - 70;
      if (!rests) CHECK(share - static_cast<double>(intent.size.lots) / 200 < passed / 5);  // only who lags takes
    }
    const auto cancels = d.all<cancel_intended>();
    for (; d.cancelled < cancels.size(); ++d.cancelled) {
      const auto intent = std::find_if(intents.begin(), intents.end(), [&](const auto& each) { return each.id == cancels[d.cancelled].id; });
      d.give(d.report(*intent, report_kind::cancelled));
    }
  }
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 200);
  CHECK(made > 30);
  CHECK(made < 100);
}

TEST_CASE("what takes and is not answered yet counts against the lag: of many children that are due at once only the first take") {
  swarm_settings s;
  s.min_orders = 20;
  s.max_orders = 200;
  desk d(s);
  learn_calm_market(d);
  d.give(feed_changed{btc, feed_state::stale, ""});
  d.give(d.parent(1, 200, 0));
  d.wait(milliseconds(2'000));
  CHECK(d.all<order_intended>().empty());
  d.give(feed_changed{btc, feed_state::live, ""});
  d.quote(10'000, 10'010);
  d.wait(milliseconds(200));
  std::int64_t taking = 0, resting = 0, largest = 0;
  for (const auto& intent : d.all<order_intended>()) {
    (intent.force == time_in_force::post_only ? resting : taking) += intent.size.lots;
    largest = std::max(largest, intent.size.lots);
  }
  CHECK(taking > 0);
  CHECK(taking < 200 * (2.2 - 1.5) / 5 + static_cast<double>(largest));
  CHECK(resting > taking);
}

TEST_CASE("the fee that a maker saves makes a child rest where the spread alone would not") {
  for (const std::int32_t maker_fee : {200, 500}) {
    swarm_settings s;
    s.min_orders = 20;
    s.max_orders = 200;
    desk d(s);
    instrument what;
    what.id = btc;
    what.tick_size = {1, 2};
    what.lot_size = {1, 3};
    what.maker_fee_e6 = maker_fee;
    what.taker_fee_e6 = 500;
    d.give(instrument_listed{what});
    for (int i = 0; i <= 700; ++i) {  // 11 ticks are lost to a buyer within five seconds: more than the spread of 10, less than 3 more of fee
      const std::int64_t bid = 10'000 - 154 + 11 * i / 50;
      for (const side taker : {side::buy, side::sell}) d.give(trade_seen{btc, 1, {bid}, {10'000}, taker, d.now});
      d.quote(bid, bid + 10);
      d.wait(milliseconds(100));
    }
    d.give(d.parent(1, 200, 0));
    while (d.all<order_intended>().empty()) d.wait(milliseconds(100));
    CHECK(d.all<order_intended>()[0].force == (maker_fee == 200 ? time_in_force::post_only : time_in_force::ioc));
  }
}

TEST_CASE("a child rests only while each live one may come back and find an order left for it") {
  for (const std::uint32_t spare : {0u, 1u, 3u}) {
    swarm_settings s;
    s.min_orders = 20;
    s.max_orders = 20 + spare;
    s.randomization_factor = 0;
    desk d(s);
    learn_calm_market(d);
    auto one = d.parent(1, 200, 0.3);
    one.granted.valid_until = d.now + seconds(60);
    d.give(one);
    const std::uint32_t planned = d.all<parent_accepted>()[0].children;
    d.wait(milliseconds(2'500));  // before the first is in doubt
    std::uint32_t resting = 0;
    for (const auto& intent : d.all<order_intended>()) resting += intent.force == time_in_force::post_only ? 1 : 0;
    CHECK(d.all<order_intended>().size() > 4);
    CHECK(resting <= s.max_orders - planned);
    CHECK((resting > 0) == (s.max_orders > planned));
  }
}
