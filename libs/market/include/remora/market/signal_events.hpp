#pragma once

#include "remora/base/time.hpp"
#include "remora/market/instrument.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What SIGNAL concludes from the market.
namespace remora {

/// Consecutive prints of one aggressor merged into the order that caused them.
struct aggressor_order_seen {
  instrument_id instrument = instrument_id::none;
  side aggressor = side::buy;
  price first_price, last_price;
  quantity size;
  amount notional;
  std::uint32_t prints = 0;
  std::uint64_t first_trade_id = 0;
  std::uint64_t last_trade_id = 0;
  timestamp venue_time{};  ///< of its first print
};

/// A large informed trader was seen.
struct whale_seen {
  instrument_id instrument = instrument_id::none;
  std::string detector;        ///< "zscore-baseline", …
  side dominant = side::buy;
  price first_price, last_price;
  quantity size;
  amount notional;
  double z = 0;                ///< size in deviations above the trailing mean, scored point excluded
  double impact = 0;           ///< relative price move of the order, in its direction
  double confidence = 0;       ///< in [0, 1]
  std::uint64_t first_trade_id = 0;
  timestamp venue_time{};
};

enum class regime : std::uint8_t { normal = 1, trending = 2, high_volatility = 3, crisis = 4 };

[[nodiscard]] constexpr std::string_view name_of(regime r) noexcept {
  switch (r) {
    case regime::normal: return "NORMAL";
    case regime::trending: return "TRENDING";
    case regime::high_volatility: return "HIGH_VOLATILITY";
    case regime::crisis: return "CRISIS";
  }
  return "UNKNOWN";
}

/// The state of an instrument's market changed; the measures that decided stand beside it.
struct regime_changed {
  instrument_id instrument = instrument_id::none;
  regime before = regime::normal;
  regime after = regime::normal;
  double volatility_ratio = 0;  ///< short over long realised volatility
  double trend = 0;             ///< t statistic of the mean return
  double criticality = 0;       ///< SOC score in [0, 1]
};

/// One part of a composite score: its value in [0, 1] in the direction of the signal and the weight it was given.
struct score_part {
  std::string name;
  double value = 0;
  double weight = 0;
};

/// A reason to trade: a side, a score above the threshold, and until when it holds.
struct signal_raised {
  instrument_id instrument = instrument_id::none;
  side direction = side::buy;
  double score = 0;       ///< composite in [0, 1]
  double threshold = 0;   ///< what it had to reach
  std::vector<score_part> parts;
  regime market_regime = regime::normal;
  price reference;        ///< last trade price
  timestamp valid_until{};
};

}  // namespace remora
