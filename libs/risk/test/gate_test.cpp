#include "remora/risk/gate.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>

using namespace remora;
using namespace remora::risk;

namespace {

/// An entry of 1000 USD that every rule lets pass.
gate_view sound_entry() {
  gate_view v;
  v.now = timestamp_of(1'000'000'000);
  v.size = {10};
  v.notional = v.notional_max = amount::units(1'000);
  v.orders_per_second = 25;
  v.valid_until = v.now;
  v.listed = true;
  v.feed = feed_state::live;
  v.heard = v.now;
  v.reference = v.ask = price{10'000};
  v.bid = price{9'999};
  v.worst_after = v.gross_after = amount::units(1'000);
  v.equity = v.day_start_equity = v.spot_cash = amount::units(100'000);
  return v;
}

/// A stop loss of a long position of 10 lots in the worst circumstances.
gate_view sound_exit() {
  gate_view v;
  v.purpose = order_purpose::stop_loss;
  v.direction = side::sell;
  v.size = v.position = {10};
  v.listed = true;
  v.stream_ended = true;
  v.market_regime = regime::crisis;
  v.state = risk_state::reduce_only;
  v.order_rate = 1'000;
  return v;
}

std::optional<rule_violation> first_refusal(const gate_view& v) {
  const auto all = violations_of(v);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

struct rule_case {
  std::string rule;
  std::string what;
  std::function<void(gate_view&)> inside;   ///< just allowed
  std::function<void(gate_view&)> outside;  ///< just too much
  std::set<std::string> numbers;
};

const amount cent{amount::one / 100};
const std::set<std::string> band_numbers{"reference_ticks", "middle_ticks", "last_ticks", "max_price_deviation"};

std::set<std::string> names_of(const std::vector<named_value>& values) {
  std::set<std::string> names;
  for (const auto& v : values) names.insert(v.name);
  return names;
}

const std::vector<rule_case> entry_cases = {
    {"last_mile", "EXECUTION would refuse it", [](gate_view&) {}, [](gate_view& v) { v.grant_violation = "The grant ended."; }, {}},
    {"instrument_listed", "unknown instrument", [](gate_view&) {}, [](gate_view& v) { v.listed = false; }, {}},
    {"stream_open", "end of data", [](gate_view&) {}, [](gate_view& v) { v.stream_ended = true; }, {}},
    {"feed_live", "stale feed", [](gate_view&) {}, [](gate_view& v) { v.feed = feed_state::stale; }, {}},
    {"feed_live", "syncing feed", [](gate_view&) {}, [](gate_view& v) { v.feed = feed_state::syncing; }, {}},
    {"venue_open", "ended market", [](gate_view&) {}, [](gate_view& v) { v.feed = feed_state::ended; }, {}},
    {"kill_switch", "halted", [](gate_view& v) { v.state = risk_state::reduced; }, [](gate_view& v) { v.state = risk_state::halted; }, {}},
    {"market_heard", "silence", [](gate_view& v) { v.heard = v.now - seconds(2); }, [](gate_view& v) { v.heard = v.now - seconds(2) - nanoseconds(1); },
     {"age_s", "max_quote_age_s"}},
    {"quote_known", "no quote", [](gate_view&) {}, [](gate_view& v) { v.reference.reset(); }, {}},
    {"score_usable", "no number", [](gate_view& v) { v.score = 0; }, [](gate_view& v) { v.score = std::nan(""); }, {}},
    {"score_usable", "endless", [](gate_view& v) { v.score = 1; }, [](gate_view& v) { v.score = std::numeric_limits<double>::infinity(); }, {}},
    {"whole_ticks", "no price", [](gate_view&) {}, [](gate_view& v) { v.reference = price{0}; }, {"reference_ticks"}},
    {"price_band", "far above the middle", [](gate_view& v) { v.bid = price{9'607}; v.ask = v.reference = price{9'999}; },
     [](gate_view& v) { v.bid = price{9'606}; v.ask = v.reference = price{9'999}; }, band_numbers},
    {"price_band", "far below the last trade", [](gate_view& v) { v.last = price{10'204}; }, [](gate_view& v) { v.last = price{10'205}; }, band_numbers},
    {"price_band", "far above the last trade", [](gate_view& v) { v.last = price{9'804}; }, [](gate_view& v) { v.last = price{9'803}; }, band_numbers},
    {"price_band", "nothing to trust", [](gate_view& v) { v.bid.reset(); v.last = price{10'000}; }, [](gate_view& v) { v.bid.reset(); }, band_numbers},
    {"signal_fresh", "late signal", [](gate_view& v) { v.now = v.valid_until; }, [](gate_view& v) { v.now = v.valid_until + nanoseconds(1); },
     {"now_s", "valid_until_s"}},
    {"regime_calm", "crisis", [](gate_view& v) { v.market_regime = regime::high_volatility; }, [](gate_view& v) { v.market_regime = regime::crisis; }, {}},
    {"breaker_closed", "breaker", [](gate_view&) {}, [](gate_view& v) { v.state = risk_state::reduce_only; }, {}},
    {"no_open_parent", "second entry", [](gate_view&) {}, [](gate_view& v) { v.open_parent = order_purpose::entry; }, {}},
    {"no_open_parent", "entry against an exit", [](gate_view&) {}, [](gate_view& v) { v.open_parent = order_purpose::stop_loss; }, {}},
    {"spot_cash", "more than a spot account has",
     [](gate_view& v) { v.account = account_type::spot; v.fee_max = amount::units(1); v.spot_cash = amount::units(1'001); },
     [](gate_view& v) { v.account = account_type::spot; v.fee_max = amount::units(1); v.spot_cash = amount::units(1'001) - cent; },
     {"spot_cash", "cost_max"}},
    {"spot_inventory", "short on a spot account",
     [](gate_view& v) { v.account = account_type::spot; v.direction = side::sell; v.position = v.size; },
     [](gate_view& v) { v.account = account_type::spot; v.direction = side::sell; v.position = v.size - quantity{1}; },
     {"position_lots", "size_lots"}},
    {"spot_inventory", "nothing held on a spot account",
     [](gate_view& v) { v.account = account_type::spot; },
     [](gate_view& v) { v.account = account_type::spot; v.direction = side::sell; v.size = {}; },
     {"position_lots", "size_lots"}},
    {"quantity_min", "below the smallest quantity", [](gate_view& v) { v.quantity_min = v.size; }, [](gate_view& v) { v.quantity_min = v.size + quantity{1}; },
     {"size_lots", "quantity_min_lots"}},
    {"quantity_max", "above the largest quantity", [](gate_view& v) { v.quantity_max = v.size; }, [](gate_view& v) { v.quantity_max = v.size - quantity{1}; },
     {"size_lots", "quantity_max_lots"}},
    {"notional_min", "below the smallest notional", [](gate_view& v) { v.notional_min = v.notional; },
     [](gate_view& v) { v.notional_min = v.notional + cent; }, {"notional", "notional_min"}},
    {"order_size", "nothing", [](gate_view& v) { v.size = {1}; }, [](gate_view& v) { v.size = {}; v.quantity_min = {}; }, {"size_lots"}},
    {"exposure_known", "holdings without a price", [](gate_view&) {}, [](gate_view& v) { v.exposure_known = false; }, {}},
    {"order_notional", "too large an order", [](gate_view& v) { v.notional_max = amount::units(10'000); },
     [](gate_view& v) { v.notional_max = amount::units(10'000) + cent; }, {"notional_max", "max_notional_per_order"}},
    {"position", "too large a position",
     [](gate_view& v) { v.equity = v.day_start_equity = amount::units(10'000'000); v.worst_after = amount::units(100'000); },
     [](gate_view& v) { v.equity = v.day_start_equity = amount::units(10'000'000); v.worst_after = amount::units(100'000) + cent; },
     {"worst_case", "max_position_size"}},
    {"concentration", "too large a share", [](gate_view& v) { v.worst_after = amount::units(10'000); },
     [](gate_view& v) { v.worst_after = amount::units(10'000) + cent; }, {"worst_case", "limit", "equity"}},
    {"concentration", "above the limit by price, but not growing",
     [](gate_view& v) { v.worst_before = v.worst_after = amount::units(12'000); },
     [](gate_view& v) { v.worst_before = amount::units(12'000); v.worst_after = v.worst_before + cent; }, {"worst_case", "limit", "equity"}},
    {"leverage", "too much in all", [](gate_view& v) { v.gross_after = amount::units(300'000); },
     [](gate_view& v) { v.gross_after = amount::units(300'000) + cent; }, {"gross_worst_case", "limit", "equity"}},
    {"daily_loss", "the day's loss", [](gate_view& v) { v.equity = amount::units(95'000) + cent; }, [](gate_view& v) { v.equity = amount::units(95'000); },
     {"loss", "limit", "day_start_equity"}},
    {"correlation", "the same movement twice", [](gate_view& v) { v.holdings = {{"ETHUSDT", 0.7, 60}}; },
     [](gate_view& v) { v.holdings = {{"SOLUSDT", 0.1, 60}, {"ETHUSDT", 0.71, 60}}; }, {"correlation", "max_correlation", "observations"}},
    {"correlation_cluster", "unknown movement may be the same",
     [](gate_view& v) { v.holdings = {{"ETHUSDT", std::nullopt, 3, amount::units(9'000)}}; },
     [](gate_view& v) { v.holdings = {{"ETHUSDT", std::nullopt, 3, amount::units(9'000) + cent}}; }, {"cluster_worst_case", "limit", "equity"}},
    {"correlation", "unknown movement where nothing can be too much",
     [](gate_view& v) { v.limits.max_correlation = 1; v.holdings = {{"ETHUSDT", std::nullopt, 3, amount::units(9'001)}}; },
     [](gate_view& v) { v.limits.max_correlation = 1; v.holdings = {{"ETHUSDT", std::nan(""), 3, amount::units(9'001)}}; },
     {"correlation", "max_correlation", "observations"}},
    {"correlation", "unknown movement is no correlation", [](gate_view& v) { v.holdings = {{"ETHUSDT", std::nullopt, 3}, {"SOLUSDT", -0.9, 60}}; },
     [](gate_view& v) { v.holdings = {{"ETHUSDT", std::nullopt, 3}, {"SOLUSDT", 0.9, 60}}; }, {"correlation", "max_correlation", "observations"}},
    {"correlation", "movement that is no number", [](gate_view& v) { v.holdings = {{"ETHUSDT", std::nullopt, 60}}; },
     [](gate_view& v) { v.holdings = {{"ETHUSDT", std::nan(""), 60}}; }, {"correlation", "max_correlation", "observations"}},
    {"correlation_cluster", "one name with what moves against it",
     [](gate_view& v) { v.holdings = {{"ETHUSDT", -0.9, 60, amount::units(9'000)}, {"SOLUSDT", -0.7, 60, amount::units(9'000)}}; },
     [](gate_view& v) { v.holdings = {{"ETHUSDT", -0.9, 60, amount::units(9'000) + cent}}; }, {"cluster_worst_case", "limit", "equity"}},
    {"concentration_index", "few of five names", [](gate_view& v) { v.names_after = 5; v.index_after = 0.25; },
     [](gate_view& v) { v.names_after = 5; v.index_after = 0.2501; }, {"concentration_index", "max_concentration_index", "names"}},
    {"concentration_index", "spread out more than before", [](gate_view& v) { v.names_after = 5; v.index_before = 0.4; v.index_after = 0.39; },
     [](gate_view& v) { v.names_after = 5; v.index_before = 0.3; v.index_after = 0.39; }, {"concentration_index", "max_concentration_index", "names"}},
    {"concentration_index", "an index that is no number", [](gate_view& v) { v.names_after = 4; v.index_after = std::nan(""); },
     [](gate_view& v) { v.names_after = 5; v.index_after = std::nan(""); }, {"concentration_index", "max_concentration_index", "names"}},
    {"repeated_execution", "too many parents", [](gate_view& v) { v.parents_within_minute = 29; }, [](gate_view& v) { v.parents_within_minute = 30; },
     {"parents", "max_parents_per_minute"}},
    {"signal_unused", "a signal that was acted on", [](gate_view&) {}, [](gate_view& v) { v.signal_used = true; }, {}},
    {"order_rate", "too many orders", [](gate_view& v) { v.order_rate = 75; }, [](gate_view& v) { v.order_rate = 76; },
     {"orders_per_second", "max_order_rate"}},
};

const std::vector<rule_case> exit_cases = {
    {"last_mile", "EXECUTION would refuse it", [](gate_view&) {}, [](gate_view& v) { v.grant_violation = "The grant ended."; }, {}},
    {"instrument_listed", "unknown instrument", [](gate_view&) {}, [](gate_view& v) { v.listed = false; }, {}},
    {"kill_switch", "halted", [](gate_view&) {}, [](gate_view& v) { v.state = risk_state::halted; }, {}},
    {"single_exit", "second exit", [](gate_view& v) { v.open_parent = order_purpose::entry; }, [](gate_view& v) { v.open_parent = order_purpose::close_out; },
     {}},
    {"reduces_position", "more than is held", [](gate_view& v) { v.size = {10}; }, [](gate_view& v) { v.size = {11}; }, {"position_lots", "size_lots"}},
    {"reduces_position", "the wrong side", [](gate_view& v) { v.direction = side::buy; v.position = {-10}; },
     [](gate_view& v) { v.direction = side::buy; }, {"position_lots", "size_lots"}},
};

void check(const rule_case& c, gate_view base) {
  CAPTURE(c.rule);
  CAPTURE(c.what);
  gate_view inside = base;
  c.inside(inside);
  const auto passed = first_refusal(inside);
  CHECK_MESSAGE(!passed, (passed ? passed->reason : ""));
  gate_view outside = base;
  c.outside(outside);
  const auto refused = first_refusal(outside);
  REQUIRE(refused);
  CHECK(refused->rule == c.rule);
  CHECK(refused->reason.ends_with('.'));
  CHECK(names_of(refused->numbers) == c.numbers);
}

}  // namespace

TEST_CASE("each rule lets pass what is just inside and refuses what is just outside, with its name and numbers") {
  for (const auto& c : entry_cases) check(c, sound_entry());
  for (const auto& c : exit_cases) check(c, sound_exit());
}

TEST_CASE("every rule of the gate is tested above") {
  std::set<std::string> tested;
  for (const auto& c : entry_cases) tested.insert(c.rule);
  for (const auto& c : exit_cases) tested.insert(c.rule);
  for (const auto& r : gate) CHECK(tested.contains(std::string(r.name)));
}

TEST_CASE("all violations are told, each once, in the gate's order, and an exit only by the rules for exits") {
  gate_view v = sound_entry();
  CHECK(violations_of(v).empty());
  v.feed = feed_state::stale;
  v.heard = v.now - seconds(10);
  v.state = risk_state::halted;
  v.market_regime = regime::crisis;
  v.score = std::nan("");
  v.worst_after = v.gross_after = amount::units(500'000);
  v.signal_used = true;
  std::vector<std::string> told;
  for (const auto& one : violations_of(v)) told.push_back(one.rule);
  const std::vector<std::string> expected{"kill_switch", "feed_live", "market_heard", "score_usable", "regime_calm", "breaker_closed",
                                          "position", "concentration", "leverage", "signal_unused"};
  CHECK(told == expected);
  v.purpose = order_purpose::stop_loss;
  told.clear();
  for (const auto& one : violations_of(v)) told.push_back(one.rule);
  CHECK(told == std::vector<std::string>{"kill_switch", "reduces_position"});
}

TEST_CASE("the numbers of a refusal are those that were compared") {
  gate_view v = sound_entry();
  v.worst_after = amount::units(10'500);
  const auto refused = first_refusal(v);
  REQUIRE(refused);
  REQUIRE(refused->numbers.size() == 3);
  CHECK(refused->numbers[0].value == 10'500);
  CHECK(refused->numbers[1].value == 10'000);
  CHECK(refused->numbers[2].value == 100'000);
}

TEST_CASE("an account without equity takes no risk") {
  gate_view v = sound_entry();
  v.equity = v.day_start_equity = amount{};
  CHECK(first_refusal(v));
  v.equity = v.day_start_equity = amount::units(-1);
  CHECK(first_refusal(v));
}
