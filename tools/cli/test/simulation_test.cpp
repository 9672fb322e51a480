#include "simulation.hpp"
#include "temporary_directory.hpp"

#include "remora/history/line_reader.hpp"
#include "remora/history/recording.hpp"
#include "remora/history/verify_book.hpp"
#include "remora/sim/flow_tape.hpp"
#include "remora/sim/truth_table.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace remora;
namespace fs = std::filesystem;

namespace {

cli::simulation_settings three_minutes(const std::string& out, std::uint64_t seed = 1) {
  cli::simulation_settings settings;
  settings.out = out;
  settings.hours = 0.05;
  settings.market.seed = seed;
  settings.market.whales.metaorders_per_hour = 120;
  settings.market.whales.children = 40;
  settings.market.whales.sweep_share = 0.002;
  settings.market.whales.walls_per_hour = 120;
  settings.market.background_children = 20;
  return settings;
}

cli::simulation_report written(const cli::simulation_settings& settings) {
  const auto report = cli::write_simulation(settings, [](double share) { CHECK(share <= 1.001); return true; });
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text));
  return *report;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream in(row);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

}  // namespace

TEST_CASE("a capture that was written replays as the market that it is of") {
  const temporary_directory place;
  const auto settings = three_minutes(place.path() + "/day.gz");
  const auto report = written(settings);

  sim::flow_market market(settings.market);
  sim::flow_tape tape(market, {instrument_id{1}, settings.start, settings.depth_interval});
  std::vector<trade_seen> trades;
  std::vector<quote_seen> quotes;
  while (market.time() < settings.hours * 3600)
    for (const auto& each : tape.next()) {
      if (const auto* trade = std::get_if<trade_seen>(&each.what)) trades.push_back(*trade);
      if (const auto* quote = std::get_if<quote_seen>(&each.what)) quotes.push_back(*quote);
    }
  CHECK(report.trades == trades.size());
  CHECK(report.orders == market.orders());

  auto source = history::open_recording({settings.out}, {});
  REQUIRE_MESSAGE(source.has_value(), (source ? "" : source.error().text));
  std::size_t trade = 0, quote = 0, skipped = 0;
  instrument listed;
  timestamp last{};
  while (const auto batch = (*source)->next()) {
    CHECK(batch->event_time >= last);
    last = batch->event_time;
    for (const auto& message : batch->messages) {
      if (const auto* what = std::get_if<instrument_listed>(&message)) listed = what->what;
      if (std::holds_alternative<input_skipped>(message)) ++skipped;
      if (const auto* what = std::get_if<trade_seen>(&message)) {
        REQUIRE(trade < trades.size());
        const trade_seen& expected = trades[trade++];
        REQUIRE(what->trade_id == expected.trade_id);
        REQUIRE(what->at == expected.at);
        REQUIRE(what->size == expected.size);
        REQUIRE(what->aggressor == expected.aggressor);
        REQUIRE(what->venue_time == std::chrono::floor<milliseconds>(expected.venue_time));
      }
      if (const auto* what = std::get_if<quote_seen>(&message)) {
        REQUIRE(quote < quotes.size());
        const quote_seen& expected = quotes[quote++];
        REQUIRE(what->bid == expected.bid);
        REQUIRE(what->ask == expected.ask);
        REQUIRE(what->update_id == expected.update_id);
      }
    }
  }
  CHECK(trade == trades.size());
  CHECK(quote == quotes.size());
  CHECK(skipped == 0);
  CHECK(listed.where == venue::binance_usdm);
  CHECK(listed.symbol == "SIMBTCUSDT");
  CHECK(to_text(listed.tick_size) == "1");
  CHECK(to_text(listed.lot_size) == "0.001");
  CHECK(last >= settings.start + std::chrono::seconds(179));
}

TEST_CASE("the book of a written capture is in step with its own quotes, gathered or event by event") {
  const temporary_directory place;
  for (const int interval : {0, 100}) {
    auto settings = three_minutes(place.path() + "/day.gz");
    settings.depth_interval = milliseconds(interval);
    written(settings);
    const auto report = history::verify_book({settings.out});
    REQUIRE(report.has_value());
    CHECK(report->compared > 300);
    CHECK(report->equal == report->compared);
    CHECK(report->different == 0);
    CHECK(report->gaps == 0);
    CHECK(report->crossed == 0);
    CHECK(report->skipped == 0);
    CHECK(report->bridged == 1);
  }
}

TEST_CASE("the truth beside a capture tells what was planted and what the background holds") {
  const temporary_directory place;
  const auto settings = three_minutes(place.path() + "/day.dat.gz");
  const auto report = written(settings);
  std::ifstream file(place.path() + "/day.dat.truth.csv");
  std::string row;
  REQUIRE(std::getline(file, row));
  CHECK(row == sim::truth_header);
  const auto header = cells_of(row);
  std::map<std::string, int> seen;
  while (std::getline(file, row)) {
    const auto cells = cells_of(row);
    REQUIRE(cells.size() == header.size());
    ++seen[cells[0]];
    CHECK((cells[1] == "buy" || cells[1] == "sell"));
    CHECK(std::stoll(cells[2]) >= count_of(settings.start));
    CHECK(std::stoll(cells[3]) >= std::stoll(cells[2]));
    if (cells[0] == "background") CHECK(std::stoi(cells[6]) >= 20);
    if (cells[0] == "sweep") CHECK(std::stod(cells[8]) > 10'000);  // notional: 1,800 lots of 0.001 at about 60,000, if the book has them
  }
  CHECK(seen["metaorder"] > 0);
  CHECK(seen["sweep"] > 0);
  CHECK(seen["wall"] > 0);
  CHECK(seen["background"] == static_cast<int>(report.background));
  CHECK(report.background > 0);
}

TEST_CASE("the same seed gives the same bytes, another seed others") {
  const temporary_directory place;
  written(three_minutes(place.path() + "/a.gz"));
  written(three_minutes(place.path() + "/b.gz"));
  written(three_minutes(place.path() + "/c.gz", 2));
  CHECK(bytes_of(place.path() + "/a.gz") == bytes_of(place.path() + "/b.gz"));
  CHECK(bytes_of(place.path() + "/a.truth.csv") == bytes_of(place.path() + "/b.truth.csv"));
  CHECK(bytes_of(place.path() + "/a.gz") != bytes_of(place.path() + "/c.gz"));
}

TEST_CASE("what is stopped leaves nothing behind") {
  const temporary_directory place;
  int told = 0;
  const auto stopped = cli::write_simulation(three_minutes(place.path() + "/day.gz"), [&](double) { return ++told < 2; });
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == errc::io);
  CHECK(told == 2);
  CHECK(fs::is_empty(place.path()));
}

TEST_CASE("what cannot be written is said before the market is made, and nothing is left behind") {
  const temporary_directory place;
  auto settings = three_minutes(place.path() + "/nowhere/day.gz");
  auto refused = cli::write_simulation(settings, [](double) { FAIL("nothing should be written"); return true; });
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::refused);
  settings.out = place.path() + "/day.csv";
  settings.truth = place.path();
  refused = cli::write_simulation(settings, [](double) { FAIL("nothing should be written"); return true; });
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text.find("is a directory") != std::string::npos);
  settings.truth = settings.out;
  CHECK_FALSE(cli::write_simulation(settings, [](double) { return true; }).has_value());
  CHECK(fs::is_empty(place.path()));
}
