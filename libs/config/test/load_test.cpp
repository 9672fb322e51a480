#include "folder.hpp"

#include <doctest/doctest.h>

using namespace remora;
using namespace remora::config;

TEST_CASE("a key that no file gives keeps its default") {
  const folder copy;
  copy.write("strategy/risk_limits.yaml", "");
  const auto loaded = copy.load();
  REQUIRE(loaded);
  CHECK(loaded->risk == risk_settings{});
  CHECK_FALSE(loaded->origins.contains("risk.max_leverage"));
}

TEST_CASE("default, file, profile, environment and command line win over each other in this order") {
  const folder copy;
  const load_options nothing{.directory = copy.path(), .profile = {}, .overrides = {}};
  copy.write("strategy/risk_limits.yaml", "risk:\n  max_leverage: 4\n");
  copy.write("profiles/bold.yaml", "risk:\n  max_leverage: 5\n");
  auto options = nothing;
  const auto leverage = [&] {
    const auto loaded = load(options);
    REQUIRE(loaded);
    return std::pair(loaded->risk.max_leverage, loaded->origins.at("risk.max_leverage"));
  };
  CHECK(leverage() == std::pair(4.0, (copy.path() / "strategy/risk_limits.yaml:2").string()));
  options.profile = "bold";
  CHECK(leverage() == std::pair(5.0, (copy.path() / "profiles/bold.yaml:2").string()));
  options.environment = {{"PATH", "/bin"}, {"REMORA_DUCKDB_ROOT", "/x"}, {"REMORA__RISK__MAX_LEVERAGE", "6"}};
  CHECK(leverage() == std::pair(6.0, std::string("environment variable REMORA__RISK__MAX_LEVERAGE")));
  options.overrides = {"risk.max_leverage=7", "risk.max_leverage=8"};
  CHECK(leverage() == std::pair(8.0, std::string("--set risk.max_leverage=8")));
}

TEST_CASE("nested keys can be overridden") {
  const folder copy;
  CHECK(environment_name("composite.weights.whale") == "REMORA__COMPOSITE__WEIGHTS__WHALE");
  const auto loaded = load({.directory = copy.path(),
                            .profile = {},
                            .overrides = {"bus.lock_step.round_us=500"},
                            .environment = {{environment_name("composite.weights.whale"), "0.75"}}});
  REQUIRE(loaded);
  CHECK(loaded->composite.weights.whale == 0.75);
  CHECK(loaded->bus.lock_step.round == microseconds(500));
}

TEST_CASE("money is exact to nine places and never passes through floating point") {
  const folder copy;
  const auto loaded = copy.load({"whale.min_whale_size=123456789.123456789", "sizing.min_size=0.1"});
  REQUIRE(loaded);
  CHECK(to_text(loaded->whale.min_whale_size) == "123456789.123456789");
  CHECK(loaded->sizing.min_size.nanos == 100'000'000);
}

TEST_CASE("every kind of value is read") {
  const folder copy;
  const auto loaded = copy.load({"sizing.method=fixed", "risk.account=spot", "whale.require_impact=true", "database.roll_seconds=5",
                                 "generator.start_price=0.00001234", "paper_exchange.maker_fee_bp=-0.5", "paper_exchange.taker_fee_bp=none",
                                 "logging.directory=/var/log/a=b", "logging.level=warning"});
  REQUIRE_MESSAGE(loaded, (loaded ? "" : loaded.error().front().text));
  CHECK(loaded->sizing.method == sizing_method::fixed);
  CHECK(loaded->risk.account == account_type::spot);
  CHECK(loaded->whale.require_impact);
  CHECK(loaded->database.roll_after == seconds(5));
  CHECK(loaded->generator.start_price == decimal{1234, 8});
  CHECK(loaded->paper_exchange.maker_fee_bp == decimal{-5, 1});
  CHECK_FALSE(loaded->paper_exchange.taker_fee_bp);
  CHECK(loaded->logging.directory == "/var/log/a=b");
  CHECK(loaded->logging.level == log_level::warning);
}

TEST_CASE("the paper exchange's own fee replaces the instrument's, and the instrument's its market's") {
  settings all;
  instrument_settings one;
  one.market = market_type::usdm;
  CHECK(paper_fees_of(all, all.binance, one) == fees{{2, 0}, {5, 0}});
  one.taker_fee_bp = decimal{4, 0};
  CHECK(paper_fees_of(all, all.binance, one) == fees{{2, 0}, {4, 0}});
  all.paper_exchange.maker_fee_bp = decimal{0, 0};
  all.paper_exchange.taker_fee_bp = decimal{1, 0};
  CHECK(paper_fees_of(all, all.binance, one) == fees{{0, 0}, {1, 0}});
}

TEST_CASE("a profile's list replaces the file's") {
  const folder copy;
  copy.write("profiles/one.yaml", "binance:\n  instruments:\n    - {symbol: SOLUSDT, market: spot, tick_size: 0.01, lot_size: 0.001}\n");
  const auto loaded = copy.load({}, "one");
  REQUIRE(loaded);
  REQUIRE(loaded->binance.instruments.size() == 1);
  CHECK(loaded->binance.instruments.front().symbol == "SOLUSDT");
  CHECK(loaded->binance.instruments.front().multiplier == decimal{1, 0});
}
