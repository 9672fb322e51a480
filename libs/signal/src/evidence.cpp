#include "remora/signal/evidence.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

features features_of(const evidence& what) noexcept {
  constexpr double size_max = 12, impact_max = 50, signs_max = 50, signs_min = -10, nats = 10;
  return {what.run ? 0 : std::clamp(what.size, 0.0, size_max), std::log1p(std::clamp(what.impact, 0.0, impact_max)),
          std::clamp(what.signs, signs_min, signs_max) / nats, std::clamp(what.support, -1.0, 1.0), what.run ? 1.0 : 0.0};
}

double confidence_of(const evidence& what, const evidence_model& model) noexcept {
  const features x = features_of(what);
  return model.curve.value(model.linear.probability(x));
}

}  // namespace remora::signal
