#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"

#include <cstdint>
#include <string>

namespace remora::config {

/// What the account may do: on a spot account signals may only reduce, a margin account may be short.
enum class account_type : std::uint8_t { margin, spot };

/// What stops new risk until a person resumes: nothing but what only a person can judge, losses and refusals as well, or whatever it was.
enum class operator_lifts : std::uint8_t { nothing, losses, everything };

/// `risk`: the account and its hard limits.
struct risk_settings {
  account_type account = account_type::margin;
  amount starting_balance = amount::units(100'000);
  std::string base_currency = "USD";
  std::string benchmark;
  amount max_position_size = amount::units(100'000);
  double max_position_pct = 0.1;
  double max_leverage = 3.0;
  double max_daily_drawdown = 0.05;
  double max_correlation = 0.7;
  amount max_notional_per_order = amount::units(10'000);
  std::int64_t max_order_rate = 100;
  double stop_loss_atr = 2.0;
  double take_profit_atr = 3.0;
  std::int64_t atr_period = 14;
  std::int64_t price_collar_bp = 50;
  milliseconds grant_ttl{10'000};
  bool close_on_stop = false;
  double max_price_deviation = 0.02;
  std::int64_t max_parents_per_minute = 30;
  milliseconds max_quote_age{2'000};
  double max_concentration_index = 0.25;
  double trailing_stop_atr = 3.0;
  milliseconds max_holding{0};
  double reduced_drawdown = 0.05;
  double max_drawdown = 0.1;
  double max_value_at_risk = 0.02;
  double max_expected_shortfall = 0.03;
  operator_lifts operator_resumes = operator_lifts::everything;
  double max_rejection_rate = 0.05;

  friend bool operator==(const risk_settings&, const risk_settings&) = default;
};

}  // namespace remora::config
