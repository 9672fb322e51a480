#include "folder.hpp"
#include "remora/config/describe.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace remora;
using namespace remora::config;

TEST_CASE("the shipped files load and say what is built in") {
  auto loaded = load({.directory = shipped_directory(), .profile = {}, .overrides = {}});
  REQUIRE_MESSAGE(loaded, (loaded ? "" : loaded.error().front().text));
  settings built_in;
  built_in.origins = loaded->origins;
  built_in.binance.instruments = loaded->binance.instruments;
  built_in.coinbase.instruments = loaded->coinbase.instruments;
  built_in.dydx.instruments = loaded->dydx.instruments;
  CHECK(*loaded == built_in);
}

TEST_CASE("the shipped files show every key but the markets that a venue does not have") {
  const auto loaded = load({.directory = shipped_directory(), .profile = {}, .overrides = {}});
  REQUIRE(loaded);
  const std::set<std::string> absent{"coinbase.usdm", "coinbase.coinm", "dydx.spot", "dydx.coinm"};
  for (const auto& one : describe()) {
    const auto second_dot = one.key.find('.', one.key.find('.') + 1);
    if (contains(one.key, "[]") || absent.contains(one.key.substr(0, second_dot))) continue;
    CHECK_MESSAGE(loaded->origins.contains(one.key), one.key);
  }
}

TEST_CASE("the blueprint's defaults are the defaults") {
  const settings s;
  CHECK(s.whale.volume_threshold == 3.0);
  CHECK(s.whale.price_impact_threshold == 0.002);
  CHECK(s.whale.lookback_period == 100);
  CHECK(s.whale.min_whale_size == amount::units(1'000'000));
  CHECK(s.momentum.fast_period == 10);
  CHECK(s.momentum.slow_period == 30);
  CHECK(s.momentum.period == 20);
  CHECK(s.composite.signal_threshold == 0.7);
  CHECK(s.regime.soc_threshold == 0.8);
  CHECK(s.regime.volatility_window == 20);
  CHECK(s.regime.trend_window == 50);
  CHECK(s.sizing.method == sizing_method::kelly_criterion);
  CHECK(s.sizing.kelly_fraction == 0.25);
  CHECK(s.sizing.min_size == amount::units(100));
  CHECK(s.sizing.max_size == amount::units(10'000));
  CHECK(s.risk.account == account_type::margin);
  CHECK(s.risk.starting_balance == amount::units(100'000));
  CHECK(s.risk.max_position_size == amount::units(100'000));
  CHECK(s.risk.max_position_pct == 0.1);
  CHECK(s.risk.max_leverage == 3.0);
  CHECK(s.risk.stop_loss_atr == 2.0);
  CHECK(s.risk.take_profit_atr == 3.0);
  CHECK(s.risk.max_daily_drawdown == 0.05);
  CHECK(s.risk.max_correlation == 0.7);
  CHECK(s.risk.max_notional_per_order == amount::units(10'000));
  CHECK(s.risk.max_order_rate == 100);
  CHECK(s.execution.min_orders == 10);
  CHECK(s.execution.max_orders == 100);
  CHECK(s.execution.time_window == milliseconds(5'000));
  CHECK(s.execution.size_distribution == size_distribution_type::lognormal);
  CHECK(s.execution.randomization_factor == 0.3);
  CHECK(s.paper_exchange.prob_fill_on_limit == 0.2);
  CHECK(s.paper_exchange.prob_slippage == 0.5);
}

TEST_CASE("the demo profile loads and lowers the thresholds") {
  const auto demo = load({.directory = shipped_directory(), .profile = "demo", .overrides = {}});
  REQUIRE_MESSAGE(demo, (demo ? "" : demo.error().front().text));
  const settings built_in;
  CHECK(demo->whale.min_whale_size < built_in.whale.min_whale_size);
  CHECK(demo->composite.signal_threshold < built_in.composite.signal_threshold);
  CHECK(demo->sizing.method == sizing_method::fixed);
  CHECK(contains(demo->origins.at("sizing.method"), "profiles/demo.yaml:"));
}

TEST_CASE("instruments are exact") {
  const auto loaded = load({.directory = shipped_directory(), .profile = {}, .overrides = {}});
  REQUIRE(loaded);
  const auto find = [&](const std::string& symbol, market_type market) -> const instrument_settings& {
    for (const auto& one : loaded->binance.instruments)
      if (one.symbol == symbol && one.market == market) return one;
    FAIL(symbol);
    return loaded->binance.instruments.front();
  };
  CHECK(find("BTCUSDT", market_type::spot).tick_size == decimal{1, 2});
  CHECK(find("BTCUSDT", market_type::spot).lot_size == decimal{1, 5});
  CHECK(find("BTCUSDT", market_type::usdm).tick_size == decimal{1, 1});
  CHECK(find("ETHUSDT", market_type::usdm).lot_size == decimal{1, 3});
  CHECK(find("NEXOUSDT", market_type::spot).tick_size == decimal{1, 3});
  CHECK(find("NEXOUSDT", market_type::spot).lot_size == decimal{1, 2});
  const auto& perpetual = find("BTCUSD_PERP", market_type::coinm);
  CHECK(perpetual.inverse);
  CHECK(perpetual.multiplier == decimal{100, 0});
  CHECK(fees_of(loaded->binance, perpetual) == fees{{2, 0}, {5, 0}});
}

TEST_CASE("every key is described with a type, what is allowed, a meaning and its file") {
  std::set<std::string> seen;
  for (const auto& one : describe()) {
    CHECK_MESSAGE(seen.insert(one.key).second, one.key);
    CHECK_MESSAGE(!one.type.empty(), one.key);
    CHECK_MESSAGE(!one.allowed.empty(), one.key);
    CHECK_MESSAGE(!one.meaning.empty(), one.key);
    CHECK_MESSAGE(std::filesystem::exists(shipped_directory() / one.file), one.key);
    CHECK_MESSAGE((contains(one.key, "[]") || !one.default_value.empty()), one.key);
  }
  CHECK(seen.contains("risk.max_leverage"));
  CHECK(seen.contains("composite.weights.whale"));
  CHECK(seen.contains("binance.instruments[].tick_size"));
}

TEST_CASE("every described key can be given on the command line with its own default") {
  std::vector<std::string> overrides;
  for (const auto& one : describe())
    if (!contains(one.key, "[]") && one.type != "list")
      overrides.push_back(one.key + "=" + (one.default_value == "\"\"" ? "" : one.default_value));
  for (auto& one : overrides)
    if (const auto quote = one.find('"'); quote != std::string::npos) std::erase(one, '"');
  const folder copy;
  const auto loaded = copy.load(overrides);
  REQUIRE_MESSAGE(loaded, copy.errors(overrides));
  for (const auto& [key, origin] : loaded->origins) CHECK_MESSAGE((origin.starts_with("--set ") || key.ends_with(".instruments")), key);
}

TEST_CASE("the description shows limits, units and defaults") {
  const auto text = description_text();
  CHECK(contains(
      text, "risk.max_leverage\n      gross notional over equity\n      allowed: a number from 0.1 to 125; unit: times; default: 3\n"));
  CHECK(contains(text, "sizing.method\n"));
  CHECK(contains(text, "allowed: kelly_criterion, fixed, volatility or kelly_continuous; default: kelly_criterion"));
}

TEST_CASE("a dump names the origin of each value and loads again as a profile") {
  const folder copy;
  const auto first = copy.load({"risk.max_leverage=2.5", "logging.directory=a b\"c", "paper_exchange.taker_fee_bp=0.5"}, "demo");
  REQUIRE(first);
  const auto text = dump(*first);
  CHECK(contains(text, "  max_leverage: 2.5  # --set risk.max_leverage=2.5\n"));
  CHECK(contains(text, "  min_whale_size: 50000  # " + (copy.path() / "profiles/demo.yaml").string() + ":"));
  CHECK(contains(text, "\ngenerator:\n  seed: 1  # "));
  copy.write("profiles/again.yaml", text);
  auto second = copy.load({}, "again");
  REQUIRE_MESSAGE(second, copy.errors({}, "again"));
  second->origins = first->origins;
  CHECK(*first == *second);
  CHECK(contains(dump(settings{}), "  max_leverage: 3  # default\n"));
}
