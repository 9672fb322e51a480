#include "remora/history/line_reader.hpp"
#include "remora/research/execution_trial.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

/// How fast recorded books forget that one side of them was thinner: what the book of `compare-execution` is held to.
using namespace remora;

namespace {

const std::filesystem::path samples =
    std::filesystem::path(REMORA_SOURCE_DIR) / ".." / "shared" / "data" / "calibration" / "perps_spread_slippage_202602.csv.gz";

using series = std::map<std::int64_t, double>;  // by minute: what a million slips up more than down, in bp

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  for (const char c : line)
    if (c == ',') cells.emplace_back();
    else cells.back() += c;
  return cells;
}

/// "2026-02-12T19:38:00Z"
std::int64_t minute_of(const std::string& iso) {
  std::tm at{};
  std::sscanf(iso.c_str(), "%d-%d-%dT%d:%d", &at.tm_year, &at.tm_mon, &at.tm_mday, &at.tm_hour, &at.tm_min);
  at.tm_year -= 1900;
  at.tm_mon -= 1;
  return timegm(&at) / 60;
}

std::map<std::string, series> recorded() {
  std::map<std::string, series> all;
  const std::set<std::string> venues{"binance", "bybit"}, coins{"BTC", "ETH", "SOL", "XRP"};
  auto reader = history::line_reader::open(samples.string());
  REQUIRE(reader);
  const auto header = reader->next();
  REQUIRE(header);
  const auto names = cells_of(**header);
  const auto column = [&](std::string_view name) { return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()); };
  const std::size_t ask = column("ask_slip_1m"), bid = column("bid_slip_1m");
  REQUIRE(std::max(ask, bid) < names.size());
  for (auto line = reader->next(); line && *line; line = reader->next()) {
    const auto cells = cells_of(**line);
    if (cells.size() <= std::max(ask, bid) || !venues.contains(cells[1]) || !coins.contains(cells[2]) || cells[ask].empty() || cells[bid].empty()) continue;
    all[cells[1] + " " + cells[2]][minute_of(cells[0])] = std::strtod(cells[ask].c_str(), nullptr) - std::strtod(cells[bid].c_str(), nullptr);
  }
  return all;
}

/// Minutes after which half is forgotten, if the autocorrelation over `lag` minutes is that of an exponential.
double half_life_of(const series& values, std::int64_t lag) {
  double mean = 0, variance = 0, together = 0;
  for (const auto& [minute, value] : values) mean += value / static_cast<double>(values.size());
  for (const auto& [minute, value] : values) variance += (value - mean) * (value - mean) / static_cast<double>(values.size());
  int pairs = 0;
  for (const auto& [minute, value] : values)
    if (const auto later = values.find(minute + lag); later != values.end()) together += (value - mean) * (later->second - mean), ++pairs;
  REQUIRE(pairs > 100);
  return static_cast<double>(lag) * std::log(2.0) / -std::log(together / pairs / variance);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

TEST_CASE("the book that ways of execution are compared in is no faster to recover than recorded ones") {
  if (!std::filesystem::exists(samples)) {
    std::printf("SKIPPED: no samples of slippage at %s\n", samples.lexically_normal().c_str());
    return;
  }
  std::vector<double> over_one, over_five;
  for (const auto& [market, values] : recorded()) {
    over_one.push_back(60 * half_life_of(values, 1));
    over_five.push_back(60 * half_life_of(values, 5));
  }
  REQUIRE(over_one.size() == 8);
  std::printf("a book forgets half of a thin side in %.0f s by its autocorrelation over a minute, in %.0f s over five (medians of 8 markets)\n",
              median(over_one), median(over_five));
  CHECK(median(over_one) == doctest::Approx(37).epsilon(0.05));
  CHECK(median(over_five) == doctest::Approx(148).epsilon(0.05));
  CHECK(research::recorded_half_life >= median(over_five));
  CHECK(research::recorded_half_life >= median(over_one));
}
