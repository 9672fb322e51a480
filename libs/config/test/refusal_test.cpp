#include "../src/document.hpp"
#include "folder.hpp"
#include "remora/base/random.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <sstream>

using namespace remora;
using namespace remora::config;

namespace {

const std::string risk_file = "strategy/risk_limits.yaml";

/// The errors with `text` as the file of the section `risk`.
std::string errors_of(std::string_view text) {
  const folder copy;
  copy.write(risk_file, text);
  return copy.errors();
}

std::string at(int line) { return risk_file + ":" + std::to_string(line) + ": "; }

}  // namespace

TEST_CASE("a value is refused with file, line, key, what was given and what is allowed") {
  struct refusal {
    const char* line;
    const char* message;
  };
  const refusal refusals[] = {
      {"max_leverage: 300", "risk.max_leverage is '300'; allowed is a number from 0.1 to 125"},
      {"max_leverage: 0.09", "risk.max_leverage is '0.09'; allowed is a number from 0.1 to 125"},
      {"max_leverage: fast", "risk.max_leverage is 'fast'; allowed is a number"},
      {"max_leverage: \"3\"", "risk.max_leverage is the quoted text \"3\"; allowed is a number"},
      {"max_leverage: .nan", "risk.max_leverage is '.nan'; allowed is a number"},
      {"max_leverage: nan", "risk.max_leverage is 'nan'; allowed is a number"},
      {"max_leverage: inf", "risk.max_leverage is 'inf'; allowed is a number"},
      {"max_leverage: 3x", "risk.max_leverage is '3x'; allowed is a number"},
      {"max_leverage:", "risk.max_leverage is empty; allowed is a number"},
      {"max_leverage: ~", "risk.max_leverage is empty; allowed is a number"},
      {"max_leverage: [3]", "risk.max_leverage is a list; allowed is a number"},
      {"max_leverage: {of: 3}", "risk.max_leverage is a mapping; allowed is a number"},
      {"atr_period: 14.5", "risk.atr_period is '14.5'; allowed is a whole number from 1 to 10000"},
      {"atr_period: 0x10", "risk.atr_period is '0x10'; allowed is a whole number"},
      {"atr_period: 010", "risk.atr_period is '010'; allowed is a whole number"},
      {"atr_period: 99999999999999999999", "risk.atr_period is '99999999999999999999'; allowed is a whole number"},
      {"grant_ttl_ms: 10s", "risk.grant_ttl_ms is '10s'; allowed is a whole number from 100 to 86400000"},
      {"max_position_size: 1e5", "risk.max_position_size is '1e5'; allowed is an amount above 0 and at most 9000000000"},
      {"max_position_size: 0", "risk.max_position_size is '0'; allowed is an amount above 0"},
      {"max_position_size: -1", "risk.max_position_size is '-1'; allowed is an amount above 0"},
      {"max_position_size: 1.0000000001", "risk.max_position_size is '1.0000000001'; allowed is an amount"},
      {"max_daily_drawdown: 0", "risk.max_daily_drawdown is '0'; allowed is a number above 0 and at most 1"},
      {"account: cash", "risk.account is 'cash'; allowed is margin or spot"},
      {"close_on_stop: yes", "risk.close_on_stop is 'yes'; allowed is true or false"},
      {"close_on_stop: 1", "risk.close_on_stop is '1'; allowed is true or false"},
      {"base_currency: 12", "risk.base_currency is '12'; allowed is letters"},
      {"base_currency: \"U S D\"", "risk.base_currency is the quoted text \"U S D\"; allowed is letters"},
  };
  for (const auto& [line, message] : refusals) {
    const auto errors = errors_of(std::string("# comment\nrisk:\n  ") + line + "\n");
    CHECK_MESSAGE(contains(errors, at(3) + message), line << " gave " << errors);
    CHECK_MESSAGE(std::count(errors.begin(), errors.end(), '\n') == 1, errors);
  }
}

TEST_CASE("a misspelt key is refused with what was probably meant") {
  CHECK(contains(errors_of("risk:\n  max_levrage: 3\n"),
                 at(2) + "unknown key 'risk.max_levrage'; did you mean 'max_leverage'? (keys here: account, starting_balance,"));
  CHECK(contains(errors_of("risks:\n  max_leverage: 3\n"), at(1) + "unknown key 'risks'; did you mean 'risk'? (keys here: whale,"));
  const auto strange = errors_of("risk:\n  zzzzzzzz: 3\n");
  CHECK(contains(strange, "unknown key 'risk.zzzzzzzz' (keys here: "));
  CHECK_FALSE(contains(strange, "did you mean"));
}

TEST_CASE("a section in another section's file is refused") {
  CHECK(contains(errors_of("whale:\n  lookback_period: 50\n"), at(1) + "section 'whale' belongs in strategy/parasitic_momentum.yaml"));
}

TEST_CASE("a section that is not a mapping is refused") {
  CHECK(contains(errors_of("risk: 3\n"), at(1) + "risk is '3'; allowed is a mapping of account, "));
  CHECK(contains(errors_of("risk:\n"), at(1) + "risk is empty; allowed is a mapping of account, "));
  CHECK(contains(errors_of("- risk\n"), at(1)));
}

TEST_CASE("duplicate keys are refused with both lines") {
  CHECK(contains(errors_of("risk:\n  max_leverage: 3\n  atr_period: 14\n  max_leverage: 3\n"),
                 at(4) + "duplicate key 'max_leverage', first given in line 2"));
  CHECK(contains(errors_of("risk:\n  max_leverage: 3\nrisk:\n  atr_period: 14\n"), at(3) + "duplicate key 'risk', first given in line 1"));
}

TEST_CASE("all errors of all sources are reported at once") {
  const folder copy;
  copy.write(risk_file, "risk:\n  max_leverage: 300\n  max_correlation: 2\n  typo: 1\n");
  copy.write("system/bus.yaml", "bus:\n  beacon_ms: soon\n");
  std::filesystem::remove(copy.path() / "venues/dydx.yaml");
  const auto loaded = load({.directory = copy.path(),
                            .profile = "none",
                            .overrides = {"risk.atr_period=0", "what"},
                            .environment = {{"REMORA__NO__SUCH", "1"}}});
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().size() == 9);
  CHECK(loaded.error().front().code == errc::out_of_range);
}

TEST_CASE("a missing file, a missing folder and a directory in a file's place are refused") {
  const folder copy;
  std::filesystem::remove(copy.path() / risk_file);
  CHECK(contains(copy.errors(), (copy.path() / risk_file).string() + ": the file does not exist"));
  std::filesystem::create_directory(copy.path() / risk_file);
  CHECK(contains(copy.errors(), (copy.path() / risk_file).string() + ": this is a directory, expected a YAML file"));
  const auto nowhere = load({.directory = copy.path() / "nowhere", .profile = {}, .overrides = {}});
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().size() == 10);
}

TEST_CASE("binary garbage is refused with its first foreign byte") {
  CHECK(contains(errors_of(std::string_view("risk:\n  max_leverage: 3\n\0\1", 26)), at(3) + "byte 0x00 does not belong in a text file"));
  CHECK(contains(errors_of("\x1f\x8b\x08"), at(1) + "byte 0x1f does not belong in a text file"));
  CHECK(contains(errors_of("risk:\n  base_currency: \xff\n"), at(2) + "byte 0xff does not belong in a text file"));
}

TEST_CASE("broken YAML is refused with its line") {
  CHECK(contains(errors_of("risk:\n  max_leverage: [3\n"), risk_file + ":"));
  CHECK(contains(errors_of("risk:\n\tmax_leverage: 3\n"), "not valid YAML"));
  CHECK(contains(errors_of("risk:\n  max_leverage: 3\n---\nrisk: {}\n"), "a second document begins"));
}

TEST_CASE("text that is not closed in its line is refused and never swallows the rest of the file") {
  CHECK(contains(errors_of("risk:\n  base_currency: \"USD\n  atr_period: 14\n"), at(2) + "text must be quoted within one line"));
  CHECK(contains(errors_of("risk:\n  base_currency: 'US''D\n"), at(2) + "text must be quoted within one line"));
  CHECK(contains(errors_of("risk:\n  base_currency: |\n    USD\n"), "text must be quoted within one line"));
  CHECK(errors_of("risk:\n  base_currency: \"\\x55SD\"\n") == "");
  CHECK(errors_of("\xEF\xBB\xBF'risk':\r\n  \"base_currency\": 'USD'\r\n") == "");
}

TEST_CASE("anchors, aliases, merge keys, tags and keys that are not words are refused") {
  CHECK(contains(errors_of("risk:\n  max_leverage: &a 3\n"), at(2) + "anchors (&name) are not allowed"));
  CHECK(contains(errors_of("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"), at(1) + "anchors (&name) are not allowed"));
  CHECK(contains(errors_of("risk:\n  max_leverage: *a\n"), "not valid YAML"));
  CHECK(contains(errors_of("risk:\n  <<: {max_leverage: 3}\n"), at(2) + "unknown key 'risk.<<'"));
  CHECK(contains(errors_of("risk:\n  max_leverage: !!str 3\n"), at(2) + "the tag tag:yaml.org,2002:str is not allowed"));
  CHECK(contains(errors_of("risk:\n  [a, b]: 3\n"), at(2) + "a key must be a word"));
  CHECK(contains(errors_of("risk:\n  ~: 3\n"), at(2) + "a key is missing"));
}

TEST_CASE("a file over 1 MiB, too many values and deep nesting are refused") {
  CHECK(contains(errors_of(std::string(max_document_bytes, '#') + '\n'), at(1) + "more than 1 MiB"));
  std::string many = "risk: [";
  for (int i = 0; i < 30'000; ++i) many += "1,";
  CHECK(contains(errors_of(many + "1]\n"), at(1) + "more than 20000 values"));
  CHECK(contains(errors_of("risk: " + std::string(20, '[') + std::string(20, ']') + "\n"), at(1) + "nested deeper than 8 levels"));
  CHECK_FALSE(errors_of("risk: " + std::string(500'000, '[') + "\n").empty());
  CHECK_FALSE(errors_of("risk: " + std::string(500'000, '{') + "\n").empty());
}

TEST_CASE("unknown override keys say what exists") {
  const folder copy;
  CHECK(contains(copy.errors({"risk.max_levrage=2"}),
                 "--set risk.max_levrage=2: there is no key 'risk.max_levrage'; did you mean 'risk.max_leverage'? (keys: risk.account, "));
  CHECK(contains(copy.errors({"rsk=2"}), "--set rsk=2: there is no key 'rsk' (sections: whale, momentum, "));
  CHECK(contains(copy.errors({"composite.weights=2"}), "there is no key 'composite.weights'"));
  CHECK(contains(copy.errors({"binance.instruments=BTCUSDT"}),
                 "binance.instruments is 'BTCUSDT'; allowed is a list of mappings, given in a file"));
  CHECK(contains(copy.errors({"risk.max_leverage"}), "--set risk.max_leverage: allowed is KEY=VALUE"));
  CHECK(contains(copy.errors({"=2"}), "--set =2: allowed is KEY=VALUE"));
  CHECK(contains(copy.errors({"risk.max_leverage=200"}),
                 "--set risk.max_leverage=200: risk.max_leverage is '200'; allowed is a number from 0.1 to 125"));
  const auto unknown =
      load({.directory = copy.path(), .profile = {}, .overrides = {}, .environment = {{"REMORA__RISK__MAX_LEVRAGE", "2"}}});
  REQUIRE_FALSE(unknown);
  CHECK(contains(unknown.error().front().text,
                 "environment variable REMORA__RISK__MAX_LEVRAGE: there is no key 'risk.max_levrage'; did you mean 'risk.max_leverage'?"));
}

TEST_CASE("an unknown profile says which exist, and a profile's name is no path") {
  const folder copy;
  CHECK(contains(copy.errors({}, "demp"), "there is no profile 'demp'; did you mean 'demo'? (profiles here: demo)"));
  CHECK(contains(copy.errors({}, "../strategy/execution"), "there is no profile '../strategy/execution'"));
}

TEST_CASE("a profile's errors name its file and line") {
  const folder copy;
  copy.write("profiles/demo.yaml", "risk:\n  max_leverage: 3\nwhale:\n  min_whale_size: lots\n");
  CHECK(contains(copy.errors({}, "demo"), "profiles/demo.yaml:4: whale.min_whale_size is 'lots'; allowed is an amount"));
}

TEST_CASE("values that contradict each other are refused with both values and their origins") {
  const folder copy;
  struct contradiction {
    std::vector<std::string> overrides;
    const char* message;
  };
  const contradiction contradictions[] = {
      {{"momentum.fast_period=30"},
       "momentum.fast_period must be smaller than momentum.slow_period: momentum.fast_period is 30 (--set "
       "momentum.fast_period=30), momentum.slow_period is 30 ("},
      {{"execution.min_orders=101"}, "execution.min_orders must be at most execution.max_orders"},
      {{"sizing.min_size=10000.000000001"}, "sizing.min_size must be at most sizing.max_size"},
      {{"sizing.fixed_size=50"}, "sizing.fixed_size must lie between"},
      {{"sizing.win_probability_base=0.8"}, "must be at most 1"},
      {{"whale.min_observations=101"}, "whale.min_observations must be at most whale.lookback_period"},
      {{"risk.max_notional_per_order=100001"}, "risk.max_notional_per_order must be at most risk.max_position_size"},
      {{"risk.grant_ttl_ms=4999"}, "risk.grant_ttl_ms must be at least execution.time_window_ms"},
      {{"bus.stale_ms=199"}, "bus.stale_ms must be at least twice bus.beacon_ms"},
      {{"risk.base_currency=EUR"}, "risk.base_currency must be USD"},
      {{"bus.lock_step.round_us=1001"},
       "bus.lock_step.round_us must be at most paper_exchange.order_latency_us and paper_exchange.response_latency_us"},
      {{"composite.weights.whale=0", "composite.weights.momentum=0", "composite.weights.regime=0", "composite.weights.imbalance=0"},
       "at least one of composite.weights"},
      {{"database.redis.enabled=true"}, "this version has no Redis sink"},
      {{"database.timescale.enabled=true"}, "this version has no TimescaleDB sink"},
      {{"binance.usdm.stream="}, "binance is enabled and needs a rest and a stream address"},
  };
  for (const auto& [overrides, message] : contradictions) CHECK_MESSAGE(contains(copy.errors(overrides), message), copy.errors(overrides));
}

TEST_CASE("a rule over a value that could not be read is not judged") {
  const folder copy;
  const auto errors = copy.errors({"execution.max_orders=few", "execution.min_orders=500"});
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 1);
}

TEST_CASE("instruments are checked one by one and together") {
  const folder copy;
  const auto with = [&](const std::string& items) {
    copy.write("venues/binance.yaml", "binance:\n  instruments:\n" + items);
    return copy.errors();
  };
  const std::string good = "    - {symbol: A, market: spot, tick_size: 0.01, lot_size: 1}\n";
  CHECK(with(good) == "");
  CHECK(contains(with("    - {symbol: A, market: spot, tick_size: 0, lot_size: 1}\n"),
                 "venues/binance.yaml:3: binance.instruments[0].tick_size is '0'; allowed is a decimal from"));
  CHECK(contains(with(good + "    - {symbol: B, market: spot, lot_size: 1}\n"),
                 "venues/binance.yaml:4: binance.instruments[1] needs the key 'tick_size'"));
  CHECK(contains(with("    - {symbol: A, market: spot, tick_sise: 1, lot_size: 1}\n"),
                 "unknown key 'binance.instruments[0].tick_sise'; did you mean 'tick_size'?"));
  CHECK(contains(with("    - BTCUSDT\n"), "binance.instruments[0] is 'BTCUSDT'; allowed is a mapping of symbol, "));
  CHECK(contains(with(good + good), "binance.instruments must name each symbol of a market once"));
  CHECK(contains(with("    - {symbol: A, market: spot, tick_size: 1, lot_size: 1, inverse: true}\n"),
                 "inverse must be true on market coinm and false elsewhere"));
  CHECK(contains(with("    - {symbol: A, market: spot, tick_size: 1, lot_size: 1, quantity_step: 0.3}\n"),
                 "lot_size must be a multiple of quantity_step"));
  CHECK(contains(with("    []\n"), "binance is enabled and needs at least one instrument"));
}

TEST_CASE("an address keeps its scheme and a database address carries no password") {
  const folder copy;
  CHECK(contains(copy.errors({"binance.spot.rest=ftp://x"}), "allowed is an address that begins with https:// or http://"));
  CHECK(contains(copy.errors({"database.timescale.url=postgresql://me:secret@host/x"}), "without a password"));
  CHECK(contains(copy.errors({"bus.directory=" + std::string(71, 'x')}), "a path of at most 70 characters"));
}

TEST_CASE("no damage to a document makes the parser fall") {
  std::ifstream stream(shipped_directory() / "venues/binance.yaml");
  std::ostringstream whole;
  whole << stream.rdbuf();
  const auto original = whole.str();
  const std::string_view pieces = "[]{}:,-?&*!|>'\"%@`# \n\t~<a0";
  philox random(7);
  const auto draw = [&](std::size_t below) { return static_cast<std::size_t>(random.below(below)); };
  std::size_t refused = 0;
  for (int round = 0; round < 500; ++round) {
    auto text = original;
    for (std::size_t edits = 1 + draw(8); edits > 0; --edits) text[draw(text.size())] = pieces[draw(pieces.size())];
    if (draw(4) == 0) text.resize(draw(text.size()));
    const auto parsed = parse_document(text);
    refused += parsed.faults.empty() ? 0 : 1;
    for (const auto& fault : parsed.faults) CHECK(fault.line >= 1);
  }
  CHECK(refused > 100);
}
