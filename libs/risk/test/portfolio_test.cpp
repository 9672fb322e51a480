#include "remora/base/archive.hpp"
#include "remora/base/random.hpp"
#include "remora/risk/portfolio.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

using namespace remora;
using namespace remora::risk;

namespace {

instrument linear() {
  instrument what;
  what.id = instrument_id{1};
  what.symbol = "BTCUSDT";
  what.tick_size = {1, 1};
  what.lot_size = {1, 3};
  return what;
}

instrument inverse() {
  instrument what;
  what.id = instrument_id{2};
  what.symbol = "BTCUSD_PERP";
  what.tick_size = {1, 1};
  what.lot_size = {1, 0};
  what.multiplier = {100, 0};
  what.inverse = true;
  return what;
}

order_filled fill(const instrument& what, std::uint64_t id, side direction, std::int64_t lots, std::int64_t ticks, amount fee = {}) {
  return {id, "order", parent_id{1}, what.id, direction, {ticks}, {lots}, fee, liquidity::taker};
}

booking book(portfolio& p, const order_filled& f) {
  const auto done = p.book(f, timestamp_of(static_cast<std::int64_t>(f.fill_id)));
  REQUIRE(done);
  REQUIRE(*done);
  return **done;
}

portfolio with_both() {
  portfolio p(amount::units(100'000));
  p.list(linear());
  p.list(inverse());
  return p;
}

funding_charged funding(const instrument& what, std::uint64_t id, amount paid) {
  funding_charged f;
  f.instrument = what.id;
  f.funding_id = id;
  f.paid = paid;
  return f;
}

constexpr amount money(double value) { return {static_cast<int128>(value * 1e9)}; }

}  // namespace

TEST_CASE("a long position realises at average cost") {
  portfolio p = with_both();
  book(p, fill(linear(), 1, side::buy, 1'000, 600'000, money(0.5)));  // 1 at 60000
  book(p, fill(linear(), 2, side::buy, 1'000, 610'000));              // 1 at 61000
  CHECK(p.average(instrument_id{1}) == price{605'000});
  const auto sold = book(p, fill(linear(), 3, side::sell, 500, 620'000));
  CHECK(sold.realised == amount::units(750));
  CHECK(sold.position_after == quantity{1'500});
  CHECK(p.average(instrument_id{1}) == price{605'000});
  REQUIRE(p.mark(instrument_id{1}, {600'000}));
  CHECK(p.unrealised() == amount::units(-750));
  CHECK(p.cash() == amount::units(100'750) - money(0.5));
  CHECK(p.equity() == amount::units(100'000) - money(0.5));
  CHECK(p.fees() == money(0.5));
  CHECK(p.realised() == amount::units(750));
}

TEST_CASE("a fill through zero closes the old position and opens the new one at its own price") {
  portfolio p = with_both();
  book(p, fill(linear(), 1, side::sell, 1'000, 600'000));
  const auto flipped = book(p, fill(linear(), 2, side::buy, 3'000, 590'000));
  CHECK(flipped.realised == amount::units(1'000));
  CHECK(flipped.position_before == quantity{-1'000});
  CHECK(flipped.position_after == quantity{2'000});
  CHECK(p.average(instrument_id{1}) == price{590'000});
  CHECK(p.at(instrument_id{1}).opened_at == timestamp_of(2));
  const auto closed = book(p, fill(linear(), 3, side::sell, 2'000, 590'000));
  CHECK(closed.realised == amount{});
  CHECK(p.flat());
  CHECK(p.at(instrument_id{1}).basis == 0);
}

TEST_CASE("an inverse contract gains its coins at the exit price, whatever the order of its fills") {
  portfolio p = with_both();
  book(p, fill(inverse(), 1, side::buy, 10, 500'000));  // 1000 USD at 50000
  const auto sold = book(p, fill(inverse(), 2, side::sell, 10, 550'000));
  CHECK(sold.realised == *profit_of(inverse(), {500'000}, {550'000}, {10}));
  CHECK(to_double(sold.realised) == doctest::Approx(100.0));
  book(p, fill(inverse(), 3, side::sell, 10, 500'000));
  REQUIRE(p.mark(instrument_id{2}, {400'000}));
  CHECK(to_double(p.unrealised()) == doctest::Approx(200.0));
  book(p, fill(inverse(), 4, side::sell, 10, 400'000));
  CHECK(p.average(instrument_id{2}).ticks == 444'444);  // harmonic: 20 contracts bought back as many coins
}

TEST_CASE("a fill is booked once for ever, and ids count per instrument") {
  portfolio p = with_both();
  book(p, fill(linear(), 7, side::buy, 10, 600'000));
  book(p, fill(inverse(), 7, side::buy, 10, 600'000));
  book(p, fill(linear(), 5, side::buy, 10, 600'000));
  book(p, fill(linear(), 6, side::buy, 10, 600'000));
  for (const std::uint64_t id : {5, 6, 7}) {
    const auto again = p.book(fill(linear(), id, side::sell, 99, 1), {});
    REQUIRE(again);
    CHECK_FALSE(*again);
  }
  CHECK(p.at(instrument_id{1}).size == quantity{30});
  CHECK(p.at(instrument_id{2}).size == quantity{10});
}

TEST_CASE("fill ids in any order are remembered like a set, and contiguous ones take no room") {
  philox random(7);
  fill_ids ids;
  std::set<std::uint64_t> oracle;
  for (int i = 0; i < 2'000; ++i) {
    const std::uint64_t id = random.below(300);
    CHECK(ids.contains(id) == oracle.contains(id));
    if (oracle.insert(id).second) ids.insert(id);
  }
  for (std::uint64_t id = 0; id < 300; ++id) {
    if (oracle.insert(id).second) ids.insert(id);
  }
  CHECK(ids.range_count() == 1);
}

TEST_CASE("what cannot be booked is an error and changes nothing") {
  portfolio p = with_both();
  book(p, fill(linear(), 1, side::buy, 10, 600'000));
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  instrument unknown = linear();
  unknown.id = instrument_id{9};
  CHECK(p.book(fill(unknown, 2, side::buy, 1, 1), {}).error().code == errc::not_found);
  CHECK(p.book(fill(linear(), 2, side::buy, 0, 1), {}).error().code == errc::malformed);
  CHECK(p.book(fill(linear(), 2, side::buy, 1, 0), {}).error().code == errc::malformed);
  CHECK(p.book(fill(linear(), 2, side::buy, largest, 600'000), {}).error().code == errc::out_of_range);
  CHECK(p.book(fill(inverse(), 2, side::buy, largest, 1), {}).error().code == errc::out_of_range);
  CHECK(p.at(instrument_id{1}).size == quantity{10});
  CHECK(p.equity() == amount::units(100'000));
  book(p, fill(linear(), 2, side::buy, 1, 600'000));
}

TEST_CASE("equity is the starting balance plus all money paid and the value held, to the last 1e-9, over random fills") {
  philox random(42);
  portfolio p = with_both();
  amount paid;
  quantity held;
  for (std::uint64_t id = 1; id <= 3'000; ++id) {
    const side direction = random.below(2) == 0 ? side::buy : side::sell;
    const quantity size{1 + static_cast<std::int64_t>(random.below(977))};
    const price at{600'000 + static_cast<std::int64_t>(random.below(20'001)) - 10'000};
    const amount fee{static_cast<int128>(random.below(1'000'000'000))};
    book(p, fill(linear(), id, direction, size.lots, at.ticks, fee));
    paid += *notional_of(linear(), at, direction == side::buy ? -size : size) - fee;
    held += direction == side::buy ? size : -size;
    const price mark{at.ticks + 13};
    REQUIRE(p.mark(instrument_id{1}, mark));
    if (id % 3 == 0) {
      const amount charged{static_cast<int128>(random.below(2'000'000'000)) - 1'000'000'000};
      REQUIRE(p.book(funding(linear(), id, charged)).value());
      paid -= charged;
    }
    REQUIRE(p.at(instrument_id{1}).size == held);
    REQUIRE(p.equity() == amount::units(100'000) + paid + *notional_of(linear(), mark, held));
    REQUIRE(p.cash() == amount::units(100'000) + p.realised() - p.fees() - p.funding());
    REQUIRE(p.peak() >= p.equity());
  }
}

TEST_CASE("realised profit of an inverse contract agrees with a long-form account over random fills") {
  philox random(43);
  portfolio p = with_both();
  long double coins = 0, realised = 0;
  std::int64_t held = 0;
  for (std::uint64_t id = 1; id <= 3'000; ++id) {
    const bool buys = random.below(2) == 0;
    const std::int64_t lots = 1 + static_cast<std::int64_t>(random.below(50));
    const std::int64_t ticks = 600'000 + static_cast<std::int64_t>(random.below(20'001)) - 10'000;
    const long double at = static_cast<long double>(ticks) / 10;
    for (std::int64_t i = 0; i < lots; ++i) {  // one contract at a time
      const bool closes = held != 0 && (held > 0) != buys;
      const int sign = buys ? 1 : -1;
      if (closes) {
        const long double cost = coins / static_cast<long double>(held);
        realised += -sign * 100.0L * (at * cost / 100.0L - 1.0L);
        coins += sign * cost;
      } else {
        coins += sign * 100.0L / at;
      }
      held += sign;
    }
    book(p, fill(inverse(), id, buys ? side::buy : side::sell, lots, ticks));
    REQUIRE(p.at(instrument_id{2}).size == quantity{held});
    REQUIRE(to_double(p.realised()) == doctest::Approx(static_cast<double>(realised)).epsilon(1e-7));
  }
}

TEST_CASE("funding is booked once by instrument and id, and is no fee") {
  portfolio p = with_both();
  CHECK(p.book(funding(linear(), 1, money(2))).value());
  CHECK(p.book(funding(inverse(), 1, money(-5))).value());
  CHECK_FALSE(p.book(funding(linear(), 1, money(2))).value());
  CHECK(p.funding() == money(-3));
  CHECK(p.fees() == amount{});
  CHECK(p.equity() == amount::units(100'003));
  CHECK(p.peak() == amount::units(100'003));
  CHECK(p.find(instrument_id{1})->funding == money(2));
  CHECK(p.find(instrument_id{2})->funding == money(-5));
}

TEST_CASE("funding that cannot be booked is an error and changes nothing") {
  portfolio p = with_both();
  instrument unknown = linear();
  unknown.id = instrument_id{9};
  CHECK(p.book(funding(unknown, 1, money(1))).error().code == errc::not_found);
  CHECK(p.book(funding(linear(), 1, {static_cast<int128>(1) << 101})).error().code == errc::out_of_range);
  CHECK(p.book(funding(linear(), 1, {-(static_cast<int128>(1) << 101)})).error().code == errc::out_of_range);
  CHECK(p.equity() == amount::units(100'000));
  CHECK(p.book(funding(linear(), 1, money(1))).value());
}

TEST_CASE("the books of all instruments add up to the whole") {
  portfolio p = with_both();
  book(p, fill(linear(), 1, side::buy, 1'000, 600'000, money(0.5)));
  book(p, fill(linear(), 2, side::sell, 400, 610'000, money(0.25)));
  book(p, fill(inverse(), 1, side::sell, 7, 600'000, money(1)));
  book(p, fill(inverse(), 2, side::buy, 7, 610'000));
  const tally& one = *p.find(instrument_id{1});
  const tally& other = *p.find(instrument_id{2});
  CHECK(one.realised == amount::units(400));
  CHECK(one.fees == money(0.75));
  CHECK(one.realised + other.realised == p.realised());
  CHECK(one.fees + other.fees == p.fees());
  CHECK(p.find(instrument_id{9}) == nullptr);
}

TEST_CASE("drawdown is the fall from the highest equity") {
  portfolio p = with_both();
  book(p, fill(linear(), 1, side::buy, 1'000, 600'000));
  REQUIRE(p.mark(instrument_id{1}, {700'000}));
  CHECK(p.drawdown() == 0);
  REQUIRE(p.mark(instrument_id{1}, {590'000}));
  CHECK(p.peak() == amount::units(110'000));
  CHECK(p.drawdown() == doctest::Approx(0.1));
}

TEST_CASE("the mark of a closed position does not raise the peak when the next one opens") {
  portfolio p(amount::units(100'000));
  const auto what = linear();
  p.list(what);
  book(p, fill(what, 1, side::buy, 200, 600'000));
  REQUIRE(p.mark(what.id, {600'000}));
  book(p, fill(what, 2, side::sell, 200, 600'000));
  book(p, fill(what, 3, side::buy, 200, 500'000));
  CHECK(p.peak() == amount::units(100'000));
  CHECK(p.drawdown() == 0);
}

TEST_CASE("a portfolio survives its archive") {
  portfolio p = with_both();
  book(p, fill(linear(), 1, side::buy, 1'000, 600'000, money(1.5)));
  book(p, fill(inverse(), 1, side::sell, 7, 600'000));
  REQUIRE(p.book(funding(linear(), 3, money(0.25))));
  REQUIRE(p.mark(instrument_id{1}, {610'000}));
  state_writer written;
  written(p);
  portfolio restored;
  state_reader reader(written.bytes());
  reader(restored);
  REQUIRE(reader.complete());
  state_writer again;
  again(restored);
  CHECK(again.bytes() == written.bytes());
  CHECK(restored.equity() == p.equity());
  const auto repeated = restored.book(fill(linear(), 1, side::buy, 1, 1), {});
  REQUIRE(repeated);
  CHECK_FALSE(*repeated);
  CHECK_FALSE(restored.book(funding(linear(), 3, money(0.25))).value());
}
