#pragma once

#include "remora/stats/ewma.hpp"
#include "remora/stats/trailing_rank.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace remora::signal {

/// Six measures made one score in [0, 1] whose base rate is known: each is ranked among its own last values, the ranks become normal
/// scores z = Φ⁻¹(rank within [0.001, 0.999]), and score = Φ(Σ w z / √(wᵀ R w)) (Stouffer), with R the fading correlation of the z
/// (about 0, λ = 0.999). On a stationary stream the score is uniform, so it lies above s for 1 - s of the time.
class rank_score {
 public:
  static constexpr std::size_t measures = 6;
  static constexpr std::array<double, measures> weights{.3, .2, .15, .15, .1, .1};
  /// Not negative: a measure is ranked by any increasing function of it, to 1 % of its value. None: not there, and left out of the sum.
  using values = std::array<std::optional<double>, measures>;

  explicit rank_score(std::uint32_t window = 7'200);

  /// Ranks the values among those before them, then learns them. None while no value has a rank.
  std::optional<double> add(const values& measured);

  /// Calls of `add`.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Of the last values, in [0, 1].
  [[nodiscard]] const values& ranks() const noexcept { return ranks_; }

  template <class Archive>
  void archive(Archive& a) {
    a(count_, ranks_, past_, products_);
  }

 private:
  [[nodiscard]] double correlation(std::size_t i, std::size_t j) const noexcept;

  std::uint64_t count_ = 0;
  values ranks_;
  std::array<stats::trailing_rank, measures> past_;
  std::array<stats::ewma, measures * (measures + 1) / 2> products_;  // of z_i and z_j, j <= i, row by row
};

}  // namespace remora::signal
