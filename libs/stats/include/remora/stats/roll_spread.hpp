#pragma once

#include "remora/stats/rolling_correlation.hpp"

#include <cstdint>
#include <optional>

namespace remora::stats {

/// The spread that the bounce of trade prices betrays (Roll 1984): 2√(-cov(ΔPₜ, ΔPₜ₋₁)), 0 when the covariance is not negative. Changes are
/// taken to have mean zero, and fade by `lambda` a trade. O(1).
class roll_spread {
 public:
  explicit roll_spread(double lambda = 0.998, std::uint64_t pairs_min = 100) : changes_(lambda), pairs_min_(pairs_min) {}

  /// Learns a trade's price; false, and no change, when it is not a sample.
  bool push(double price) noexcept;

  /// Pairs of consecutive changes.
  [[nodiscard]] std::uint64_t count() const noexcept { return changes_.count(); }
  /// In the unit of the prices; none before `pairs_min` pairs.
  [[nodiscard]] std::optional<double> value() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(changes_, pairs_min_, last_price_, last_change_);
  }

 private:
  ewma_correlation changes_;
  std::uint64_t pairs_min_;
  std::optional<double> last_price_;
  std::optional<double> last_change_;
};

}  // namespace remora::stats
