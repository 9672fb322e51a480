#pragma once

#include "remora/market/market_events.hpp"

#include <deque>
#include <optional>

namespace remora::risk {

/// The relative returns of an instrument's one-minute bars.
class minute_returns {
 public:
  struct sample {
    timestamp minute{};
    double value = 0;
  };

  /// Takes the close of a one-minute bar; a return needs the bar of the minute before. Keeps `window` returns.
  void push(const bar_closed& bar, std::size_t window);
  [[nodiscard]] const std::deque<sample>& samples() const noexcept { return samples_; }

  template <class Archive>
  void archive(Archive& a) {
    a(samples_, last_minute_, last_close_);
  }

 private:
  std::deque<sample> samples_;
  timestamp last_minute_{};
  price last_close_;
};

/// Of the minutes that both have; none below `observations_min` of them or while one of the two does not move.
struct common_movement {
  std::size_t observations = 0;
  std::optional<double> correlation;
};
[[nodiscard]] common_movement movement_of(const minute_returns& x, const minute_returns& y, std::size_t observations_min);

}  // namespace remora::risk
