#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace remora::config {

enum class size_distribution_type : std::uint8_t { lognormal };
enum class planner_type : std::uint8_t { swarm, almgren_chriss, twap, vwap, pov };

/// `execution`: how a parent order becomes a swarm of child orders.
struct execution_settings {
  std::int64_t min_orders = 10;
  std::int64_t max_orders = 100;
  milliseconds time_window{5'000};
  size_distribution_type size_distribution = size_distribution_type::lognormal;
  double size_sigma = 0.5;
  double randomization_factor = 0.3;
  double urgency = 0.5;
  double post_only_below_urgency = 0.3;
  bool cancel_on_stop = true;
  planner_type planner = planner_type::swarm;
  double participation = 0.1;

  friend bool operator==(const execution_settings&, const execution_settings&) = default;
};

/// How an order that waits moves forward in its level.
enum class queue_model : std::uint8_t { risk_averse, power_1, power_2, power_3, log_1, log_2 };
/// What happens when an order would trade with another of the account.
enum class self_trade : std::uint8_t { cancel_oldest, cancel_newest, decrement };

/// A line of `paper_exchange.latency_file`.
struct latency_sample {
  microseconds order{};
  microseconds response{};
  std::optional<microseconds> market_data;  ///< none: the file has no such column, and the constant holds

  friend bool operator==(const latency_sample&, const latency_sample&) = default;
};

/// `paper_exchange`: how the simulated venue fills, delays and charges.
struct paper_exchange_settings {
  double prob_fill_on_limit = 0.2;
  double prob_slippage = 0.5;
  microseconds order_latency{5'000};
  microseconds response_latency{1'000};
  microseconds market_data_latency{0};
  std::string latency_file;
  std::vector<latency_sample> latencies;  ///< what the file holds; no key
  queue_model queue = queue_model::risk_averse;
  double queue_exponent = 3;
  self_trade own_orders = self_trade::cancel_oldest;
  double funding_rate = 0;
  std::int64_t funding_interval_hours = 8;
  std::optional<decimal> maker_fee_bp;
  std::optional<decimal> taker_fee_bp;

  friend bool operator==(const paper_exchange_settings&, const paper_exchange_settings&) = default;
};

}  // namespace remora::config
