#include "rules.hpp"

#include "table.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>

namespace remora::config {
namespace {

bool has_instruments(const venue_settings& venue) { return !venue.enabled || !venue.instruments.empty(); }

bool is_unique(const venue_settings& venue) {
  for (auto one = venue.instruments.begin(); one != venue.instruments.end(); ++one)
    if (std::any_of(one + 1, venue.instruments.end(),
                    [&](const auto& other) { return other.symbol == one->symbol && other.market == one->market; }))
      return false;
  return true;
}

/// True if `whole` is a whole number of `part`s.
bool is_multiple(decimal whole, decimal part) {
  const int128 scaled_whole = static_cast<int128>(whole.mantissa) * power_of_ten(std::max(0, part.scale - whole.scale));
  const int128 scaled_part = static_cast<int128>(part.mantissa) * power_of_ten(std::max(0, whole.scale - part.scale));
  return scaled_part > 0 && scaled_whole % scaled_part == 0;
}

bool has_whole_lots(const venue_settings& venue) {
  return std::all_of(venue.instruments.begin(), venue.instruments.end(),
                     [](const auto& one) { return !one.quantity_step || is_multiple(one.lot_size, *one.quantity_step); });
}

bool is_inverse_on_coinm_only(const venue_settings& venue) {
  return std::all_of(venue.instruments.begin(), venue.instruments.end(),
                     [](const auto& one) { return one.inverse == (one.market == market_type::coinm); });
}

bool has_addresses(const venue_settings& venue) {
  return !venue.enabled || std::all_of(venue.instruments.begin(), venue.instruments.end(), [&](const auto& one) {
    const auto& market = market_of(venue, one.market);
    return !market.rest.empty() && !market.stream.empty();
  });
}

template <venue_settings settings::*venue>
void add_venue_rules(std::vector<rule>& rules, const std::string& name) {
  const auto list = name + ".instruments";
  rules.push_back({{name + ".enabled", list},
                   [](const settings& s) { return has_instruments(s.*venue); },
                   name + " is enabled and needs at least one instrument"});
  rules.push_back({{list}, [](const settings& s) { return is_unique(s.*venue); }, list + " must name each symbol of a market once"});
  rules.push_back(
      {{list}, [](const settings& s) { return has_whole_lots(s.*venue); }, list + ": lot_size must be a multiple of quantity_step"});
  rules.push_back({{list},
                   [](const settings& s) { return is_inverse_on_coinm_only(s.*venue); },
                   list + ": inverse must be true on market coinm and false elsewhere"});
  rules.push_back({{name + ".enabled", list},
                   [](const settings& s) { return has_addresses(s.*venue); },
                   name + " is enabled and needs a rest and a stream address for the market of every instrument"});
}

std::vector<rule> make_rules() {
  std::vector<rule> rules{
      {{"whale.min_observations", "whale.lookback_period"},
       [](const settings& s) { return s.whale.min_observations <= s.whale.lookback_period; },
       "whale.min_observations must be at most whale.lookback_period"},
      {{"momentum.fast_period", "momentum.slow_period"},
       [](const settings& s) { return s.momentum.fast_period < s.momentum.slow_period; },
       "momentum.fast_period must be smaller than momentum.slow_period"},
      {{"composite.weights.whale", "composite.weights.momentum", "composite.weights.regime", "composite.weights.imbalance"},
       [](const settings& s) {
         const auto& w = s.composite.weights;
         return w.whale + w.momentum + w.regime + w.imbalance > 0;
       },
       "at least one of composite.weights must be above 0"},
      {{"sizing.min_size", "sizing.max_size"},
       [](const settings& s) { return s.sizing.min_size <= s.sizing.max_size; },
       "sizing.min_size must be at most sizing.max_size"},
      {{"sizing.fixed_size", "sizing.min_size", "sizing.max_size"},
       [](const settings& s) { return s.sizing.min_size <= s.sizing.fixed_size && s.sizing.fixed_size <= s.sizing.max_size; },
       "sizing.fixed_size must lie between sizing.min_size and sizing.max_size"},
      {{"whale.alarm_rate", "whale.floor_quantile"},
       [](const settings& s) { return s.whale.floor_quantile == 0 || s.whale.alarm_rate <= 10 * (1 - s.whale.floor_quantile) + 1e-12; },
       "whale.alarm_rate must be at most ten times 1 - whale.floor_quantile: the floor would keep the promised alarms from being told"},
      {{"sizing.win_probability_base", "sizing.win_probability_slope"},
       [](const settings& s) { return s.sizing.win_probability_base + s.sizing.win_probability_slope <= 1; },
       "sizing.win_probability_base plus sizing.win_probability_slope must be at most 1"},
      {{"risk.max_notional_per_order", "risk.max_position_size"},
       [](const settings& s) { return s.risk.max_notional_per_order <= s.risk.max_position_size; },
       "risk.max_notional_per_order must be at most risk.max_position_size"},
      {{"risk.reduced_drawdown", "risk.max_drawdown"},
       [](const settings& s) { return s.risk.reduced_drawdown <= s.risk.max_drawdown; },
       "risk.reduced_drawdown must be at most risk.max_drawdown"},
      {{"risk.grant_ttl_ms", "execution.time_window_ms"},
       [](const settings& s) { return s.risk.grant_ttl >= s.execution.time_window; },
       "risk.grant_ttl_ms must be at least execution.time_window_ms, or children are sent after their permission ended"},
      {{"execution.min_orders", "execution.max_orders"},
       [](const settings& s) { return s.execution.min_orders <= s.execution.max_orders; },
       "execution.min_orders must be at most execution.max_orders"},
      {{"bus.stale_ms", "bus.beacon_ms"},
       [](const settings& s) { return s.bus.stale >= 2 * s.bus.beacon; },
       "bus.stale_ms must be at least twice bus.beacon_ms, or one late beacon makes a publisher stale"},
      {{"risk.base_currency"},
       [](const settings& s) { return s.risk.base_currency == "USD"; },
       "risk.base_currency must be USD: accounts are kept in US dollars, and stable coins count as dollars"},
      {{"bus.lock_step.round_us", "paper_exchange.order_latency_us", "paper_exchange.response_latency_us"},
       [](const settings& s) {
         return s.bus.lock_step.round <= std::min(s.paper_exchange.order_latency, s.paper_exchange.response_latency);
       },
       "bus.lock_step.round_us must be at most paper_exchange.order_latency_us and "
       "paper_exchange.response_latency_us: nothing decided in a round may take effect in it"},
      {{"bus.lock_step.round_us", "paper_exchange.latency_file"},
       [](const settings& s) {
         return std::all_of(s.paper_exchange.latencies.begin(), s.paper_exchange.latencies.end(),
                            [&](const latency_sample& each) { return s.bus.lock_step.round <= std::min(each.order, each.response); });
       },
       "bus.lock_step.round_us must be at most every latency in paper_exchange.latency_file: nothing decided in a round may take effect in it"},
      {{"database.timescale.enabled"},
       [](const settings& s) { return !s.database.timescale.enabled; },
       "database.timescale.enabled must be false: this version has no TimescaleDB sink"},
      {{"database.redis.enabled"},
       [](const settings& s) { return !s.database.redis.enabled; },
       "database.redis.enabled must be false: this version has no Redis sink"},
  };
  add_venue_rules<&settings::binance>(rules, "binance");
  add_venue_rules<&settings::coinbase>(rules, "coinbase");
  add_venue_rules<&settings::dydx>(rules, "dydx");
  return rules;
}

/// "momentum.fast_period is 40 (config/strategy/parasitic_momentum.yaml:14)".
std::string value_and_origin(const settings& values, const std::string& path) {
  for (const auto& one : sections())
    for (const auto& key : one.keys)
      if (key.name == path) {
        const auto origin = values.origins.find(path);
        return fmt::format("{} is {} ({})", path, value_of(key, &values), origin == values.origins.end() ? "default" : origin->second);
      }
  return path;
}

}  // namespace

std::vector<std::string> broken_rules(const settings& values, const std::set<std::string>& failed) {
  std::vector<std::string> sentences;
  for (const auto& rule : make_rules()) {
    const bool known = std::none_of(rule.keys.begin(), rule.keys.end(), [&](const auto& key) { return failed.contains(key); });
    if (!known || rule.holds(values)) continue;
    std::string facts;
    for (const auto& key : rule.keys) facts += (facts.empty() ? "" : ", ") + value_and_origin(values, key);
    sentences.push_back(fmt::format("{}: {}", rule.demand, facts));
  }
  return sentences;
}

}  // namespace remora::config
