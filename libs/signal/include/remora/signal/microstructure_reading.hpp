#pragma once

#include <optional>

namespace remora::signal {

/// What the quotes, trades and book of one instrument say at one moment. None means: not ready, or nothing there. Prices and moves in
/// ticks, volumes in lots, spreads and impact relative to the mid; signs: buying positive.
struct microstructure_reading {
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

}  // namespace remora::signal
