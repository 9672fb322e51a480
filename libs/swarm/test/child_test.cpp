#include "remora/swarm/child.hpp"

#include "remora/base/archive.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <numeric>

using namespace remora;
using swarm::child;

namespace {

child fresh() {
  order_intended intent;
  intent.id = "R0-1-1X";
  intent.size = {10};
  return child(intent, timestamp_of(1));
}

execution_reported report(report_kind kind, std::int64_t filled, std::uint64_t fill_id = 0, std::int64_t last = 0) {
  execution_reported r;
  r.kind = kind;
  r.filled = {filled};
  r.remaining = {10 - filled};
  r.fill_id = fill_id;
  r.last_size = {last};
  return r;
}

/// What is left of a child's life once it is over: the same for every order of its reports.
struct ledger {
  order_state state;
  std::int64_t filled;
  std::map<std::uint64_t, std::int64_t> fills;
  bool settled;

  friend bool operator==(const ledger&, const ledger&) = default;
};

ledger ledger_of(const std::vector<execution_reported>& reports, const std::vector<std::size_t>& order) {
  child c = fresh();
  ledger result{};
  bool was_final = false;
  order_state last = order_state::pending;
  for (const std::size_t i : order) {
    if (c.apply(reports[i]).new_fill) result.fills[reports[i].fill_id] += reports[i].last_size.lots;
    if (was_final) CHECK(c.state() == last);
    was_final = is_final(c.state());
    last = c.state();
  }
  result.state = c.state();
  result.filled = c.filled().lots;
  result.settled = c.settled();
  return result;
}

}  // namespace

TEST_CASE("all orders of a child's reports, with duplicates, give one ledger") {
  using enum report_kind;
  const std::vector<std::vector<execution_reported>> lives = {
      {report(accepted, 0), report(filled, 10, 1, 10)},
      {report(accepted, 0), report(partially_filled, 3, 1, 3), report(partially_filled, 7, 2, 4), report(filled, 10, 3, 3)},
      {report(accepted, 0), report(partially_filled, 3, 1, 3), report(partially_filled, 7, 2, 4), report(partially_filled, 3, 1, 3),
       report(filled, 10, 3, 3), report(filled, 10, 3, 3)},
      {report(accepted, 0), report(accepted, 0), report(partially_filled, 4, 7, 4), report(cancelled, 4), report(cancelled, 4)},
      {report(accepted, 0), report(partially_filled, 4, 7, 4), report(partially_filled, 5, 9, 1), report(expired, 5)},
      {report(accepted, 0), report(expired, 0), report(cancel_rejected, 0)},
      {report(rejected, 0), report(rejected, 0)},
  };
  for (const auto& reports : lives) {
    std::vector<std::size_t> order(reports.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const ledger expected = ledger_of(reports, order);
    CHECK(expected.settled);
    do {
      CHECK(ledger_of(reports, order) == expected);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST_CASE("a final state is never left, whatever is reported") {
  for (int state = 4; state <= 7; ++state) {
    for (int kind = 0; kind <= 9; ++kind) {
      CHECK(swarm::state_after(static_cast<order_state>(state), static_cast<report_kind>(kind)) == static_cast<order_state>(state));
    }
  }
}

TEST_CASE("only a child of which nothing was heard can be rejected") {
  CHECK(swarm::state_after(order_state::pending, report_kind::rejected) == order_state::rejected);
  CHECK(swarm::state_after(order_state::working, report_kind::rejected) == order_state::working);
  CHECK(swarm::state_after(order_state::partially_filled, report_kind::rejected) == order_state::partially_filled);
}

TEST_CASE("a fill of nothing, of less, or of more than the child is not counted") {
  child c = fresh();
  for (const std::int64_t lots : {0, -3, 11}) {
    auto wrong = report(report_kind::partially_filled, 0, 1, 0);
    wrong.last_size = {lots};
    CHECK_FALSE(c.apply(wrong).new_fill);
    CHECK(c.filled().lots == 0);
  }
}

TEST_CASE("an ended child whose fills have not all been seen is not settled, and its worst case is its size until it ends") {
  child c = fresh();
  CHECK(c.committed().lots == 10);
  c.apply(report(report_kind::cancelled, 4));
  CHECK(c.state() == order_state::cancelled);
  CHECK(!c.settled());
  CHECK(c.committed().lots == 4);
  CHECK(c.apply(report(report_kind::partially_filled, 4, 1, 4)).new_fill);
  CHECK(c.settled());
  CHECK(c.rest().lots == 6);
}

TEST_CASE("a child comes back from its archive as it was") {
  child c = fresh();
  c.apply(report(report_kind::partially_filled, 4, 1, 4));
  state_writer writer;
  writer(c);
  child back;
  state_reader reader(writer.bytes());
  reader(back);
  REQUIRE(reader.complete());
  CHECK(!back.apply(report(report_kind::partially_filled, 4, 1, 4)).new_fill);
  CHECK(back.filled().lots == 4);
  CHECK(back.intent().id == "R0-1-1X");
}
