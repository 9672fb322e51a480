#include "remora/stats/panel.hpp"

#include "kernel_table.hpp"
#include "remora/base/assert.hpp"
#include "remora/stats/sample.hpp"

#include <algorithm>
#include <cmath>

namespace remora::stats {
namespace {

constexpr std::uint64_t replacements_max = 1024;

std::size_t whole_lanes(std::size_t count) noexcept { return (count + lane_count - 1) / lane_count * lane_count; }

double weight_of(double half_life) {
  REMORA_ASSERT(half_life > 0);
  return 1 - std::exp2(-1 / half_life);
}

quote_columns zeros(std::size_t width) {
  const column none(width);
  return {none, none, none, none};
}

}  // namespace

panel::panel(std::size_t instruments, const panel_settings& settings)
    : count_(instruments), width_(whole_lanes(instruments)), window_(settings.window), fading_(weight_of(settings.half_life)),
      correlation_fading_(weight_of(settings.correlation_half_life)), next_(width_), rows_(width_ * window_), mean_(width_), squares_(width_),
      z_(width_), fading_mean_(width_), fading_variance_(width_), quotes_(zeros(width_)), quotes_before_(quotes_), flow_(width_),
      covariance_(settings.correlations ? width_ * width_ : 0) {
  REMORA_ASSERT(instruments > 0 && settings.window > 1);
}

void panel::step() {
  clean();
  if (filled_ > 1) kernels().panel.score(z_.data(), next_.data(), mean_.data(), squares_.data(), 1.0 / static_cast<double>(filled_ - 1), width_);
  learn_row();
  kernels().panel.fade(fading_mean_.data(), fading_variance_.data(), next_.data(), fading_, width_);
  learn_covariance();
  take_flow();
  ++steps_;
  std::fill(next_.begin(), next_.end(), 0.0);
}

void panel::clean() noexcept {
  for (double& x : next_) x = is_sample(x) ? x : 0;
}

void panel::learn_row() noexcept {
  const auto& kernel = kernels().panel;
  if (filled_ < window_) {
    std::copy(next_.begin(), next_.end(), row(filled_++).begin());
    return kernel.add(mean_.data(), squares_.data(), next_.data(), 1.0 / static_cast<double>(filled_), width_);
  }
  const auto leaving = row(oldest_);
  kernel.replace(mean_.data(), squares_.data(), {next_.data(), leaving.data()}, 1.0 / static_cast<double>(window_), width_);
  std::copy(next_.begin(), next_.end(), leaving.begin());
  oldest_ = oldest_ + 1 == window_ ? 0 : oldest_ + 1;
  if (steps_ % replacements_max == 0) rebuild();
}

/// Keeps out the rounding of the replacements.
void panel::rebuild() noexcept {
  std::fill(mean_.begin(), mean_.end(), 0.0);
  std::fill(squares_.begin(), squares_.end(), 0.0);
  for (std::size_t n = 0; n < window_; ++n) kernels().panel.add(mean_.data(), squares_.data(), row(n).data(), 1.0 / static_cast<double>(n + 1), width_);
}

void panel::learn_covariance() noexcept {
  if (covariance_.empty()) return;
  for (std::size_t i = 0; i < count_; ++i) {
    kernels().panel.fade_product(covariance_.data() + i * width_, next_.data(), next_[i], correlation_fading_, whole_lanes(i + 1));
  }
}

void panel::take_flow() noexcept {
  if (steps_ > 0) {
    const level_columns bid{quotes_.bid_price.data(), quotes_.bid_size.data(), quotes_before_.bid_price.data(), quotes_before_.bid_size.data()};
    const level_columns ask{quotes_.ask_price.data(), quotes_.ask_size.data(), quotes_before_.ask_price.data(), quotes_before_.ask_size.data()};
    kernels().panel.flow(flow_.data(), bid, ask, width_);
  }
  quotes_before_ = quotes_;  // of the same sizes: nothing is allocated
}

double panel::correlation(std::size_t one, std::size_t other) const {
  REMORA_ASSERT(!covariance_.empty() && one < count_ && other < count_);
  const auto at = [&](std::size_t i, std::size_t j) { return covariance_[std::max(i, j) * width_ + std::min(i, j)]; };
  const double scale = std::sqrt(at(one, one)) * std::sqrt(at(other, other));
  return scale > 0 ? std::clamp(at(one, other) / scale, -1.0, 1.0) : 0;
}

}  // namespace remora::stats
