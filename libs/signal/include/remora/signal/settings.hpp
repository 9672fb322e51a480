#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"

#include <cstdint>

namespace remora {

namespace signal {

/// Which detector judges the size of a single order.
enum class size_detector : std::uint8_t {
  automatic = 1,        ///< the baseline for the first 1,000 orders, extreme values from then on
  zscore_baseline = 2,  ///< the blueprint's rule, always
};

struct whale_settings {
  size_detector detector = size_detector::automatic;
  double volume_threshold = 3.0;            ///< of the baseline: deviations above the mean of the last orders
  std::uint32_t lookback_period = 100;      ///< aggressor orders
  std::uint32_t min_observations = 30;      ///< orders before anything is concluded
  double price_impact_threshold = 0.002;    ///< relative move that is impact, whatever the square-root law expects
  double impact_ratio = 2;                  ///< move over that of the square-root law that is impact
  bool require_impact = false;              ///< an order without impact is no whale
  amount min_whale_size = amount::units(1'000'000);
  double floor_quantile = 0.999;            ///< of the notionals of the last orders: no smaller one is a whale
  double alarm_rate = 1e-3;                 ///< single orders called whales, of all: the promise
  double metaorder_rate = 2.5e-4;           ///< runs of orders called whales, of all orders: never more
  double metaorder_threshold = 20;          ///< nats
};

struct momentum_settings {
  std::uint32_t fast_period = 10;           ///< bars of one second
  std::uint32_t slow_period = 30;
  std::uint32_t period = 20;
  std::uint32_t range_period = 14;          ///< of the average true range
};

struct regime_settings {
  double soc_threshold = 0.8;               ///< criticality score that CRISIS asks for
  std::uint32_t volatility_window = 20;     ///< bars of one second, whose deviation is the volatility now
  std::uint32_t trend_window = 50;          ///< bars; a trend worth finding moves by its noise in about that many
  double high_volatility_ratio = 2.0;       ///< volatility over its calm level from which it is high
  double crisis_volatility_ratio = 3.5;     ///< the same, above which a bar speaks for CRISIS and not for HIGH_VOLATILITY
  double trend_probability = 0.55;           ///< of a drift, from which the market is TRENDING
  double hysteresis = 0.8;                  ///< a regime is left below this share of what it took to enter
  milliseconds min_dwell{20'000};
  std::uint32_t calm_window = 300;          ///< bars of a volatility, the lowest decile of which is the calm level
  std::uint32_t calm_past = 14'400;         ///< bars over which that decile is taken
  double expected_dwell = 600;              ///< bars a regime is expected to last
};

/// Relative weights; the score divides by their sum.
struct composite_settings {
  double signal_threshold = 0.7;
  double whale_weight = 0.5;
  double momentum_weight = 0.2;
  double regime_weight = 0.2;
  double imbalance_weight = 0.1;
  milliseconds signal_ttl{5'000};
  milliseconds cooldown{1'000};
};

}  // namespace signal

/// Everything SIGNAL can be told. The defaults are the blueprint's.
struct signal_settings {
  signal::whale_settings whale;
  signal::momentum_settings momentum;
  signal::regime_settings regime;
  signal::composite_settings composite;
};

}  // namespace remora
