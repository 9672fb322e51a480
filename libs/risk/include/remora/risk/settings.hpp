#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"

#include <cstdint>
#include <optional>

namespace remora {

namespace risk {

enum class sizing_method : std::uint8_t { kelly_criterion = 1, fixed = 2 };

/// How large an entry is wanted, before the limits have their say.
struct sizing_settings {
  sizing_method method = sizing_method::kelly_criterion;
  double kelly_fraction = 0.25;          ///< share of the full Kelly bet
  double win_probability_base = 0.5;     ///< win probability = base + slope × score
  double win_probability_slope = 0.3;
  double payoff_ratio = 1.5;             ///< gain of a win over loss of a loss: take profit 3 ATR over stop 2 ATR
  double high_volatility_factor = 0.5;   ///< of the Kelly size in HIGH_VOLATILITY
  double trending_factor = 1.2;          ///< of the Kelly size in TRENDING
  amount min_size = amount::units(100);
  amount max_size = amount::units(10'000);
  amount fixed_size = amount::units(1'000);
};

/// What the gate holds entries to.
struct limit_settings {
  amount max_position_size = amount::units(100'000);      ///< worst case of one instrument
  double max_position_pct = 0.1;                          ///< the same as a share of equity
  double max_leverage = 3.0;                              ///< worst-case gross exposure over equity
  double max_daily_drawdown = 0.05;                       ///< loss since the start of the UTC day as a share of the equity then
  double max_correlation = 0.7;                           ///< with what is held in the same direction
  std::uint32_t correlation_window = 120;                 ///< minutes
  std::uint32_t correlation_observations_min = 30;        ///< common minutes below which nothing is concluded
  amount max_notional_per_order = amount::units(10'000);  ///< of one entry parent, at the worst price of its collar
  std::uint32_t max_order_rate = 100;                     ///< children per second, all grants together
};

/// When a position is left.
struct stop_settings {
  double stop_loss_atr = 2.0;
  double take_profit_atr = 3.0;
  std::uint32_t atr_period = 14;            ///< one-minute bars
  double atr_min_bp = 3.0;                  ///< floor of the ATR, in 1e-4 of the price: a nearer stop would be noise
  std::optional<seconds> max_holding;       ///< a position older than this is closed
  milliseconds exit_retry{500};             ///< pause after an exit that left something open; doubles up to 64 times while nothing fills
  std::uint32_t closing_attempts = 5;       ///< exits tried per instrument after the end of the data
  bool flatten_on_breaker = false;          ///< the daily-loss breaker closes everything
  bool close_on_stop = false;               ///< the end of the data closes everything
};

/// What EXECUTION may do with a parent.
struct grant_settings {
  std::int64_t price_collar_bp = 50;        ///< on either side of the reference price, in 1e-4
  milliseconds ttl{10'000};
  std::uint32_t orders_per_second = 25;     ///< of one parent; max_order_rate is shared out in such portions
  double entry_urgency = 0.5;
};

}  // namespace risk

/// The account and every limit of RISK. The defaults are the blueprint's.
struct risk_settings {
  amount starting_balance = amount::units(100'000);
  risk::sizing_settings sizing;
  risk::limit_settings limits;
  risk::stop_settings stops;
  risk::grant_settings grants;
};

}  // namespace remora
