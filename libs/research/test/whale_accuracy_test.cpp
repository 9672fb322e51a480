#include "remora/research/tape_rate.hpp"
#include "remora/research/whale_accuracy.hpp"
#include "remora/sim/flow_source.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace remora::research;

namespace {

sim::planted planted(sim::plant what, side direction, std::uint64_t first, std::uint64_t last, std::uint32_t children) {
  sim::planted p;
  p.what = what;
  p.direction = direction;
  p.first_order = first;
  p.last_order = last;
  p.children = children;
  p.size = {children * 10};
  p.over = true;
  return p;
}

sighting seen(sight by, side direction, std::uint64_t first, std::uint64_t last, double confidence = 0.5) {
  return {by, true, direction, first, last, {}, confidence};
}

/// Orders 100 to 10,000 were judged; a sweep at 200, a metaorder of 300 orders, one of an ordinary trader, and one that is too short.
watched_market market() {
  watched_market m;
  m.orders = 9'900;
  m.first_order = 100;
  m.last_order = 10'000;
  m.truth = {planted(sim::plant::sweep, side::buy, 200, 200, 1), planted(sim::plant::metaorder, side::sell, 1'000, 2'000, 300),
             planted(sim::plant::background, side::buy, 3'000, 6'000, 250), planted(sim::plant::metaorder, side::buy, 7'000, 7'100, 100)};
  return m;
}

watch_settings short_watch(std::uint64_t seed) {
  watch_settings settings;
  settings.market.what.where = venue::simulated;
  settings.market.what.symbol = "FLOW";
  settings.market.what.lot_size = {1, 3};
  settings.market.what.tick_size = {1, 1};
  settings.market.duration = std::chrono::minutes(12);
  settings.market.market.seed = seed;
  settings.market.market.takers.traders = 20;
  settings.market.market.whales.metaorders_per_hour = 20;
  settings.market.market.whales.children = 800;
  return settings;
}

}  // namespace

TEST_CASE("a size alarm is right when a sweep is among its merged orders, and a sweep counts as found once") {
  watched_market m = market();
  m.sightings = {seen(sight::size, side::buy, 199, 201), seen(sight::size, side::buy, 200, 200), seen(sight::size, side::sell, 1'500, 1'500),
                 seen(sight::baseline, side::buy, 500, 500)};
  const whale_score s = score(m);
  CHECK(s.sweeps.alarms == 3);
  CHECK(s.sweeps.true_alarms == 2);
  CHECK(s.sweeps.found.hits == 1);
  CHECK(s.sweeps.found.trials == 1);
  CHECK(s.sweeps_baseline.alarms == 1);
  CHECK(s.sweeps_baseline.found.hits == 0);
  CHECK(s.sweeps.false_per_million() == doctest::Approx(1e6 / 9'900));
}

TEST_CASE("a run is right inside a long metaorder of its side, whoever's; only planted ones are to be found") {
  watched_market m = market();
  m.sightings = {seen(sight::run, side::sell, 1'400, 1'400), seen(sight::run, side::sell, 1'900, 1'900), seen(sight::run, side::buy, 1'500, 1'500),
                 seen(sight::run, side::buy, 4'000, 4'000), seen(sight::run, side::buy, 7'050, 7'050)};
  const detection_score s = score(m).metaorders;
  CHECK(s.alarms == 5);
  CHECK(s.true_alarms == 3);
  CHECK(s.of_planted == 2);
  CHECK(s.found.trials == 1);  // the short one is none by the standard
  CHECK(s.found.hits == 1);
  CHECK(s.median_delay() == 400);
}

TEST_CASE("what began before the warm-up was over, or goes on at the end, is not asked for") {
  watched_market m = market();
  m.first_order = 1'500;
  CHECK(score(m).metaorders.found.trials == 0);
  CHECK(score(m).sweeps.found.trials == 0);
  m = market();
  m.last_order = 2'000;
  CHECK(score(m).metaorders.found.trials == 0);
}

TEST_CASE("what waits in the book is found in its life and on its side") {
  watched_market m;
  m.start = timestamp_of(1'000'000'000'000);
  sim::planted wall = planted(sim::plant::wall, side::buy, 1, 1, 0), spoof = planted(sim::plant::spoof, side::sell, 1, 1, 0);
  wall.from = timestamp_of(10'000'000'000), wall.until = timestamp_of(40'000'000'000);
  spoof.from = timestamp_of(50'000'000'000), spoof.until = timestamp_of(54'000'000'000);
  m.truth = {wall, spoof};
  const auto told = [&](int second, side which) { return book_sighting{m.start + seconds(second), which, false, true}; };
  m.book = {told(20, side::buy), told(20, side::sell), told(45, side::buy), told(52, side::sell)};
  const book_score s = score(m).book;
  CHECK(s.walls.hits == 1);
  CHECK(s.walls.trials == 1);
  CHECK(s.wall_seconds.hits == 1);
  CHECK(s.wall_seconds.trials == 4);
  CHECK(s.spoofs_as_walls.hits == 1);
}

TEST_CASE("in generated markets most planted whales are found, the same in every run, and far fewer ordinary orders than by the baseline") {
  whale_score all;
  for (std::uint64_t seed = 2'001; seed <= 2'006; ++seed) all.add(score(watch(short_watch(seed))));
  MESSAGE("metaorders " << all.metaorders.found.hits << " of " << all.metaorders.found.trials << ", sweeps " << all.sweeps.found.hits << " of " << all.sweeps.found.trials);
  CHECK(all.metaorders.found.trials >= 5);
  CHECK(all.metaorders.found.share() >= 0.7);
  CHECK(all.metaorders.median_delay() < 600);
  CHECK(all.sweeps.found.share() >= 0.8);
  CHECK(all.sweeps.false_per_million() < 1'300);
  CHECK(all.sweeps_baseline.false_per_million() > 10 * all.sweeps.false_per_million());
  const auto one = watch(short_watch(2'001)), same = watch(short_watch(2'001));
  REQUIRE(one.sightings.size() == same.sightings.size());
  for (std::size_t i = 0; i < one.sightings.size(); ++i) CHECK(one.sightings[i].confidence == same.sightings[i].confidence);
}

TEST_CASE("a model is fitted where there are whales and others, and not where there are none") {
  std::vector<labelled_evidence> known;
  for (int i = 0; i < 4'000; ++i) known.push_back({{.size = 2 + (i % 40) * 0.25}, i % 40 > 28});
  const auto model = fit_evidence_model(known);
  REQUIRE(model);
  CHECK(signal::confidence_of({.size = 12}, *model) > 0.9);
  CHECK(signal::confidence_of({.size = 2}, *model) < 0.1);
  CHECK_FALSE(fit_evidence_model({}));
  CHECK_FALSE(fit_evidence_model(std::vector<labelled_evidence>(100)));
}

TEST_CASE("a recording's alarms are counted after the warm-up, against what was promised") {
  sim::flow_source_options options = short_watch(5).market;
  sim::flow_source source(options);
  const tape_report report = rates_on(source, {}, 2'000);
  CHECK(report.skipped == 0);
  const auto& rates = report.rates;
  REQUIRE(rates.size() == 1);
  CHECK(rates[0].symbol == "FLOW");
  CHECK(rates[0].judged == rates[0].orders - 2'000);
  CHECK(rates[0].size_alarms > 0);
  CHECK(rates[0].size_alarms <= 20 + rates[0].judged / 1'000 + 1);
  CHECK(rates[0].whales == 0);  // the floor is a million
  CHECK(rates[0].baseline_alarms > rates[0].size_alarms);
}
