#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"

#include <cstdint>

namespace remora::config {

enum class size_detector : std::uint8_t { automatic, zscore_baseline };

/// `whale`: when an aggressor order, or a run of them, counts as a whale's.
struct whale_settings {
  size_detector detector = size_detector::automatic;
  double volume_threshold = 3.0;
  double price_impact_threshold = 0.002;
  double impact_ratio = 2;
  bool require_impact = false;
  std::int64_t lookback_period = 100;
  amount min_whale_size = amount::units(1'000'000);
  double floor_quantile = 0.999;
  double alarm_rate = 0.001;
  double metaorder_rate = 0.00025;
  double metaorder_threshold = 20;
  std::int64_t min_observations = 30;

  friend bool operator==(const whale_settings&, const whale_settings&) = default;
};

/// `momentum`: periods in bars of one second.
struct momentum_settings {
  std::int64_t fast_period = 10;
  std::int64_t slow_period = 30;
  std::int64_t period = 20;

  friend bool operator==(const momentum_settings&, const momentum_settings&) = default;
};

/// `composite.weights`: relative weights of the parts of the score; the engine divides by their sum.
struct score_weights {
  double whale = 0.5;
  double momentum = 0.2;
  double regime = 0.2;
  double imbalance = 0.1;

  friend bool operator==(const score_weights&, const score_weights&) = default;
};

/// `composite`: the score in [0,1] that raises a signal.
struct composite_settings {
  double signal_threshold = 0.7;
  score_weights weights;
  milliseconds signal_ttl{5'000};
  milliseconds cooldown{1'000};

  friend bool operator==(const composite_settings&, const composite_settings&) = default;
};

/// `regime`: the market's state and how reluctantly it changes.
struct regime_settings {
  double soc_threshold = 0.8;
  std::int64_t volatility_window = 20;
  std::int64_t trend_window = 50;
  double high_volatility_ratio = 2.0;
  double crisis_volatility_ratio = 3.5;
  double trend_probability = 0.55;
  double hysteresis = 0.8;
  milliseconds min_dwell{20'000};

  friend bool operator==(const regime_settings&, const regime_settings&) = default;
};

enum class sizing_method : std::uint8_t { kelly_criterion, fixed, volatility, kelly_continuous };

/// `sizing`: how large a parent order is.
struct sizing_settings {
  sizing_method method = sizing_method::kelly_criterion;
  double kelly_fraction = 0.25;
  amount min_size = amount::units(100);
  amount max_size = amount::units(10'000);
  amount fixed_size = amount::units(1'000);
  double win_probability_base = 0.5;
  double win_probability_slope = 0.3;
  double payoff_ratio = 1.5;
  double high_volatility_factor = 0.5;
  double trending_factor = 1.2;
  double max_kelly_share = 0.05;
  std::int64_t prior_weight = 50;
  double edge_confidence = 0.9;
  double risk_per_trade = 0.005;
  double target_volatility = 0;
  double reduced_factor = 0.5;

  friend bool operator==(const sizing_settings&, const sizing_settings&) = default;
};

}  // namespace remora::config
