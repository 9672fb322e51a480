#include "remora/signal/evidence.hpp"

#include <algorithm>
#include <cmath>

namespace remora::signal {

features features_of(const evidence& what) noexcept {
  const double impact = std::log1p(std::clamp(what.impact, 0.0, 50.0));
  const double signs = std::clamp(what.signs, -10.0, 50.0) / 10;
  return {1, what.run ? 0 : std::clamp(what.size, 0.0, 12.0), impact, signs, std::clamp(what.support, -1.0, 1.0), what.run ? 1.0 : 0.0};
}

double raw_confidence_of(const evidence& what, const evidence_model& model) noexcept {
  const features x = features_of(what);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += model.weights[i] * x[i];
  return 1 / (1 + std::exp(-sum));
}

double confidence_of(const evidence& what, const evidence_model& model) noexcept {
  const double raw = raw_confidence_of(what, model);
  if (model.curve.empty()) return raw;
  const auto above = std::upper_bound(model.curve.begin(), model.curve.end(), raw, [](double x, const calibration_point& p) { return x < p.raw; });
  if (above == model.curve.begin()) return model.curve.front().calibrated;
  if (above == model.curve.end()) return model.curve.back().calibrated;
  const calibration_point &low = *(above - 1), &high = *above;
  return low.calibrated + (high.calibrated - low.calibrated) * (raw - low.raw) / (high.raw - low.raw);
}

}  // namespace remora::signal
