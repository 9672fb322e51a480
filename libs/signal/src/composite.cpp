#include "remora/signal/composite.hpp"

#include <algorithm>

namespace remora::signal {
namespace {

double momentum_part(const score_input& input) noexcept {
  if (!input.moving || input.moving->t * sign_of(input.direction) <= 0) return 0;
  return input.moving->strength();
}

double regime_part(regime state) noexcept {
  switch (state) {
    case regime::trending: return 1;
    case regime::normal: return 0.5;
    case regime::high_volatility: return 0.25;
    case regime::crisis: return 0;
  }
  return 0;
}

double imbalance_part(const score_input& input) noexcept {
  if (!input.imbalance) return 0;
  return std::clamp(0.5 + 0.5 * *input.imbalance * sign_of(input.direction), 0.0, 1.0);
}

}  // namespace

score composite_score(const score_input& input, const composite_settings& settings) {
  score total;
  total.parts = {{"whale", std::clamp(input.whale_confidence, 0.0, 1.0), settings.whale_weight},
                 {"momentum", momentum_part(input), settings.momentum_weight},
                 {"regime", regime_part(input.state), settings.regime_weight},
                 {"imbalance", imbalance_part(input), settings.imbalance_weight}};
  double weights = 0;
  for (const score_part& part : total.parts) {
    total.value += part.weight * part.value;
    weights += part.weight;
  }
  total.value = weights > 0 ? total.value / weights : 0;
  return total;
}

}  // namespace remora::signal
