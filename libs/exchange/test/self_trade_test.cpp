#include "pit.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace remora::exchange;

TEST_CASE("an order meets no other of its account: the older goes, the newer goes, or the older goes and the newer loses as many lots") {
  for (const auto policy : policies) {
    CAPTURE(static_cast<int>(policy));
    pit f;
    f.settings.own_orders = policy;
    f.submit("old", side::buy, gtc, 100, 3);
    f.submit("far", side::buy, gtc, 98, 3);
    f.submit("new", side::sell, ioc, 100, 5);
    const bool oldest = policy == self_trade::cancel_oldest, newest = policy == self_trade::cancel_newest;
    CHECK(f.kinds("old") == (newest ? kinds{accepted} : kinds{accepted, cancelled}));
    CHECK(f.kinds("far") == kinds{accepted});
    CHECK(f.filled("new") == (oldest ? 5 : newest ? 0 : 2));
    CHECK(f.kinds("new").back() == (oldest ? filled : cancelled));
  }
}

TEST_CASE("an order that is filled at better prices does not meet its account's order behind them") {
  for (const auto policy : policies) {
    for (const auto force : {ioc, gtc, time_in_force::fok, time_in_force::market}) {
      CAPTURE(static_cast<int>(policy));
      CAPTURE(static_cast<int>(force));
      pit f;
      f.settings.own_orders = policy;
      f.ask(101, 400);
      f.submit("old", side::sell, gtc, 105, 3);
      f.submit("new", side::buy, force, 106, 10);
      CHECK(f.kinds("new") == kinds{accepted, filled});
      CHECK(f.events.back().report.last_price.ticks == 101);
      CHECK(f.kinds("old") == kinds{accepted});
    }
  }
}

TEST_CASE("an order takes the better prices first and then meets its account's order") {
  for (const auto policy : policies) {
    CAPTURE(static_cast<int>(policy));
    pit f;
    f.settings.own_orders = policy;
    f.settings.consumed_decay = {};
    f.ask(104, 9);
    f.submit("old", side::sell, gtc, 103, 3);
    f.submit("new", side::buy, ioc, 104, 15);  // 4 at 101, 6 at 102, then its account's 3 at 103, then 9 at 104
    const bool oldest = policy == self_trade::cancel_oldest, newest = policy == self_trade::cancel_newest;
    CHECK(f.kinds("old") == (newest ? kinds{accepted} : kinds{accepted, cancelled}));
    CHECK(f.filled("new") == (oldest ? 15 : newest ? 10 : 12));
    CHECK(f.kinds("new").back() == (oldest ? filled : cancelled));
    if (!newest) CHECK(f.events[4].report.id == "old");  // after the two fills before it
  }
}

TEST_CASE("of its account's orders the one with the best price is met first, then the oldest") {
  for (const auto direction : {side::buy, side::sell}) {
    pit f;
    const bool buys = direction == side::buy;
    for (const auto& [id, behind] : {std::pair{"far", 5}, std::pair{"near", 4}, std::pair{"late", 4}})
      f.submit(id, opposite(direction), gtc, buys ? 100 + behind : 101 - behind, 2);
    f.settings.own_orders = self_trade::decrement;
    f.submit("new", direction, ioc, buys ? 200 : 1, (buys ? 10 : 12) + 2);  // all that is shown, and two lots more
    CHECK(f.kinds("near") == kinds{accepted, cancelled});
    CHECK(f.kinds("late") == kinds{accepted});
    CHECK(f.kinds("far") == kinds{accepted});
  }
}

TEST_CASE("a fill-or-kill order that fails changes nothing of its account, one that meets its account's order first fails unless that one goes") {
  for (const auto policy : policies) {
    CAPTURE(static_cast<int>(policy));
    pit f;
    f.settings.own_orders = policy;
    f.ask(104, 9);
    f.submit("old", side::sell, gtc, 103, 3);
    f.submit("much", side::buy, time_in_force::fok, 106, 20);
    CHECK(f.kinds("much") == kinds{accepted, expired});
    CHECK(f.kinds("old") == kinds{accepted});
    f.submit("past", side::buy, time_in_force::fok, 106, 12);
    const bool oldest = policy == self_trade::cancel_oldest;
    CHECK(f.filled("past") == (oldest ? 12 : 0));
    CHECK(f.kinds("past").back() == (oldest ? filled : expired));
    CHECK(f.kinds("old") == (oldest ? kinds{accepted, cancelled} : kinds{accepted}));
  }
}

TEST_CASE("an order that reduces does not meet its account's order with more than the position") {
  for (const auto policy : policies) {
    pit f;
    f.settings.own_orders = policy;
    f.submit("open", side::buy, ioc, 101, 4);
    f.submit("old", side::buy, gtc, 99, 3);
    f.submit("close", side::sell, ioc, 98, 9, true);
    CHECK(f.kinds("close") == kinds{accepted, partially_filled, cancelled});
    CHECK(f.filled("close") == 4);
    CHECK(f.kinds("old") == kinds{accepted});
  }
}

TEST_CASE("an order that has nothing left to reduce ends with the fill that closed the position and is met by nobody") {
  for (const auto policy : policies) {
    pit f;
    f.settings.own_orders = policy;
    f.submit("open", side::buy, ioc, 101, 4);
    f.submit("stop", side::sell, gtc, 102, 4, true);
    f.submit("close", side::sell, ioc, 100, 4);
    CHECK(f.kinds("stop") == kinds{accepted, cancelled});
    CHECK(f.events.back().report.reason == "there is nothing left to reduce");
    f.submit("new", side::buy, time_in_force::fok, 102, 6);
    CHECK(f.filled("new") == 6);
  }
}

TEST_CASE("no order of the account gets smaller without a report: what would shrink ends") {
  pit f;
  f.settings.own_orders = self_trade::decrement;
  f.submit("large", side::buy, gtc, 100, 8);
  f.submit("ioc", side::sell, ioc, 100, 5);
  CHECK(f.kinds("ioc") == kinds{accepted, cancelled});
  CHECK(f.kinds("large") == kinds{accepted, cancelled});
  CHECK(!f.events.back().report.reason.empty());
  f.submit("small", side::buy, gtc, 100, 3);
  f.submit("gtc", side::sell, gtc, 100, 10);
  CHECK(f.kinds("small") == kinds{accepted, cancelled});
  CHECK(f.kinds("gtc") == kinds{accepted, partially_filled, cancelled});
  CHECK(f.filled("gtc") == 5);
  CHECK(f.market.resting().empty());
}
