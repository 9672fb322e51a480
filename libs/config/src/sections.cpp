#include "table.hpp"

#include <algorithm>
#include <cctype>

namespace remora::config {
namespace {

constexpr double most_money = 9e9;  // nine decimals of it fit into 64 bits
constexpr double most_milliseconds = 86'400'000;

bool is_word(const std::string& text) {
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; });
}

bool is_path(const std::string& text) { return !text.empty() && text.size() <= 1024; }

bool has_scheme(const std::string& text, std::initializer_list<std::string_view> schemes) {
  if (text.find(' ') != std::string::npos) return false;
  return std::any_of(schemes.begin(), schemes.end(),
                     [&](std::string_view scheme) { return text.starts_with(scheme) && text.size() > scheme.size(); });
}

const text_rule word{"letters, digits, '_' and '-', at most 32", is_word};
const text_rule word_or_nothing{"a word, or \"\" for none", [](const std::string& text) { return text.empty() || is_word(text); }};
const text_rule path{"a path", is_path};
const text_rule path_or_nothing{"a path, or \"\" for standard error",
                                [](const std::string& text) { return text.empty() || is_path(text); }};
const text_rule path_or_constants{"a path, or \"\" for the constants", [](const std::string& text) { return text.empty() || is_path(text); }};
// An ipc:// address must fit sun_path (108 bytes) with the socket's name behind the folder.
const text_rule socket_directory{"a path of at most 70 characters",
                                 [](const std::string& text) { return is_path(text) && text.size() <= 70; }};
const text_rule rest_address{"an address that begins with https:// or http://, or \"\"", [](const std::string& text) {
                               return text.empty() || has_scheme(text, {"https://", "http://"});
                             }};
const text_rule stream_address{"an address that begins with wss:// or ws://, or \"\"", [](const std::string& text) {
                                 return text.empty() || has_scheme(text, {"wss://", "ws://"});
                               }};
const text_rule host{"a host name", [](const std::string& text) {
                       return !text.empty() && text.size() <= 253 && text.find_first_of(" /:@") == std::string::npos;
                     }};
const text_rule postgres_address{"a postgresql:// address without a password (PGPASSWORD carries it)", [](const std::string& text) {
                                   const auto user_end = text.find('@');
                                   return has_scheme(text, {"postgresql://"}) &&
                                          (user_end == std::string::npos || text.substr(13, user_end - 13).find(':') == std::string::npos);
                                 }};

table<whale_settings> whale_keys() {
  using s = whale_settings;
  return {
      field<&s::detector>("detector", "who judges the size of an order; automatic: extreme values, after 1,000 orders with the baseline"),
      field<&s::volume_threshold>("volume_threshold", in_range(0.5, 100), "standard deviations",
                                  "size above the mean of the lookback that makes a whale for the baseline"),
      field<&s::price_impact_threshold>("price_impact_threshold", in_range(0, 1), "fraction of price",
                                        "a move of an order that is impact, whatever the square-root law expects"),
      field<&s::impact_ratio>("impact_ratio", in_range(0, 1e6), "ratio", "a move over that of the square-root law that is impact"),
      field<&s::require_impact>("require_impact", "an order without impact is no whale"),
      field<&s::lookback_period>("lookback_period", in_range(2, 100'000), "aggressor orders",
                                 "how many earlier orders the size is measured against"),
      field<&s::min_whale_size>("min_whale_size", in_range(0, most_money), "USD", "smallest notional of a whale"),
      field<&s::floor_quantile>("floor_quantile", in_range(0, 1), "share", "no order below this quantile of the last 10,000 notionals is a whale"),
      field<&s::alarm_rate>("alarm_rate", above(0, 0.019), "share of orders", "single orders called whales: the rate that is promised"),
      field<&s::metaorder_rate>("metaorder_rate", above(0, 0.019), "share of orders", "runs of orders called whales: never more, but for four at once"),
      field<&s::metaorder_threshold>("metaorder_threshold", in_range(1, 1'000), "nats",
                                     "evidence from which a run of orders of one side is a metaorder"),
      field<&s::min_observations>("min_observations", in_range(2, 100'000), "aggressor orders",
                                  "orders seen before the first whale may be called"),
  };
}

table<momentum_settings> momentum_keys() {
  using s = momentum_settings;
  return {
      field<&s::fast_period>("fast_period", in_range(1, 10'000), "1 s bars", "fast mean"),
      field<&s::slow_period>("slow_period", in_range(2, 10'000), "1 s bars", "slow mean"),
      field<&s::period>("period", in_range(2, 10'000), "1 s bars", "window of mean over deviation of log returns"),
  };
}

table<score_weights> weight_keys() {
  using s = score_weights;
  return {
      field<&s::whale>("whale", in_range(0, 1), "share", "the whale's confidence"),
      field<&s::momentum>("momentum", in_range(0, 1), "share", "momentum in the whale's direction"),
      field<&s::regime>("regime", in_range(0, 1), "share", "how well the regime suits following"),
      field<&s::imbalance>("imbalance", in_range(0, 1), "share", "book imbalance in the whale's direction"),
  };
}

table<composite_settings> composite_keys() {
  using s = composite_settings;
  return {
      field<&s::signal_threshold>("signal_threshold", in_range(0, 1), "score", "score that raises a signal"),
      nested<&s::weights>("weights", weight_keys()),
      field<&s::signal_ttl>("signal_ttl_ms", in_range(1, most_milliseconds), "ms", "how long a signal may be acted on"),
      field<&s::cooldown>("cooldown_ms", in_range(0, most_milliseconds), "ms", "pause between two signals of one instrument"),
  };
}

table<regime_settings> regime_keys() {
  using s = regime_settings;
  return {
      field<&s::soc_threshold>("soc_threshold", in_range(0, 1), "index",
                               "self-organised criticality index that CRISIS needs, beside high volatility"),
      field<&s::volatility_window>("volatility_window", in_range(2, 10'000), "1 s bars", "window of the volatility"),
      field<&s::trend_window>("trend_window", in_range(3, 10'000), "1 s bars", "in about this many a trend worth finding moves the price by its noise"),
      field<&s::high_volatility_ratio>("high_volatility_ratio", in_range(1, 100), "ratio",
                                       "volatility over its calm level from which the regime is HIGH_VOLATILITY"),
      field<&s::crisis_volatility_ratio>("crisis_volatility_ratio", in_range(1, 100), "ratio",
                                         "volatility over its calm level above which it speaks for CRISIS"),
      field<&s::trend_probability>("trend_probability", above(0.5, 1), "probability",
                                   "of a drift, from which the regime is TRENDING"),
      field<&s::hysteresis>("hysteresis", above(0, 1), "factor", "a regime is left when its measure is below this part of its threshold"),
      field<&s::min_dwell>("min_dwell_ms", in_range(0, most_milliseconds), "ms",
                           "shortest stay in a regime; a worse one may be entered at once"),
  };
}

table<sizing_settings> sizing_keys() {
  using s = sizing_settings;
  return {
      field<&s::method>("method", "how the size of a parent order is found"),
      field<&s::kelly_fraction>("kelly_fraction", above(0, 1), "fraction", "part of the full Kelly size that is used"),
      field<&s::min_size>("min_size", in_range(0, most_money), "USD", "a smaller order is not sent, but for what whole lots leave out"),
      field<&s::max_size>("max_size", above(0, most_money), "USD", "a larger order is cut to this"),
      field<&s::fixed_size>("fixed_size", above(0, most_money), "USD", "size with method fixed"),
      field<&s::win_probability_base>("win_probability_base", in_range(0, 1), "probability", "prior at signal 0"),
      field<&s::win_probability_slope>("win_probability_slope", in_range(0, 1), "probability",
                                       "added to the prior at signal 1, in proportion below"),
      field<&s::payoff_ratio>("payoff_ratio", above(0, 100), "ratio", "average win over average loss: take profit over stop loss"),
      field<&s::high_volatility_factor>("high_volatility_factor", in_range(0, 10), "factor", "size in HIGH_VOLATILITY"),
      field<&s::trending_factor>("trending_factor", in_range(0, 10), "factor", "size in TRENDING"),
      field<&s::max_kelly_share>("max_kelly_share", above(0, 1), "share of equity", "most of one position with the methods of Kelly"),
      field<&s::prior_weight>("prior_weight", in_range(1, 100'000), "closed trades",
                           "the prior counts as so many of them"),
      field<&s::edge_confidence>("edge_confidence", in_range(0.51, 0.999), "probability",
                              "at which the lower bound of the learned edge must be positive"),
      field<&s::risk_per_trade>("risk_per_trade", above(0, 0.1), "share of equity", "what the stop may lose with method volatility"),
      field<&s::target_volatility>("target_volatility", in_range(0, 10), "a year's", "a market that moves more gets smaller orders; 0: none"),
      field<&s::reduced_factor>("reduced_factor", above(0, 1), "factor", "size while RISK is REDUCED"),
  };
}

table<risk_settings> risk_keys() {
  using s = risk_settings;
  return {
      field<&s::account>("account", "of spot markets: margin may be short, spot buys with its cash and sells what it holds; futures are always on margin"),
      field<&s::starting_balance>("starting_balance", above(0, most_money), "base currency", "equity at the first start"),
      field<&s::base_currency>("base_currency", word, "currency of the account"),
      field<&s::benchmark>("benchmark", word_or_nothing, "symbol of the instrument that beta is told against; \"\": none"),
      field<&s::max_position_size>("max_position_size", above(0, most_money), "USD", "largest notional of one instrument's position"),
      field<&s::max_position_pct>("max_position_pct", above(0, 100), "share of equity",
                                  "concentration: one position's notional over equity (0.1 is 10 %)"),
      field<&s::max_leverage>("max_leverage", in_range(0.1, 125), "times", "gross notional over equity"),
      field<&s::max_daily_drawdown>("max_daily_drawdown", above(0, 1), "share of equity",
                                    "loss of a day that stops new risk until the next day"),
      field<&s::max_correlation>("max_correlation", in_range(0, 1), "correlation",
                                 "with what is held, above which two are one position; so are two of which it is not known yet"),
      field<&s::max_notional_per_order>("max_notional_per_order", above(0, most_money), "USD", "largest single order"),
      field<&s::max_order_rate>("max_order_rate", in_range(1, 100'000), "orders per second", "child orders of all parents together"),
      field<&s::stop_loss_atr>("stop_loss_atr", above(0, 100), "ATR", "distance of the stop from the entry"),
      field<&s::take_profit_atr>("take_profit_atr", above(0, 100), "ATR", "distance of the profit target from the entry"),
      field<&s::atr_period>("atr_period", in_range(1, 10'000), "bars", "period of the average true range"),
      field<&s::price_collar_bp>("price_collar_bp", in_range(1, 10'000), "bp", "how far from the reference price a child order may be"),
      field<&s::grant_ttl>("grant_ttl_ms", in_range(100, most_milliseconds), "ms", "life of the permission that a parent order carries"),
      field<&s::close_on_stop>("close_on_stop", "an orderly stop closes all positions first"),
      field<&s::max_price_deviation>("max_price_deviation", above(0, 1), "fraction of price",
                                     "of an entry's price from the middle of the quote and from the last trade"),
      field<&s::max_parents_per_minute>("max_parents_per_minute", in_range(1, 10'000), "orders", "parents of one instrument within a minute"),
      field<&s::max_quote_age>("max_quote_age_ms", in_range(1, most_milliseconds), "ms", "silence of a market's quotes and book after which nothing is entered"),
      field<&s::max_concentration_index>("max_concentration_index", above(0, 1), "index",
                                         "Herfindahl's of all exposures, from five names on"),
      field<&s::trailing_stop_atr>("trailing_stop_atr", in_range(0, 100), "ATR", "distance of the stop that follows the best price; 0: none"),
      field<&s::max_holding>("max_holding_ms", in_range(0, most_milliseconds), "ms", "age at which a position is left; 0: none"),
      field<&s::reduced_drawdown>("reduced_drawdown", above(0, 1), "share of the peak", "fall of equity from which entries are smaller"),
      field<&s::max_drawdown>("max_drawdown", above(0, 1), "share of the peak", "fall of equity at which all is left, until an operator resumes"),
      field<&s::max_value_at_risk>("max_value_at_risk", above(0, 1), "share of equity",
                                   "loss of a day, at 95 %, above which entries are smaller"),
      field<&s::max_expected_shortfall>("max_expected_shortfall", above(0, 1), "share of equity",
                                        "mean loss of a day beyond that, above which entries are smaller"),
      field<&s::operator_resumes>("operator_resumes", "what only a person lifts: nothing, losses (a day's, and refusals) or everything (also feeds, limits, VaR)"),
      field<&s::max_rejection_rate>("max_rejection_rate", above(0, 1), "share of orders",
                                    "of the last 100 that the venue refuses, above which nothing is entered"),
  };
}

table<execution_settings> execution_keys() {
  using s = execution_settings;
  return {
      field<&s::min_orders>("min_orders", in_range(1, 1'000), "orders", "fewest children of a parent; fewer still when lots do not allow"),
      field<&s::max_orders>("max_orders", in_range(1, 1'000), "orders", "most children of a parent"),
      field<&s::time_window>("time_window_ms", in_range(0, 600'000), "ms", "window into which the children's delays fall"),
      field<&s::size_distribution>("size_distribution", "shape of the children's sizes"),
      field<&s::size_sigma>("size_sigma", in_range(0, 3), "of the logarithm", "spread of the children's sizes"),
      field<&s::randomization_factor>("randomization_factor", in_range(0, 1), "fraction",
                                      "how far the number and the delays of the children stray from the plan"),
      field<&s::urgency>("urgency", in_range(0, 1), "0 to 1", "of a parent order that brings none of its own; 1: at once"),
      field<&s::post_only_below_urgency>("post_only_below_urgency", in_range(0, 1), "0 to 1",
                                         "while costs are not known yet, children are post-only below it and IOC from it on"),
      field<&s::cancel_on_stop>("cancel_on_stop", "an orderly stop cancels all working orders first"),
      field<&s::planner>("planner", "who cuts a parent into children, and when they go; exits never wait for volume as pov does"),
      field<&s::participation>("participation", in_range(0.001, 0.1), "share", "of the volume while pov trades that is ours at most"),
  };
}

table<paper_exchange_settings> paper_exchange_keys() {
  using s = paper_exchange_settings;
  return {
      field<&s::prob_fill_on_limit>("prob_fill_on_limit", in_range(0, 1), "probability",
                                    "a resting order fills when its price is touched, not traded through"),
      field<&s::prob_slippage>("prob_slippage", in_range(0, 1), "probability", "a taking order slips by one tick"),
      field<&s::order_latency>("order_latency_us", in_range(0, 60'000'000), "µs", "from sending an order to its arrival at the exchange"),
      field<&s::response_latency>("response_latency_us", in_range(0, 60'000'000), "µs", "from the exchange's event to our receiving it"),
      field<&s::market_data_latency>("market_data_latency_us", in_range(0, 60'000'000), "µs", "the market is seen so much later than it is"),
      field<&s::latency_file>("latency_file", path_or_constants, "CSV of order_us,response_us[,market_data_us] to draw latencies from; \"\": the constants"),
      field<&s::queue>("queue_model", "how a waiting order moves forward in its level"),
      field<&s::queue_exponent>("queue_exponent", above(0, 20), "exponent", "of the power models of the queue"),
      field<&s::own_orders>("self_trade", "what happens when an order would trade with another of the account"),
      field<&s::funding_rate>("funding_rate", in_range(-0.1, 0.1), "share of notional", "of a perpetual an interval; positive: who is long pays"),
      field<&s::funding_interval_hours>("funding_interval_hours", in_range(1, 24), "hours", "funding is due at its multiples since midnight UTC"),
      field<&s::maker_fee_bp>("maker_fee_bp", in_range(-100, 1'000), "bp", "charged instead of the venue's fee; none: the venue's"),
      field<&s::taker_fee_bp>("taker_fee_bp", in_range(-100, 1'000), "bp", "charged instead of the venue's fee; none: the venue's"),
  };
}

table<fees> fee_keys() {
  return {
      field<&fees::maker_bp>("maker_bp", in_range(-100, 1'000), "bp", "fee of a resting order; negative is a rebate"),
      field<&fees::taker_bp>("taker_bp", in_range(-100, 1'000), "bp", "fee of a taking order"),
  };
}

table<market_settings> market_keys() {
  using s = market_settings;
  return {
      field<&s::rest>("rest", rest_address, "REST address; \"\": the venue has no such market"),
      field<&s::stream>("stream", stream_address, "market data websocket address"),
      nested<&s::fee>("fee", fee_keys()),
  };
}

table<instrument_settings> instrument_keys() {
  using s = instrument_settings;
  return {
      field<&s::symbol>("symbol", word, "the venue's name"),
      field<&s::market>("market", "spot, linear futures (usdm) or inverse futures (coinm)"),
      field<&s::tick_size>("tick_size", in_range(1e-12, 1e6), "price", "smallest step of a price"),
      field<&s::lot_size>("lot_size", in_range(1e-12, 1e6), "base units or contracts", "smallest step of an order's quantity"),
      field<&s::quantity_step>("quantity_step", in_range(1e-12, 1e6), "base units or contracts",
                               "smallest step of a quantity in market data; none: the lot"),
      field<&s::multiplier>("multiplier", in_range(1e-12, 1e9), "per contract", "base units a contract stands for, or USD if inverse"),
      field<&s::inverse>("inverse", "contracts are worth a fixed number of USD"),
      field<&s::min_notional>("min_notional", in_range(0, most_money), "quote currency", "smallest notional of an order"),
      field<&s::maker_fee_bp>("maker_fee_bp", in_range(-100, 1'000), "bp", "instead of the market's fee; none: the market's"),
      field<&s::taker_fee_bp>("taker_fee_bp", in_range(-100, 1'000), "bp", "instead of the market's fee; none: the market's"),
  };
}

table<venue_settings> venue_keys() {
  using s = venue_settings;
  return {
      field<&s::enabled>("enabled", "the venue is used"),
      nested<&s::spot>("spot", market_keys()),
      nested<&s::usdm>("usdm", market_keys()),
      nested<&s::coinm>("coinm", market_keys()),
      list<&s::instruments>("instruments", instrument_keys(), {"symbol", "market", "tick_size", "lot_size"}, "what is traded"),
  };
}

table<lock_step_settings> lock_step_keys() {
  return {
      field<&lock_step_settings::round>("round_us", in_range(1, 1'000'000), "µs",
                                            "event time that one round of a lock-step replay spans")};
}

table<bus_settings> bus_keys() {
  using s = bus_settings;
  return {
      field<&s::directory>("directory", socket_directory, "folder of the ipc sockets"),
      field<&s::beacon>("beacon_ms", in_range(10, 10'000), "ms", "an idle publisher says its last position this often"),
      field<&s::stale>("stale_ms", in_range(20, 60'000), "ms", "a publisher silent for longer is stale"),
      field<&s::high_water_mark>("high_water_mark", in_range(1'000, 100'000), "messages", "most messages queued in a socket"),
      nested<&s::lock_step>("lock_step", lock_step_keys()),
  };
}

table<logging_settings> logging_keys() {
  using s = logging_settings;
  return {
      field<&s::level>("level", "what is logged: this level and all above it"),
      field<&s::format>("format", "lines for people or JSON objects"),
      field<&s::directory>("directory", path_or_nothing, "folder of the log files; \"\": standard error"),
  };
}

table<timescale_settings> timescale_keys() {
  using s = timescale_settings;
  return {
      field<&s::enabled>("enabled", "write to TimescaleDB too"),
      field<&s::url>("url", postgres_address, "where it is"),
  };
}

table<redis_settings> redis_keys() {
  using s = redis_settings;
  return {
      field<&s::enabled>("enabled", "keep the real-time state in Redis too"),
      field<&s::host>("host", host, "where it is"),
      field<&s::port>("port", in_range(1, 65'535), "port", "TCP port"),
  };
}

table<database_settings> database_keys() {
  using s = database_settings;
  return {
      field<&s::roll_rows>("roll_rows", in_range(1'000, 100'000'000), "rows", "a file of the record is finished at this size"),
      field<&s::roll_after>("roll_seconds", in_range(1, 86'400), "s", "or after this time"),
      field<&s::memory_limit_mb>("memory_limit_mb", in_range(64, 65'536), "MiB", "memory that DuckDB may use"),
      nested<&s::timescale>("timescale", timescale_keys()),
      nested<&s::redis>("redis", redis_keys()),
  };
}

table<generator_settings> generator_keys() {
  using s = generator_settings;
  return {
      field<&s::seed>("seed", in_range(0, 9'007'199'254'740'991.0), "seed", "the same seed gives the same market"),
      field<&s::duration>("seconds", in_range(1, 86'400), "s", "length of the market in event time"),
      field<&s::trades_per_second>("trades_per_second", above(0, 10'000), "per second", "mean rate of trades"),
      field<&s::whales_per_minute>("whales_per_minute", in_range(0, 600), "per minute", "mean rate of planted whales"),
      field<&s::start_price>("start_price", above(0, 1e9), "USD", "first price"),
      field<&s::feels_us>("feels_us", "what our orders take is missing from its book and moves its price"),
  };
}

template <auto Member>
section section_of(const char* name, const char* file, table<member_type<Member>> keys, const char* meaning) {
  return {name, file, meaning, nested<Member>(name, std::move(keys)).keys};
}

std::vector<section> make_sections() {
  constexpr const char* strategy = "strategy/parasitic_momentum.yaml";
  constexpr const char* execution = "strategy/execution.yaml";
  return {
      section_of<&settings::whale>("whale", strategy, whale_keys(), "when an aggressor order, or a run of them, counts as a whale's"),
      section_of<&settings::momentum>("momentum", strategy, momentum_keys(), "momentum on bars of one second"),
      section_of<&settings::composite>("composite", strategy, composite_keys(), "the score that raises a signal"),
      section_of<&settings::regime>("regime", strategy, regime_keys(), "the market's state and how reluctantly it changes"),
      section_of<&settings::sizing>("sizing", strategy, sizing_keys(), "how large a parent order is"),
      section_of<&settings::risk>("risk", "strategy/risk_limits.yaml", risk_keys(), "the account and its hard limits"),
      section_of<&settings::execution>("execution", execution, execution_keys(), "how a parent order becomes a swarm of child orders"),
      section_of<&settings::paper_exchange>("paper_exchange", execution, paper_exchange_keys(),
                                            "how the simulated venue fills, delays and charges"),
      section_of<&settings::binance>("binance", "venues/binance.yaml", venue_keys(), "Binance"),
      section_of<&settings::coinbase>("coinbase", "venues/coinbase.yaml", venue_keys(), "Coinbase Advanced Trade"),
      section_of<&settings::dydx>("dydx", "venues/dydx.yaml", venue_keys(), "dYdX v4"),
      section_of<&settings::bus>("bus", "system/bus.yaml", bus_keys(), "how the services of one machine talk"),
      section_of<&settings::logging>("logging", "system/logging.yaml", logging_keys(), "what is logged, how and where"),
      section_of<&settings::database>("database", "system/database.yaml", database_keys(), "the permanent record"),
      section_of<&settings::generator>("generator", "system/generator.yaml", generator_keys(),
                                       "the built-in market that plays when no recording is given"),
  };
}

}  // namespace

const std::vector<section>& sections() {
  static const std::vector<section> all = make_sections();
  return all;
}

}  // namespace remora::config
