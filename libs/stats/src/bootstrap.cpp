#include "remora/stats/bootstrap.hpp"

#include <algorithm>
#include <vector>

namespace remora::stats {

std::optional<interval> bootstrap_mean(std::span<const double> samples, double level, std::size_t resamples, philox& draws) {
  if (samples.size() < 2 || resamples < 2 || !(level > 0 && level < 1)) return std::nullopt;
  std::vector<double> means(resamples);
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) sum += samples[draws.below(samples.size())];
    mean = sum / static_cast<double>(samples.size());
  }
  std::sort(means.begin(), means.end());
  const auto at = [&](double share) { return means[static_cast<std::size_t>(share * static_cast<double>(resamples - 1))]; };
  return interval{at((1 - level) / 2), at((1 + level) / 2)};
}

}  // namespace remora::stats
