#pragma once

#include "remora/stats/trailing_rank.hpp"
#include "remora/stats/window.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

/// Volatility in units of its own calm level. Now is the root mean square of the last returns. Calm is the lowest decile of that over a
/// long past, and not its median: where half of all time is turbulent the median lies anywhere between calm and turbulent, while the
/// lowest decile is calm as long as a tenth of the time was. A decile of calm values lies below their middle by the spread of a root
/// mean square; that is divided out as if half of the past had been calm.
class relative_volatility {
 public:
  struct settings {
    std::uint32_t window = 20;        ///< returns of now
    std::uint32_t past = 14'400;      ///< values whose lowest decile is taken
  };
  relative_volatility() : relative_volatility(settings{}) {}
  explicit relative_volatility(const settings& rule);

  /// Takes a return; false, and no change, when it is not finite. O(window).
  bool push(double log_return);

  [[nodiscard]] std::uint64_t count() const noexcept { return past_.count(); }
  /// Root mean square of the last returns; none before there are `window`.
  [[nodiscard]] std::optional<double> now() const;
  /// Of a calm bar, and not below `floor` (a tick: a price that hardly moves is not measured finer than its grid). None as above.
  [[nodiscard]] std::optional<double> calm(double floor) const;

  template <class Archive>
  void archive(Archive& a) {
    a(below_middle_, returns_, past_);
  }

 private:
  double below_middle_;          // the 20 % point of a root mean square of `window` normal returns
  stats::window returns_;
  stats::trailing_rank past_;
};

}  // namespace remora::signal
