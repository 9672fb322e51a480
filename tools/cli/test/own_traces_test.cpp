#include "own_traces.hpp"
#include "temporary_directory.hpp"
#include "written_record.hpp"

#include "remora/base/random.hpp"

using namespace remora;
using cli::begin, cli::written_record;
using doctest::Approx;

namespace {

void order(written_record& run, std::uint64_t parent, std::uint32_t child, nanoseconds after, std::int64_t lots) {
  order_intended intent;
  intent.id = std::to_string(parent) + "-" + std::to_string(child);
  intent.parent = parent_id{parent};
  intent.child = child;
  intent.instrument = instrument_id{1};
  intent.size = {lots};
  run.add(begin + after, intent);
}

void measured(written_record& run, std::uint64_t parent, std::string planner) {
  parent_measured m;
  m.id = parent_id{parent};
  m.instrument = instrument_id{1};
  m.planner = std::move(planner);
  m.size = m.filled = {100};
  m.decision = m.arrival = m.end = {10'000};
  run.add(begin, m);
}

}  // namespace

TEST_CASE("a clock's orders show a rhythm and equal sizes, random ones do not, and too few show nothing") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  philox draws(7);
  for (std::uint32_t i = 1; i <= 40; ++i) order(run, 1, i, seconds(i), 5);
  nanoseconds at{};
  for (std::uint32_t i = 1; i <= 40; ++i) {
    at += nanoseconds(static_cast<std::int64_t>(-1e9 * std::log(1 - draws.uniform())));
    order(run, 2, i, at, 1 + static_cast<std::int64_t>(draws.below(1'000)));
  }
  order(run, 3, 1, seconds(1), 5);
  order(run, 4, 1, seconds(1), 5);  // not measured
  measured(run, 1, "twap");
  measured(run, 2, "swarm");
  measured(run, 3, "pov");
  const auto found = cli::read_own_traces(run.reader());
  REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().text));
  REQUIRE(found->size() == 3);
  const auto &random = (*found)[0], &clock = (*found)[1], &all = (*found)[2];
  CHECK(random.planner == "swarm");
  CHECK(*random.rhythm == 0);
  CHECK(*random.gap_variation > .5);
  CHECK(*random.equal_sizes < .1);
  CHECK(clock.planner == "twap");
  CHECK(*clock.rhythm == 1);
  CHECK(std::abs(*clock.gap_variation) < 1e-6);
  CHECK(*clock.equal_sizes == 1);
  CHECK(all.planner.empty());
  CHECK(all.parents == 2);
  CHECK(*all.rhythm == Approx(.5));
}

TEST_CASE("a record without orders shows nothing") {
  const temporary_directory place;
  written_record run(place.path() + "/parquet");
  measured(run, 1, "swarm");
  const auto found = cli::read_own_traces(run.reader());
  REQUIRE(found);
  CHECK(found->empty());
}
