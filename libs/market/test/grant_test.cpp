#include "remora/market/grant.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace remora;

namespace {

struct fixture {
  instrument what;
  grant allowed;
  grant_usage used;
  child_order child;

  fixture() {
    what.symbol = "BTCUSDT";
    allowed.direction = side::buy;
    allowed.size = {1000};
    allowed.notional_max = amount::units(600);
    allowed.collar_low = {5'900'000};
    allowed.collar_high = {6'000'000};
    allowed.orders_per_second = 10;
    allowed.valid_until = timestamp_of(2'000'000'000);
    used.now = timestamp_of(1'000'000'000);
    child = {side::buy, {6'000'000}, {400}, false};
  }
  [[nodiscard]] std::string violation() const { return violation_of(allowed, used, child, what).value_or(""); }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE_FIXTURE(fixture, "a child at every limit of its grant is allowed") {
  CHECK(violation().empty());
  used.committed = {600};
  used.committed_notional = amount::units(360);
  used.sent_in_last_second = 9;
  used.now = allowed.valid_until;
  CHECK(violation().empty());
}

TEST_CASE_FIXTURE(fixture, "K3: a child beyond its granted size is refused with the numbers") {
  used.committed = {601};
  CHECK(violation() == "The size 0.004 after 0.00601 committed exceeds the granted 0.01.");
  used.committed = {std::numeric_limits<std::int64_t>::max()};
  CHECK(has(violation(), "exceeds the granted"));
  used.committed = {};
  child.size = {0};
  CHECK(has(violation(), "not positive"));
  child.size = {-1};
  CHECK(has(violation(), "not positive"));
}

TEST_CASE_FIXTURE(fixture, "a child beyond its granted notional is refused with the numbers") {
  used.committed_notional = amount::units(360) + amount{1};
  CHECK(violation() == "The notional 240 after 360.000000001 committed exceeds the granted 600.");
  used.committed_notional = amount{static_cast<int128>(std::numeric_limits<std::int64_t>::max()) << 63};
  CHECK(has(violation(), "exceeds the granted 600"));
}

TEST_CASE_FIXTURE(fixture, "a notional that cannot be computed is a refusal") {
  allowed.size = child.size = {std::numeric_limits<std::int64_t>::max()};
  allowed.collar_high = child.limit = {std::numeric_limits<std::int64_t>::max()};
  what.tick_size = what.lot_size = {1'000'000, 0};
  CHECK(has(violation(), "cannot be computed"));
}

TEST_CASE_FIXTURE(fixture, "a child outside the collar is refused") {
  child.limit = {6'000'001};
  CHECK(violation() == "The limit 60000.01 lies outside the collar from 59000 to 60000.");
  child.limit = {5'899'999};
  CHECK(has(violation(), "outside the collar"));
}

TEST_CASE_FIXTURE(fixture, "a child in the other direction or without reduce-only is refused") {
  child.direction = side::sell;
  CHECK(violation() == "The child would sell, the grant allows to buy only.");
  child.direction = side::buy;
  allowed.reduce_only = true;
  CHECK(has(violation(), "reduce-only"));
  child.reduce_only = true;
  CHECK(violation().empty());
}

TEST_CASE_FIXTURE(fixture, "nothing is sent too fast or after the grant has ended") {
  used.sent_in_last_second = 10;
  CHECK(violation() == "10 orders were sent in the last second and the grant allows 10.");
  used.now = allowed.valid_until + nanoseconds(1);
  CHECK(has(violation(), "The grant ended at 1970-01-01T00:00:02"));
}

TEST_CASE_FIXTURE(fixture, "a grant of an epoch of RISK that is over is refused, unless RISK still stands by it") {
  allowed.epoch = 6;
  used.risk_epoch = 7;
  CHECK(violation() == "The grant is of RISK's epoch 6, and RISK, which is in its epoch 7, does not stand by it.");
  allowed.epoch = 7;
  CHECK(violation().empty());
}

/// Knight Capital, 1 August 2012: a power of their system went on making children of orders that had been filled.
TEST_CASE_FIXTURE(fixture, "K2: four million children of 212 parents, and not a lot more leaves than the parents granted") {
  constexpr std::uint64_t parents = 212, attempts = 4'000'000 / parents;
  allowed.orders_per_second = 1'000'000;
  allowed.notional_max = amount::units(1'000'000);
  child.size = {7};
  std::int64_t sent = 0;
  for (std::uint64_t p = 0; p < parents; ++p) {
    used.committed = {};
    for (std::uint64_t i = 0; i < attempts; ++i) {
      if (violation_of(allowed, used, child, what)) continue;
      used.committed += child.size;
      sent += child.size.lots;
    }
    REQUIRE(used.committed <= allowed.size);
  }
  CHECK(sent == parents * (1000 / 7 * 7));
}
