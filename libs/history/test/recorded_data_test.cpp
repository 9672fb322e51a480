#include "recorded_files.hpp"
#include "remora/history/verify_book.hpp"

#include <algorithm>

using namespace remora;

namespace {

const std::filesystem::path recordings = std::filesystem::path(REMORA_SOURCE_DIR) / ".." / "shared" / "data" / "binance_raw";

/// Real recordings are not part of the sources; a test that needs them says so when they are absent.
std::vector<std::string> chain(std::initializer_list<const char*> names) {
  std::vector<std::string> paths;
  for (const char* name : names) {
    const std::filesystem::path path = recordings / name;
    if (!std::filesystem::exists(path)) {
      std::printf("SKIPPED: no real recording at %s\n", path.lexically_normal().c_str());
      return {};
    }
    paths.push_back(path.string());
  }
  return paths;
}

struct real_chain {
  std::vector<std::string> paths;
  bool has_snapshot = true;
  bool has_common_ids = true;
};

std::vector<real_chain> all_chains() {
  return {{chain({"hftbacktest/usdm/btcusdt_20230404.dat.gz", "hftbacktest/usdm/btcusdt_20230405.dat.gz"})},
          {chain({"hftbacktest/usdm/btcusdt_20240718.gz", "hftbacktest/usdm/btcusdt_20240719.gz"})},
          {chain({"hftbacktest/usdm/ethusdt_20240718.gz", "hftbacktest/usdm/ethusdt_20240719.gz"})},
          {chain({"hftbacktest/cm/btcusd_perp_20240808.gz", "hftbacktest/cm/btcusd_perp_20240809.gz"})},
          {chain({"hftbacktest/spot/btcusdt_20240808.gz", "hftbacktest/spot/btcusdt_20240809.gz"})},
          {chain({"hftbacktest/spot/btcusdt_20230405.dat.gz"}), false, false},
          {chain({"nexousdt_soak/nexousdt_20240723.dat.gz", "nexousdt_soak/nexousdt_20240724.dat.gz"})},
          {chain({"collect-binancefutures/btcusdt_20220811.dat"}), true, false}};
}

}  // namespace

TEST_CASE("every real book is rebuilt without a gap and equals the venue's own quotes") {
  std::uint64_t compared = 0;
  for (const real_chain& each : all_chains()) {
    if (each.paths.empty()) continue;
    CAPTURE(each.paths.front());
    const auto report = history::verify_book(each.paths);
    REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text));
    std::printf("%s: %llu compared, %llu updates, %llu trades, %llu quotes\n", std::filesystem::path(each.paths.front()).filename().c_str(),
                static_cast<unsigned long long>(report->compared), static_cast<unsigned long long>(report->updates),
                static_cast<unsigned long long>(report->trades), static_cast<unsigned long long>(report->quotes));
    for (const auto& difference : report->first_differences) MESSAGE(difference.where << ": " << difference.text);
    for (const auto& skip : report->first_skips) MESSAGE(skip);
    CHECK(report->different == 0);
    CHECK(report->crossed == 0);
    CHECK(report->gaps == 0);
    CHECK(report->skipped == 0);
    CHECK(report->bridged == (each.has_snapshot ? 1 : 0));
    if (each.has_common_ids) CHECK(report->compared > 0);
    compared += report->compared;
  }
  std::printf("%llu comparisons in all\n", static_cast<unsigned long long>(compared));
}

TEST_CASE("a real capture gives every message once and ends in step") {
  const auto paths = chain({"hftbacktest/cm/btcusd_perp_20240808.gz", "hftbacktest/cm/btcusd_perp_20240809.gz"});
  if (paths.empty()) return;
  const auto all = listen(paths);
  const auto report = history::verify_book(paths);
  REQUIRE(report.has_value());
  CHECK(all.all<trade_seen>().size() == report->trades);
  CHECK(all.all<quote_seen>().size() == report->quotes);
  CHECK(all.all<book_changed>().size() == report->updates);
  CHECK(all.all<input_skipped>().empty());
  CHECK(all.all<instrument_listed>()[0].what.multiplier == decimal{100, 0});
  CHECK(std::is_sorted(all.times.begin(), all.times.end()));
}

TEST_CASE("a real capture that does not begin with a snapshot still gives its trades and quotes") {
  const auto paths = chain({"hftbacktest/spot/btcusdt_20230405.dat.gz"});
  if (paths.empty()) return;
  const auto all = listen(paths);
  CHECK(all.all<trade_seen>().size() > 1000);
  CHECK(all.all<quote_seen>().size() > 1000);
  CHECK(all.all<book_changed>().empty());
  REQUIRE(all.all<input_skipped>().size() == 1);
}

TEST_CASE("a real capture of another venue is refused by name") {
  const auto paths = chain({"hftbacktest/hyperliquid/btcusd_20250126.gz"});
  if (paths.empty()) return;
  const auto source = history::open_recording(paths, {});
  REQUIRE_FALSE(source.has_value());
  CHECK(says(source.error().text, "Hyperliquid"));
}

TEST_CASE("real trade tables of several forms give all their rows") {
  const std::filesystem::path tables = recordings.parent_path() / "trades";
  for (const char* name : {"binance_LTCUSDT_20250621.csv", "gemini_ethusd_2021-07-01_trade.csv", "tardis_binance_futures_BTCUSDT_20200222.csv",
                           "binance_spot_BTCUSDT_20260216T04.csv"}) {
    const std::string path = (tables / name).string();
    if (!std::filesystem::exists(path)) {
      std::printf("SKIPPED: no real trades at %s\n", path.c_str());
      continue;
    }
    CAPTURE(path);
    const auto all = listen({path});
    for (const auto& skip : all.all<input_skipped>()) MESSAGE(skip.line << ": " << skip.reason);
    const auto end = all.all<stream_ended>()[0];
    CHECK(all.all<trade_seen>().size() == end.messages);
    CHECK(end.messages + end.skipped + 1 == end.lines);
    CHECK(end.messages > 1000);
  }
}
