#include "remora/risk/kelly_shares.hpp"

namespace remora::risk {

std::optional<std::vector<double>> kelly_shares(std::span<const double> means, const stats::symmetric_matrix& covariance, double ridge) {
  if (!(ridge >= 0)) return std::nullopt;
  double trace = 0;
  for (std::size_t i = 0; i < covariance.size(); ++i) trace += covariance.at(i, i);
  stats::symmetric_matrix ridged = covariance;
  for (std::size_t i = 0; i < covariance.size(); ++i) ridged.at(i, i) += ridge * trace / static_cast<double>(covariance.size());
  return stats::solve(ridged, means);
}

}  // namespace remora::risk
