#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"
#include "remora/risk/edge_estimate.hpp"
#include "remora/risk/risk_gauge.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace remora {

namespace risk {

/// `kelly_criterion`: of a bet that is won or lost; its stake is the whole position, though a stop loses less. `kelly_continuous`: of results of
/// any size, mean over variance; its stake is what the stop loses.
enum class sizing_method : std::uint8_t { kelly_criterion = 1, fixed = 2, volatility = 3, kelly_continuous = 4 };

/// Which causes a person has to lift by `resume`: none but what only a person can judge, those of losses and refusals as well, or each.
enum class operator_lifts : std::uint8_t { nothing = 1, losses = 2, everything = 3 };

/// How large an entry is wanted, before the limits have their say.
struct sizing_settings {
  sizing_method method = sizing_method::kelly_criterion;
  double kelly_fraction = 0.25;          ///< share of the full Kelly bet
  double win_probability_base = 0.5;     ///< win probability = base + slope × score
  double win_probability_slope = 0.3;
  double payoff_ratio = 1.5;             ///< gain of a win over loss of a loss: take profit 3 ATR over stop 2 ATR
  double max_kelly_share = 0.05;         ///< of equity, in one position, however large the Kelly bet
  double risk_per_trade = 0.005;         ///< share of equity that a stop may lose: the size by volatility
  double target_volatility = 0;          ///< a year's; in a market that moves more, sizes shrink in proportion; 0 = whatever it moves
  double reduced_factor = 0.5;           ///< of any size while RISK is REDUCED
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
  double max_correlation = 0.7;                           ///< with what is held in the same direction; above it, of either sign or unknown, two names are one
  amount max_notional_per_order = amount::units(10'000);  ///< of one entry parent, at the worst price of its collar
  std::uint32_t max_order_rate = 100;                     ///< children per second, all grants together
  double max_price_deviation = 0.02;                      ///< of an entry's price from the middle of the quote and from the last trade
  std::uint32_t max_parents_per_minute = 30;              ///< of one instrument
  milliseconds max_quote_age{2'000};                      ///< of event time without a quote, a change of the book or of the feed
  double max_concentration_index = 0.25;                  ///< Herfindahl's, of worst cases, from five names on
};

/// When a position is left.
struct stop_settings {
  double stop_loss_atr = 2.0;
  double take_profit_atr = 3.0;
  double trailing_stop_atr = 3.0;           ///< from the best price since it was opened; 0 = no trailing stop
  std::uint32_t atr_period = 14;            ///< one-minute bars
  double atr_min_bp = 3.0;                  ///< floor of the ATR, in 1e-4 of the price: a nearer stop would be noise
  std::optional<milliseconds> max_holding;  ///< a position older than this is closed
  milliseconds exit_retry{500};             ///< pause after an exit that left something open; doubles up to 64 times while nothing fills
  std::uint32_t closing_attempts = 5;       ///< exits tried per instrument after the end of the data
  bool flatten_on_breaker = false;          ///< the daily-loss breaker closes everything
  bool close_on_stop = false;               ///< the end of the data closes everything
};

/// From where on RISK allows less.
struct state_settings {
  double reduced_drawdown = 0.05;         ///< fall of equity from its peak, from which entries are smaller
  double max_drawdown = 0.10;             ///< from which everything is left, until an operator resumes
  double max_value_at_risk = 0.02;        ///< of equity, at 95 % over a day; above it entries are smaller
  double max_expected_shortfall = 0.03;   ///< the same of what is lost beyond it on average
  double max_rejection_rate = 0.05;       ///< of the last child orders that ended; above it there are no entries
  std::uint32_t rejection_window = 100;   ///< child orders
  std::uint32_t rejection_orders_min = 20;
  seconds rejection_memory{300};          ///< an order that ended before does not count
  operator_lifts operator_resumes = operator_lifts::everything;
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
  risk::state_settings states;
  risk::gauge_settings measures;
  risk::edge_settings learning;
  std::string benchmark;  ///< symbol against which beta is told; empty = none
};

}  // namespace remora
