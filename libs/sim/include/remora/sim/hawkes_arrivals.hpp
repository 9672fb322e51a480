#pragma once

#include "remora/base/random.hpp"

#include <array>
#include <cstddef>

namespace remora::sim {

/// Arrivals that excite further arrivals: intensity λ(t) = μ + Σ over past arrivals and decays k of (n_k β_k) e^(-β_k age).
struct hawkes_settings {
  static constexpr std::size_t decays = 3;
  double rate = 20;                                    ///< arrivals a second on average: μ / (1 - n)
  double branching = 0.7;                              ///< n in [0, 1): arrivals that an arrival causes, all generations' share
  std::array<double, decays> decay{2.0, 8.0, 32.0};    ///< β_k, a second; fast enough that ten seconds show all of n
  std::array<double, decays> share{0.3, 0.4, 0.3};     ///< of n; sums to 1
};

/// Exact sampling (Dassios and Zhao 2013, each decay on its own): no step, no thinning; O(decays) an arrival.
class hawkes_arrivals {
 public:
  explicit hawkes_arrivals(const hawkes_settings& settings = {});

  /// Seconds until the next arrival, which then excites.
  [[nodiscard]] double next(philox& draws) noexcept;
  /// Intensity right after the last arrival, a second.
  [[nodiscard]] double intensity() const noexcept;
  /// Other n and mean rate from now on; what was excited goes on.
  void retune(double rate, double branching) noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(base_, decay_, share_, branching_, excited_);
  }

 private:
  double base_;  // μ
  std::array<double, hawkes_settings::decays> decay_, share_;
  double branching_;
  std::array<double, hawkes_settings::decays> excited_{};
};

}  // namespace remora::sim
