#include "trading_split.hpp"
#include "temporary_directory.hpp"
#include "written_record.hpp"

using namespace remora;
using cli::begin, cli::written_record;
using doctest::Approx;

namespace {

instrument inverse_contract() {
  instrument what = cli::listed();
  what.inverse = true;
  what.lot_size = {1, 0};
  what.multiplier = {100, 0};
  return what;
}

void quote(written_record& run, int at, std::int64_t middle) {
  run.add(begin + seconds(at), quote_seen{instrument_id{1}, 1, {{middle - 1}, {5}}, {{middle + 1}, {5}}, {}});
}

order_filled filled(std::uint64_t parent, std::int64_t at, std::int64_t size, side direction = side::buy) {
  order_filled fill;
  fill.fill_id = parent * 100 + static_cast<std::uint64_t>(at);
  fill.parent = parent_id{parent};
  fill.instrument = instrument_id{1};
  fill.direction = direction;
  fill.at = {at};
  fill.size = {size};
  return fill;
}

parent_measured measured(std::uint64_t parent, std::int64_t size, std::int64_t filled, side direction = side::buy) {
  parent_measured m;
  m.id = parent_id{parent};
  m.instrument = instrument_id{1};
  m.direction = direction;
  m.planner = "swarm";
  m.size = {size}, m.filled = {filled};
  m.decision = {10'000}, m.arrival = {10'010}, m.end = {10'050};
  return m;
}

/// Half of four lots is bought at 10,020 and half at 10,033, with the middle at 10,018 and 10,030 then, 10,022 and 10,026 a minute later.
void work_one(written_record& run, side direction = side::buy) {
  quote(run, 0, 10'500);  // of the same instant, and replaced by the next
  quote(run, 0, 10'018);
  run.add(begin + seconds(1), filled(1, 10'020, 2, direction));
  quote(run, 2, 10'030);
  run.add(begin + seconds(3), filled(1, 10'033, 2, direction));
  run.add(begin + seconds(4), measured(1, 4, 4, direction));
  quote(run, 60, 10'022);
  quote(run, 62, 10'026);
  quote(run, 64, 10'400);  // too late for either
}

std::vector<cli::trading_split> splits_of(const written_record& run) {
  const auto found = cli::read_trading_splits(run.reader());
  REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().text));
  return *found;
}

}  // namespace

TEST_CASE("trading is the half spread, what the market takes back within a minute, and what stays") {
  for (const side direction : {side::buy, side::sell}) {
    const temporary_directory place;
    written_record run(place.path() + "/parquet");
    run.add(begin, instrument_listed{cli::listed()});
    work_one(run, direction);
    const auto found = splits_of(run);
    REQUIRE(found.size() == 2);
    CHECK(found[0].planner == "swarm");
    CHECK(found[1].planner.empty());
    const double sign = direction == side::buy ? 1 : -1;
    for (const auto& row : found) {  // a tick is 1 bp of the decision
      CHECK(row.parents == 1);
      CHECK(row.filled == 1);
      CHECK(*row.half_spread == Approx(sign * (2 + 3) / 2.));
      CHECK(*row.temporary == Approx(sign * (-4 + 4) / 2.).epsilon(1e-9).scale(1));
      CHECK(*row.permanent == Approx(sign * (12 + 16) / 2.));
      CHECK(*row.half_spread + *row.temporary + *row.permanent == Approx(sign * (10 + 23) / 2.));  // trading
    }
  }
}

TEST_CASE("what an inverse contract cost is split in its coin at the end's price") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet", inverse_contract());
  run.add(begin, instrument_listed{inverse_contract()});
  work_one(run);
  const auto found = splits_of(run);
  REQUIRE(found.size() == 2);
  const auto cost = [](double from, double to) { return 1e4 * 10'050 * (1 / from - 1 / to); };
  CHECK(*found[0].half_spread == Approx((cost(10'018, 10'020) + cost(10'030, 10'033)) / 2));
  CHECK(*found[0].temporary == Approx((cost(10'022, 10'018) + cost(10'026, 10'030)) / 2));
  CHECK(*found[0].permanent == Approx((cost(10'010, 10'022) + cost(10'010, 10'026)) / 2));
}

TEST_CASE("a parent without a quote at each fill and a minute later, or with a fill that came too late, is not split") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  run.add(begin, instrument_listed{cli::listed()});
  run.add(begin, filled(2, 10'020, 4));  // before the first quote
  run.add(begin, measured(2, 4, 4));
  quote(run, 1, 10'018);
  run.add(begin + seconds(2), filled(3, 10'020, 4));
  run.add(begin + seconds(3), measured(3, 4, 3));  // one lot was not known yet
  run.add(begin + seconds(4), measured(4, 4, 0));  // nothing was filled
  quote(run, 62, 10'018);
  run.add(begin + seconds(63), filled(5, 10'020, 4));  // no quote is of the minute before a minute later
  run.add(begin + seconds(64), measured(5, 4, 4));
  run.add(begin + seconds(190), filled(6, 10'020, 4));  // nor of the minute before the fill
  run.add(begin + seconds(191), measured(6, 4, 4));
  quote(run, 252, 10'018);
  run.add(begin + seconds(253), filled(7, 10'020, 4));  // the record ends too early
  run.add(begin + seconds(254), measured(7, 4, 4));
  const auto found = splits_of(run);
  REQUIRE(found.size() == 2);
  CHECK(found[0].parents == 0);
  CHECK(found[0].filled == 5);
  CHECK_FALSE(found[0].half_spread);
}

TEST_CASE("a record without quotes or fills has no split") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  run.add(begin, instrument_listed{cli::listed()});
  run.add(begin, measured(1, 4, 0));
  CHECK(splits_of(run).empty());
}
