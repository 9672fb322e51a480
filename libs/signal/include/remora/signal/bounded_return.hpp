#pragma once

#include "remora/stats/ewma.hpp"

namespace remora::signal {

/// Keeps one wrong price from ruling the variances of hours: a return counts for at most 20 of the fading deviations of those before it (half-life
/// five minutes of bars, never below a tick). A market that really moves doubles the bound in about a bar, so a crash is followed within
/// seconds; a jump of a million-fold counts as one very bad second.
class bounded_return {
 public:
  /// The return up to a close, in ticks and positive, as far as it counts; learns it.
  double add(double log_return, double close) noexcept;
  /// Returns that counted for less than they were.
  [[nodiscard]] std::uint64_t bounded() const noexcept { return bounded_; }
  [[nodiscard]] std::uint64_t count() const noexcept { return squares_.count(); }

  template <class Archive>
  void archive(Archive& a) {
    a(squares_, bounded_);
  }

 private:
  stats::ewma squares_ = stats::ewma::with_half_life(300);
  std::uint64_t bounded_ = 0;
};

}  // namespace remora::signal
