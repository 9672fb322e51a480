#pragma once

#include "remora/stats/trailing_rank.hpp"
#include "remora/stats/window.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

/// Volatility in units of its own calm level. Now is the root mean square of the last returns. Calm is the lowest decile, over a long
/// past, of the root mean square of five minutes, and not the median: where half of all time is turbulent the median lies anywhere
/// between calm and turbulent, while the lowest decile is calm as long as a tenth of the time was. Five minutes, because most seconds
/// of a real market do not move, and a lucky lull of some seconds is not what calm means. A decile of calm values lies below their
/// middle by the spread of a root mean square; that is divided out as if half of the past had been calm.
class relative_volatility {
 public:
  struct settings {
    std::uint32_t window = 20;        ///< returns of now
    std::uint32_t calm_window = 300;  ///< returns of a value of the past
    std::uint32_t past = 14'400;      ///< values whose lowest decile is taken
  };
  relative_volatility() : relative_volatility(settings{}) {}
  explicit relative_volatility(const settings& rule);

  /// Takes a return; false, and no change, when it is not finite. O(window + calm_window), vectorised.
  bool push(double log_return);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Root mean square of the last returns; none before there are `window`.
  [[nodiscard]] std::optional<double> now() const;
  /// Of a calm bar, and not below `floor` (a tick: a price that hardly moves is not measured finer than its grid). None as above; before
  /// there are `calm_window` returns, from as many as there are.
  [[nodiscard]] std::optional<double> calm(double floor) const;

  template <class Archive>
  void archive(Archive& a) {
    a(below_middle_, count_, returns_, calm_returns_, past_);
  }

 private:
  double below_middle_;          // the 20 % point of a root mean square of `calm_window` normal returns
  std::uint64_t count_ = 0;
  stats::window returns_;
  stats::window calm_returns_;
  stats::trailing_rank past_;
};

}  // namespace remora::signal
