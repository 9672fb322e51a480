#pragma once

#include "remora/market/types.hpp"
#include "remora/stats/ewma.hpp"

#include <optional>

namespace remora::signal {

/// What the square-root law (`square_root_impact`) expects an order to move the price by, from the deviation of returns and the volume of
/// one period. Over a day and over a second it is the same, since both grow with time: here bars of one second with a half-life of ten
/// minutes.
class impact_expectation {
 public:
  impact_expectation() : squares_(stats::ewma::with_half_life(half_life)), volume_(stats::ewma::with_half_life(half_life)) {}

  /// Takes a bar; what is not finite or negative is refused without a change.
  void add(double log_return, quantity traded) noexcept;
  /// Relative move, > 0; none before a minute of bars, or while nothing moved or traded.
  [[nodiscard]] std::optional<double> of(quantity size) const noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return squares_.count(); }

  template <class Archive>
  void archive(Archive& a) {
    a(squares_, volume_);
  }

 private:
  static constexpr double half_life = 600;  // bars

  stats::ewma squares_, volume_;
};

}  // namespace remora::signal
