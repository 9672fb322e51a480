#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/signal/momentum.hpp"
#include "remora/signal/settings.hpp"

#include <optional>

namespace remora::signal {

/// What is known when a score is asked for.
struct score_input {
  side direction = side::buy;
  double whale_confidence = 0;
  std::optional<momentum_reading> moving;
  regime state = regime::normal;
  std::optional<double> imbalance;  ///< of the best queues, (bid - ask) / (bid + ask)
};

struct score {
  double value = 0;                 ///< weighted mean of the parts, in [0, 1]
  std::vector<score_part> parts;
};

/// Each part in [0, 1] in the direction of the trade: the whale's confidence, momentum's strength if it agrees, what the regime allows
/// (TRENDING 1, NORMAL 0.5, HIGH_VOLATILITY 0.25, CRISIS 0), and the share of the best queues on our side.
[[nodiscard]] score composite_score(const score_input& input, const composite_settings& settings);

}  // namespace remora::signal
