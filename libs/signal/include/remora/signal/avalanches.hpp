#pragma once

#include "remora/stats/log_histogram.hpp"
#include "remora/stats/window.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

/// Avalanches of activity: maximal runs of bins above a threshold, with the sum of what lies above as size. The threshold is the median
/// of a past stretch and holds for the next one, because a threshold that moves inside changes the exponent. At criticality a
/// mean-field branching process has sizes p(S) ∝ S^-1.5.
class avalanches {
 public:
  struct settings {
    std::uint64_t first_stretch = 600;     ///< bins before the first threshold
    std::uint64_t stretch = 36'000;        ///< bins for which a threshold holds
    std::uint32_t kept = 500;              ///< avalanches the exponent is found from
    std::uint64_t fit_every = 600;         ///< bins
  };
  avalanches() : avalanches(settings{}) {}
  explicit avalanches(const settings& rule);

  /// Takes the activity of a bin; false, and no change, when it is negative or not finite. O(1); a fit O(50 kept).
  bool push(double activity);

  [[nodiscard]] std::uint64_t count() const noexcept { return bins_; }
  /// Of the sizes' power law (Clauset's maximum likelihood), as of the last fit; none before 50 avalanches.
  [[nodiscard]] std::optional<double> exponent() const noexcept { return exponent_; }
  [[nodiscard]] std::optional<double> threshold() const noexcept { return threshold_; }

  template <class Archive>
  void archive(Archive& a) {
    a(rule_.first_stretch, rule_.stretch, rule_.kept, rule_.fit_every, bins_, until_, size_, threshold_, exponent_, activity_, sizes_);
  }

 private:
  void follow(double activity);
  void move_threshold();
  void fit();

  settings rule_;
  std::uint64_t bins_ = 0;
  std::uint64_t until_;             // the bin with which the stretch ends
  double size_ = 0;                 // of the avalanche that runs
  std::optional<double> threshold_;
  std::optional<double> exponent_;
  stats::log_histogram activity_;   // of the stretch
  stats::window sizes_;
};

}  // namespace remora::signal
