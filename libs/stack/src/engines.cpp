#include "remora/stack/engines.hpp"

#include "remora/exchange/exchange_engine.hpp"
#include "remora/risk/risk_engine.hpp"
#include "remora/signal/signal_engine.hpp"
#include "remora/swarm/client_id.hpp"
#include "remora/swarm/swarm_engine.hpp"

#include <algorithm>
#include <cmath>

namespace remora::stack {
namespace {

template <class Engine, class Settings>
std::unique_ptr<channel::node> node_of(Settings settings) {
  return std::make_unique<channel::engine_node<Engine>>(Engine(std::move(settings)));
}

std::uint32_t count_of(std::int64_t value) noexcept { return static_cast<std::uint32_t>(value); }

risk::sizing_method method_of(config::sizing_method given) noexcept {
  switch (given) {
    case config::sizing_method::fixed: return risk::sizing_method::fixed;
    case config::sizing_method::volatility: return risk::sizing_method::volatility;
    case config::sizing_method::kelly_continuous: return risk::sizing_method::kelly_continuous;
    case config::sizing_method::kelly_criterion: break;
  }
  return risk::sizing_method::kelly_criterion;
}

risk::operator_lifts lifts_of(config::operator_lifts given) noexcept {
  switch (given) {
    case config::operator_lifts::nothing: return risk::operator_lifts::nothing;
    case config::operator_lifts::losses: return risk::operator_lifts::losses;
    case config::operator_lifts::everything: break;
  }
  return risk::operator_lifts::everything;
}

risk_settings risk_settings_of(const config::settings& from) {
  risk_settings to;
  to.starting_balance = from.risk.starting_balance;
  to.sizing.method = method_of(from.sizing.method);
  to.sizing.kelly_fraction = from.sizing.kelly_fraction;
  to.sizing.win_probability_base = from.sizing.win_probability_base;
  to.sizing.win_probability_slope = from.sizing.win_probability_slope;
  to.sizing.payoff_ratio = from.sizing.payoff_ratio;
  to.sizing.high_volatility_factor = from.sizing.high_volatility_factor;
  to.sizing.trending_factor = from.sizing.trending_factor;
  to.sizing.min_size = from.sizing.min_size;
  to.sizing.max_size = from.sizing.max_size;
  to.sizing.fixed_size = from.sizing.fixed_size;
  to.limits.max_position_size = from.risk.max_position_size;
  to.limits.max_position_pct = from.risk.max_position_pct;
  to.limits.max_leverage = from.risk.max_leverage;
  to.limits.max_daily_drawdown = from.risk.max_daily_drawdown;
  to.limits.max_correlation = from.risk.max_correlation;
  to.limits.max_notional_per_order = from.risk.max_notional_per_order;
  to.limits.max_order_rate = count_of(from.risk.max_order_rate);
  to.stops.stop_loss_atr = from.risk.stop_loss_atr;
  to.stops.take_profit_atr = from.risk.take_profit_atr;
  to.stops.atr_period = count_of(from.risk.atr_period);
  to.stops.close_on_stop = from.risk.close_on_stop;
  to.grants.price_collar_bp = from.risk.price_collar_bp;
  to.grants.ttl = from.risk.grant_ttl;
  to.grants.orders_per_second = std::min(to.grants.orders_per_second, to.limits.max_order_rate);
  to.grants.entry_urgency = from.execution.urgency;
  to.sizing.max_kelly_share = from.sizing.max_kelly_share;
  to.learning.prior_weight = static_cast<double>(from.sizing.prior_weight);
  to.learning.confidence = from.sizing.edge_confidence;
  to.benchmark = from.risk.benchmark;
  to.sizing.risk_per_trade = from.sizing.risk_per_trade;
  to.sizing.target_volatility = from.sizing.target_volatility;
  to.sizing.reduced_factor = from.sizing.reduced_factor;
  to.limits.max_price_deviation = from.risk.max_price_deviation;
  to.limits.max_parents_per_minute = count_of(from.risk.max_parents_per_minute);
  to.limits.max_quote_age = from.risk.max_quote_age;
  to.limits.max_concentration_index = from.risk.max_concentration_index;
  to.stops.trailing_stop_atr = from.risk.trailing_stop_atr;
  if (from.risk.max_holding.count() > 0) to.stops.max_holding = from.risk.max_holding;
  to.states.reduced_drawdown = from.risk.reduced_drawdown;
  to.states.max_drawdown = from.risk.max_drawdown;
  to.states.max_value_at_risk = from.risk.max_value_at_risk;
  to.states.max_expected_shortfall = from.risk.max_expected_shortfall;
  to.states.operator_resumes = lifts_of(from.risk.operator_resumes);
  to.states.max_rejection_rate = from.risk.max_rejection_rate;
  return to;
}

swarm::planner planner_of(config::planner_type from) {
  using from_planner = config::planner_type;
  switch (from) {
    case from_planner::swarm: return swarm::planner::swarm;
    case from_planner::almgren_chriss: return swarm::planner::almgren_chriss;
    case from_planner::twap: return swarm::planner::twap;
    case from_planner::vwap: return swarm::planner::vwap;
    case from_planner::pov: return swarm::planner::pov;
  }
  return swarm::planner::swarm;
}

swarm_settings swarm_settings_of(const config::settings& from) {
  swarm_settings to;
  to.seed = static_cast<std::uint64_t>(from.generator.seed);
  to.min_orders = count_of(from.execution.min_orders);
  to.max_orders = count_of(from.execution.max_orders);
  to.time_window = from.execution.time_window;
  to.sigma = from.execution.size_sigma;
  to.randomization_factor = from.execution.randomization_factor;
  to.passive_below = from.execution.post_only_below_urgency;
  to.cancel_on_stop = from.execution.cancel_on_stop;
  to.planner = planner_of(from.execution.planner);
  to.participation = from.execution.participation;
  to.latency = from.paper_exchange.order_latency;
  return to;
}

exchange_settings exchange_settings_of(const config::settings& from) {
  exchange_settings to;
  to.seed = static_cast<std::uint64_t>(from.generator.seed);
  to.order_latency = from.paper_exchange.order_latency;
  to.response_latency = from.paper_exchange.response_latency;
  to.prob_fill_on_limit = from.paper_exchange.prob_fill_on_limit;
  to.prob_slippage = from.paper_exchange.prob_slippage;
  to.market_data_latency = from.paper_exchange.market_data_latency;
  for (const config::latency_sample& each : from.paper_exchange.latencies) to.latencies.push_back({each.order, each.response, each.market_data});
  to.queue = {static_cast<exchange::queue_model>(static_cast<int>(from.paper_exchange.queue) + 1), from.paper_exchange.queue_exponent};
  to.own_orders = static_cast<exchange::self_trade>(static_cast<int>(from.paper_exchange.own_orders) + 1);
  to.funding_rate_e9 = std::llround(from.paper_exchange.funding_rate * 1e9);
  to.funding_interval = std::chrono::hours(from.paper_exchange.funding_interval_hours);
  return to;
}

}  // namespace

signal_settings signal_settings_of(const config::settings& from) {
  signal_settings to;
  using from_detector = config::size_detector;
  to.whale.detector = from.whale.detector == from_detector::zscore_baseline ? signal::size_detector::zscore_baseline : signal::size_detector::automatic;
  to.whale.volume_threshold = from.whale.volume_threshold;
  to.whale.lookback_period = count_of(from.whale.lookback_period);
  to.whale.min_observations = count_of(from.whale.min_observations);
  to.whale.price_impact_threshold = from.whale.price_impact_threshold;
  to.whale.require_impact = from.whale.require_impact;
  to.whale.impact_ratio = from.whale.impact_ratio;
  to.whale.min_whale_size = from.whale.min_whale_size;
  to.whale.floor_quantile = from.whale.floor_quantile;
  to.whale.alarm_rate = from.whale.alarm_rate;
  to.whale.metaorder_rate = from.whale.metaorder_rate;
  to.whale.metaorder_threshold = from.whale.metaorder_threshold;
  to.momentum = {count_of(from.momentum.fast_period), count_of(from.momentum.slow_period), count_of(from.momentum.period)};
  to.regime.soc_threshold = from.regime.soc_threshold;
  to.regime.volatility_window = count_of(from.regime.volatility_window);
  to.regime.trend_window = count_of(from.regime.trend_window);
  to.regime.high_volatility_ratio = from.regime.high_volatility_ratio;
  to.regime.crisis_volatility_ratio = from.regime.crisis_volatility_ratio;
  to.regime.trend_probability = from.regime.trend_probability;
  to.regime.hysteresis = from.regime.hysteresis;
  to.regime.min_dwell = from.regime.min_dwell;
  to.composite.signal_threshold = from.composite.signal_threshold;
  to.composite.whale_weight = from.composite.weights.whale;
  to.composite.momentum_weight = from.composite.weights.momentum;
  to.composite.regime_weight = from.composite.weights.regime;
  to.composite.imbalance_weight = from.composite.weights.imbalance;
  to.composite.signal_ttl = from.composite.signal_ttl;
  to.composite.cooldown = from.composite.cooldown;
  return to;
}

std::unique_ptr<channel::node> make_signal_node(const config::settings& settings, journal_identity) { return node_of<signal_engine>(signal_settings_of(settings)); }
std::unique_ptr<channel::node> make_risk_node(const config::settings& settings, journal_identity) { return node_of<risk_engine>(risk_settings_of(settings)); }
std::unique_ptr<channel::node> make_execution_node(const config::settings& settings, journal_identity journal) {
  swarm_settings to = swarm_settings_of(settings);
  to.journal_id = swarm::journal_id_of(journal);
  return node_of<swarm_engine>(std::move(to));
}
std::unique_ptr<channel::node> make_exchange_node(const config::settings& settings, journal_identity) { return node_of<exchange_engine>(exchange_settings_of(settings)); }

}  // namespace remora::stack
