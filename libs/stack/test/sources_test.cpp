#include "remora/stack/sources.hpp"
#include "temporary_directory.hpp"

#include <doctest/doctest.h>
#include <fstream>

namespace remora::stack {
namespace {

/// The first instrument that a source lists.
instrument first_instrument(const config::settings& settings, const source_choice& choice) {
  const auto source = open_source(settings, choice);
  REQUIRE(source);
  while (const auto batch = (*source)->next())
    for (const market_message& message : batch->messages)
      if (const auto* listed = std::get_if<instrument_listed>(&message)) return listed->what;
  FAIL("no instrument was listed");
  return {};
}

/// A trade table in Binance's archive format, of a symbol that no configuration names.
source_choice spot_trades(const temporary_directory& folder) {
  const std::string path = folder.path() + "/ABCUSDT-trades-2024-01-01.csv";
  std::ofstream(path) << "1,100.5,2,201,1704067200000,false,true\n2,100.6,1,100.6,1704067200500,true,true\n";
  return {.files = {path}, .symbol = ""};
}

}  // namespace

TEST_CASE("the fees of the paper exchange hold for the generated instrument and for unlisted ones") {
  const temporary_directory folder;
  config::settings settings;
  settings.paper_exchange.maker_fee_bp = decimal{-15, 1};
  settings.paper_exchange.taker_fee_bp = decimal{7, 0};
  for (const source_choice& choice : {source_choice{}, spot_trades(folder)}) {
    const instrument what = first_instrument(settings, choice);
    CHECK(what.maker_fee_e6 == -150);
    CHECK(what.taker_fee_e6 == 700);
  }
}

TEST_CASE("an unlisted instrument has the account and the fees of its market") {
  const temporary_directory folder;
  config::settings settings;
  settings.risk.account = config::account_type::spot;
  const instrument spot = first_instrument(settings, spot_trades(folder));
  CHECK(spot.where == venue::binance_spot);
  CHECK(spot.account == account_type::spot);
  CHECK(spot.taker_fee_e6 == 1'000);

  const instrument generated = first_instrument(settings, {});
  CHECK(generated.account == account_type::margin);
  CHECK(generated.taker_fee_e6 == 500);
}

TEST_CASE("a benchmark that no instrument can be is refused with its place and the symbols there are") {
  config::settings settings;
  config::instrument_settings configured;
  configured.symbol = "BTCUSDT";
  configured.tick_size = configured.lot_size = {1, 1};
  settings.binance.instruments = {configured};
  for (const std::string known : {"", "SIMUSDT", "BTCUSDT"}) {
    settings.risk.benchmark = known;
    CHECK(check_benchmark(settings));
  }
  settings.risk.benchmark = "NOPE";
  settings.origins["risk.benchmark"] = "risk_limits.yaml:6";
  const auto refused = check_benchmark(settings);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::not_found);
  CHECK(refused.error().text.starts_with("risk.benchmark is NOPE (risk_limits.yaml:6), and no configured instrument has that symbol: give one of BTCUSDT, SIMUSDT, list"));
}

}  // namespace remora::stack
