#pragma once

#include <optional>
#include <span>

namespace remora::stats {

/// The law of excesses over a high threshold, P(Y > y) = (1 + shape y / scale)^(-1 / shape); exponential at shape 0.
struct generalised_pareto {
  double shape = 0;
  double scale = 1;

  /// P(Y > y), 0 beyond the end of a bounded law; 1 for y <= 0.
  [[nodiscard]] double survival(double y) const noexcept;
  /// The y with P(Y > y) = p, p in (0, 1].
  [[nodiscard]] double quantile(double p) const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(shape, scale);
  }
};

/// Excesses a fit asks for at least: below that the shape is noise.
inline constexpr std::size_t pareto_excesses_min = 50;

/// Maximum likelihood by the one-dimensional profile (Grimshaw 1993): with θ = shape / scale, shape(θ) = mean ln(1 + θ y), and
/// ln(shape / θ) + 1 + shape is minimised over θ > -1 / max y, the exponential law being the case θ = 0. Excesses are scaled by their
/// mean first, so their unit does not matter. None for fewer than `pareto_excesses_min` of them, or one that is not positive and finite.
/// O(60 n); allocates nothing.
[[nodiscard]] std::optional<generalised_pareto> fit_generalised_pareto(std::span<const double> excesses) noexcept;

}  // namespace remora::stats
