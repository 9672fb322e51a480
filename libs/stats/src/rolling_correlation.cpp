#include "remora/stats/rolling_correlation.hpp"

#include "remora/base/assert.hpp"
#include "remora/stats/kernels.hpp"

#include <limits>

namespace remora::stats {
namespace {

constexpr std::size_t pairs_min = 3;

struct second_moments {
  double xx = 0;
  double xy = 0;
  double yy = 0;
};

std::optional<double> correlation(const second_moments& m) noexcept {
  const double scale = std::sqrt(m.xx) * std::sqrt(m.yy);
  if (!(scale > 0)) return std::nullopt;
  return std::clamp(m.xy / scale, -1.0, 1.0);
}

centred about_mean(std::span<const double> values) noexcept { return {values, sum(values) / static_cast<double>(values.size())}; }

/// Σ(x - mean)², but 0 where it is only the rounding of the mean of equal values.
double spread(const centred& x) noexcept {
  const double count = static_cast<double>(x.values.size());
  const double rounding = count * std::numeric_limits<double>::epsilon() * std::abs(x.mean);
  const double squares = sum_of_squared_deviations(x);
  return squares <= count * rounding * rounding ? 0 : squares;
}

}  // namespace

bool rolling_correlation::push(const paired_sample& pair) {
  if (!is_sample(pair.x) || !is_sample(pair.y)) return false;
  x_.push(pair.x);
  y_.push(pair.y);
  return true;
}

std::optional<double> rolling_correlation::value() const noexcept {
  if (count() < pairs_min) return std::nullopt;
  const centred x = about_mean(x_.values());
  const centred y = about_mean(y_.values());
  return correlation({spread(x), sum_of_cross_deviations(x, y), spread(y)});
}

ewma_correlation::ewma_correlation(double lambda) : lambda_(lambda) { REMORA_ASSERT(lambda >= 0 && lambda < 1); }

bool ewma_correlation::push(const paired_sample& returns) noexcept {
  if (!is_sample(returns.x) || !is_sample(returns.y)) return false;
  ++count_;
  weight_ = lambda_ * weight_ + (1 - lambda_);
  const double gain = (1 - lambda_) / weight_;
  xx_ += gain * (returns.x * returns.x - xx_);
  xy_ += gain * (returns.x * returns.y - xy_);
  yy_ += gain * (returns.y * returns.y - yy_);
  return true;
}

std::optional<double> ewma_correlation::value() const noexcept {
  return count_ < pairs_min ? std::nullopt : correlation({xx_, xy_, yy_});
}

}  // namespace remora::stats
