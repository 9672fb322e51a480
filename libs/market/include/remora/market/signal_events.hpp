#pragma once

#include "remora/base/time.hpp"
#include "remora/market/instrument.hpp"

#include <cstdint>
#include <optional>
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
  std::string detector;        ///< "extreme-value", "metaorder", "zscore-baseline"
  side dominant = side::buy;
  price first_price, last_price;
  quantity size;
  amount notional;
  double z = 0;                ///< size in deviations above the trailing mean, scored point excluded
  double impact = 0;           ///< relative price move of the order, in its direction
  double confidence = 0;       ///< in [0, 1]
  std::uint64_t first_trade_id = 0;
  timestamp venue_time{};
  std::uint64_t last_trade_id = 0;
  std::uint64_t orders = 1;    ///< aggressor orders it stands for: of a metaorder all since its side began to prevail
  double size_evidence = 0;    ///< -log10 of the probability of an order as large, at most 12; 0 = not judged yet
  double sign_evidence = 0;    ///< log-likelihood ratio, in nats, that its side is being worked off, less the other side's
  double impact_ratio = 0;     ///< impact over that of the square-root law; 0 = not known
  double book_support = 0;     ///< what walls and icebergs say for its direction, in [-1, 1]
  amount floor;                ///< notional that it had to reach
  timestamp since{};           ///< of a metaorder: when its side began to prevail; of one order its venue time
};

/// What became of an order, or of a run of orders, that was large enough to be weighed.
enum class weighing : std::uint8_t {
  whale = 1,        ///< told as whale_seen
  below_floor = 2,  ///< too small in money
  withheld = 3,     ///< beyond the threshold, but the budget of alarms was used up
  ordinary = 4,     ///< large, and not beyond the threshold
};
[[nodiscard]] constexpr std::string_view name_of(weighing w) noexcept {
  constexpr std::string_view names[] = {"none", "whale", "below_floor", "withheld", "ordinary"};
  return name_at(names, w);
}

/// A candidate that was weighed, with what spoke for it: all that could have been whales, so that their confidence can be audited.
struct candidate_weighed : whale_seen {
  weighing result = weighing::ordinary;
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
  double volatility_ratio = 0;  ///< of the last returns over its calm level
  double trend = 0;             ///< probability of a drift in [0, 1], with the sign of its direction
  double criticality = 0;       ///< SOC score in [0, 1]; 0 while it warms up
};

/// What quotes, trades and book of one instrument say, once a second. None = not ready, or nothing there. Prices and moves in ticks,
/// volumes in lots, spreads and impact relative to the mid; signs: buying positive.
struct flow_measured {
  instrument_id instrument = instrument_id::none;
  std::optional<double> queue_imbalance;      ///< of the best sizes, in [-1, 1]
  std::optional<double> weighted_mid;
  std::optional<double> micro_price;
  std::optional<double> micro_adjustment;     ///< micro_price less mid
  std::optional<double> order_flow;           ///< best level, last complete interval
  std::optional<double> deep_order_flow;      ///< several levels of the book, weighted
  std::optional<double> order_flow_slope;     ///< ticks of mid a lot of order_flow
  std::optional<double> order_flow_r2;
  std::optional<double> deep_order_flow_slope;
  std::optional<double> deep_order_flow_r2;
  std::optional<double> vpin;
  std::optional<double> vpin_rank;            ///< from 0.95: toxic
  std::optional<double> kyle_lambda;          ///< ticks a lot
  std::optional<double> kyle_t;
  std::optional<double> effective_half_spread;
  std::optional<double> realised_half_spread; ///< after 5 s
  std::optional<double> impact;               ///< effective less realised
  std::optional<double> roll_spread;          ///< ticks
  std::optional<double> realised_variance;    ///< of the window
  std::optional<double> bipower_variation;
  std::optional<double> jump_share;           ///< in [0, 1]
  std::optional<double> buying_iceberg;       ///< confidence of the strongest, on the bid
  std::optional<double> selling_iceberg;
  std::optional<double> wall_pressure;        ///< in [-1, 1], spoofs counted for the other side
  std::optional<double> bid_wall;             ///< size of the largest
  std::optional<double> ask_wall;
  std::optional<double> bid_wall_spoof;       ///< its score
  std::optional<double> ask_wall_spoof;
};

/// The signs of criticality of one instrument and what its regime is judged by, once a second. None = not ready.
struct criticality_measured {
  instrument_id instrument = instrument_id::none;
  std::optional<double> soc;                  ///< in [0, 1]; above s for 1 - s of the time while a market stays what it was
  std::optional<double> branching_quarter;    ///< branching ratio of orders in bins of 250 ms, in [0, 1)
  std::optional<double> branching_second;     ///< of 1 s
  std::optional<double> branching_ten;        ///< of 10 s
  std::optional<double> fano;                 ///< variance over mean of orders a second
  std::optional<double> autocorrelation;      ///< lag 1, of the logarithm of orders a second without its slow part
  std::optional<double> variance_ratio;       ///< realised variance, half-life a minute over an hour
  std::optional<double> avalanche_exponent;   ///< of sizes; 1.5 at criticality
  std::optional<double> sweep_share;          ///< of volume, in orders through more than one price
  double volatility_ratio = 1;                ///< of the last returns over its calm level
  std::optional<double> trend_t;              ///< t statistic of the mean return
  std::optional<double> efficiency;           ///< net over total move, in [0, 1]
  double trend_probability = 0;               ///< of a drift, with the sign of its direction
  double crisis_probability = 0;              ///< that turbulence is a crisis; 0.5 without turbulence
  regime state = regime::normal;
  std::uint64_t bars = 0;                     ///< so far
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
  nanoseconds horizon{0}; ///< how long what it follows is likely to go on; of a single order as long as the signal is valid
};

}  // namespace remora
