#pragma once

#include "remora/base/random.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/sim/hawkes_arrivals.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace remora::sim {

/// What a market is like while it is in one state.
struct regime_phase {
  double branching = 0.5;  ///< n of the arrivals of orders
  double deviation = 1;    ///< of a bar's return, in units of the calm deviation
  double drift = 0;        ///< of a bar's return, in units of the phase's own deviation; TRENDING draws its sign at each entry
  double depth = 1;        ///< displayed size, in units of the calm one
};

struct regime_market_settings {
  static constexpr double forever = std::numeric_limits<double>::infinity();

  std::uint64_t seed = 1;
  double mean_dwell = 600;       ///< bars a state lasts on average (geometric); `forever` stays in the first
  double deviation = 1e-4;       ///< of the logarithmic return of a calm bar
  double orders_per_second = 10; ///< at n = 0.5; the rate of spontaneous orders is the same in all states, so that only n changes
  /// NORMAL, TRENDING, HIGH_VOLATILITY, CRISIS.
  std::array<regime_phase, 4> phases{{{0.5, 1, 0, 1}, {0.5, 1, 0.15, 1}, {0.5, 3, 0, 1}, {0.95, 4, -0.3, 0.2}}};
};

/// One second of such a market, with the truth.
struct regime_bar {
  static constexpr std::size_t bins = 20;  ///< of 50 ms

  regime label = regime::normal;
  std::uint64_t age = 0;                      ///< bars since the label was entered; its first bar is 0
  double log_return = 0;
  double range = 0;                           ///< highest less lowest logarithm of the mid, quarter seconds apart
  std::array<std::uint32_t, bins> orders{};   ///< aggressor orders
  double volume = 0;                          ///< of these orders; a median order is 1
  double swept = 0;                           ///< the part in orders larger than what the best level showed
};

/// A market whose state is known: a Markov chain over the four regimes (the next is any of the other three alike), whose returns, order
/// flow and depth follow the state. Orders arrive as a Hawkes process (`hawkes_arrivals`), which goes on over a switch. For judging
/// regime detectors; it has no book and no prices, only what such a detector consumes.
class regime_market {
 public:
  explicit regime_market(const regime_market_settings& settings = {});

  /// The next second; the object is the market's and holds until the next call.
  const regime_bar& next();
  /// Makes the next bar the first of that state.
  void enter(regime label);

 private:
  void wander();
  void move_price();
  void take_orders();
  void take_order(double time);
  [[nodiscard]] const regime_phase& phase() const noexcept;

  regime_market_settings settings_;
  philox labels_, returns_, arrival_times_, sizes_;
  hawkes_arrivals arrivals_;
  regime_bar bar_;
  double drift_ = 0;         // of the state that holds, with its sign
  double second_ = 0;        // end of the last bar
  double next_order_ = 0;    // seconds from the beginning
  bool entered_ = true;      // the next bar is the first of its state
};

}  // namespace remora::sim
