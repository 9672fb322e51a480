#pragma once

#include "remora/stats/ewma.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

/// How strongly orders excite orders, from the numbers of them in bins of one length: 1 - √(mean / variance) (Hardiman and Bouchaud
/// 2014), streaming. The variance is taken around a fading mean that was known before the bin, so that a rate that drifts slowly, as
/// by the time of day, does not look like excitement.
class branching_ratio {
 public:
  /// Half-lives in bins: of the mean, and of the squared distances from it.
  struct half_lives {
    double mean = 120;
    double variance = 60;
  };
  branching_ratio() : branching_ratio(half_lives{}) {}
  explicit branching_ratio(half_lives bins);

  /// Takes the count of a bin; false, and no change, when it is no count.
  bool push(double count) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return mean_.count(); }
  /// Variance over mean: fading mean of (count - mean)² / mean. None before it has seen `variance` bins, or no order.
  [[nodiscard]] std::optional<double> fano() const noexcept;
  /// In [0, 1); 0 where counts vary no more than a Poisson process does.
  [[nodiscard]] std::optional<double> value() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(warm_up_, mean_, dispersion_);
  }

 private:
  std::uint64_t warm_up_;
  stats::ewma mean_;
  stats::ewma dispersion_;
};

}  // namespace remora::signal
