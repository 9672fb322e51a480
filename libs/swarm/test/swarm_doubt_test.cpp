#include "engine_desk.hpp"

#include <doctest/doctest.h>

using namespace remora;
using swarm::all_stand;
using swarm::btc;
using swarm::desk;
using swarm::eth;
using swarm::started;
using swarm::sum_of;

TEST_CASE("an intent without an answer is in doubt and never sent again; its parent ends, and keeps no other waiting") {
  desk d;
  d.give(d.parent(1, 1000));
  d.wait(milliseconds(3'900));
  CHECK(d.all<parent_finished>().empty());
  d.wait(seconds(60));
  std::int64_t sent = 0;
  for (const auto& intent : d.all<order_intended>()) sent += intent.size.lots;
  CHECK(sent == 1000);
  CHECK(!d.all<account_requested>().empty());
  REQUIRE(d.all<parent_finished>().size() == 1);
  CHECK(d.all<parent_finished>()[0].filled.lots == 0);
  CHECK(all_stand(d, parent_id{1}, order_state::in_doubt));
}

TEST_CASE("what is in doubt when its parent ends is booked when it comes after all, and asks for the account no more") {
  desk d;
  d.give(d.parent(1, 1000));
  d.wait(seconds(20));
  REQUIRE(d.all<parent_finished>().size() == 1);
  const auto intents = d.all<order_intended>();
  for (const auto& intent : intents) d.give(d.report(intent, report_kind::filled, intent.size.lots, intent.size.lots));
  CHECK(sum_of(d.all<order_filled>()) == 1000);
  CHECK(all_stand(d, parent_id{1}, order_state::filled));
  CHECK(d.all<parent_finished>().size() == 1);
  CHECK(d.all<order_intended>().size() == intents.size());
  CHECK(!d.engine.next_wake());
}

TEST_CASE("a resting child in doubt is cancelled as long as nothing is known of it") {
  desk d;
  d.give(d.parent(1, 1, 0));
  while (d.all<order_intended>().empty()) d.wait(milliseconds(100));
  REQUIRE(d.all<order_intended>()[0].force == time_in_force::post_only);
  d.wait(seconds(10));
  CHECK(d.all<parent_finished>().size() == 1);
  CHECK(d.all<cancel_intended>().size() >= 3);
  d.give(d.report(d.all<order_intended>()[0], report_kind::cancelled));
  CHECK(all_stand(d, parent_id{1}, order_state::cancelled));
  CHECK(d.all<order_intended>().size() == 1);
  CHECK(!d.engine.next_wake());
}

TEST_CASE("a child the venue never took is over once the account proves it, and its lots are not sent again") {
  desk d;
  d.give(d.parent(1, 1000));
  for (int i = 0; i < 60; ++i) {
    d.wait(seconds(1));
    if (const auto asked = d.all<account_requested>(); !asked.empty()) d.give(account_reported{asked.back().request, {}, {}, {}, 0});
    if (i == 44) CHECK(all_stand(d, parent_id{1}, order_state::in_doubt));  // a venue may match it yet
  }
  CHECK(all_stand(d, parent_id{1}, order_state::expired));
  const auto finished = d.all<parent_finished>();
  REQUIRE(finished.size() == 1);
  CHECK(finished[0].filled.lots == 0);
  std::int64_t sent = 0;
  for (const auto& intent : d.all<order_intended>()) sent += intent.size.lots;
  CHECK(sent == 1000);
  CHECK(!d.engine.halted());
}

TEST_CASE("an account that was asked for before a child left says nothing about it, however late it comes") {
  desk d;
  d.give(started{"1", true});
  const std::uint64_t early = d.all<account_requested>().back().request;
  d.give(d.parent(1, 1000));
  d.wait(seconds(6));
  REQUIRE(!d.all<order_intended>().empty());
  d.give(account_reported{early, {}, {}, {}, 0});
  for (const auto& update : d.all<order_updated>()) CHECK_FALSE(is_final(update.state));
}

TEST_CASE("where the account differs a silent child stays in doubt, elsewhere it is over") {
  desk d;
  d.open(eth);
  d.give(d.parent(1, 1000));
  auto second = d.parent(2, 1000);
  second.instrument = eth;
  d.give(second);
  d.wait(seconds(60));
  d.give(account_reported{d.all<account_requested>().back().request, {{btc, {5}, {}, {}}}, {}, {}, 1});
  CHECK(d.engine.halted());
  CHECK(d.all<parent_finished>().size() == 2);
  CHECK(all_stand(d, parent_id{1}, order_state::in_doubt));
  CHECK(all_stand(d, parent_id{2}, order_state::expired));
}

TEST_CASE("a silent child of another instrument than the one that differs is over, also after the account has differed for long") {
  desk d;
  d.open(eth);
  d.give(d.parent(1, 1000));
  std::size_t answered = 0;
  const auto answer_accounts = [&] {
    for (; answered < d.all<account_requested>().size(); ++answered)
      d.give(account_reported{d.all<account_requested>()[answered].request, {{btc, {5}, {}, {}}}, {}, {}, 1});
  };
  for (int i = 0; i < 60; ++i) {
    d.wait(milliseconds(500));
    answer_accounts();
  }
  REQUIRE(d.engine.halted());
  for (const auto purpose : {order_purpose::stop_loss, order_purpose::take_profit}) {
    const auto before = d.all<parent_finished>().size();
    auto exit = d.parent(purpose == order_purpose::stop_loss ? 2 : 3, 100, 0.1, purpose);
    exit.instrument = eth;
    d.give(exit);
    for (int i = 0; i < 60; ++i) {
      d.wait(milliseconds(500));
      answer_accounts();
    }
    CHECK(d.all<parent_finished>().size() == before + 1);
    for (int i = 0; i < 60; ++i) {
      d.wait(milliseconds(500));
      answer_accounts();
    }
    CHECK(all_stand(d, exit.id, order_state::expired));
  }
  for (const auto& update : d.all<order_updated>()) {
    if (update.parent == parent_id{1}) CHECK_FALSE(is_final(update.state));
  }
}

TEST_CASE("an account that comes slower than it is asked for still ends the children that it proves lost") {
  desk d;
  d.give(d.parent(1, 1000));
  for (int i = 0; i < 120; ++i) {
    d.wait(milliseconds(500));
    const auto asked = d.all<account_requested>();
    if (asked.size() >= 2) d.give(account_reported{asked[asked.size() - 2].request, {}, {}, {}, 0});  // never the last one
  }
  CHECK(d.all<account_reconciled>().empty());
  CHECK(d.all<parent_finished>().size() == 1);
  CHECK(all_stand(d, parent_id{1}, order_state::expired));
}
