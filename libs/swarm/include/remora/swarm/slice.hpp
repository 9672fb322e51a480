#pragma once

#include "remora/market/order_events.hpp"

#include <optional>

namespace remora::swarm {

/// What the style of one child is chosen by. Prices in ticks; what is not known yet is none.
struct slice_view {
  side direction = side::buy;
  std::optional<price> bid, ask;
  price collar_low, collar_high;
  std::optional<double> deviation;         ///< σ of the middle, ticks per √second
  std::optional<double> adverse_move;      ///< what who rests loses within 5 s, ticks
  std::optional<double> fill_probability;  ///< of a child that rests at its own touch, before it would be cancelled
  double fee_saved = 0;                    ///< the taker's fee less the maker's, ticks
  double latency = 0;                      ///< seconds until an order arrives
  bool must_end = false;                   ///< little time is left, or it is an exit that cannot wait
  bool lags = false;                       ///< too little is filled for the time that has passed
  bool patient = false;                    ///< rests as long as costs are not known
  std::int64_t cross_ticks = 2;            ///< how far a taking child reaches as long as σ is not known
};

/// How a child goes.
struct style {
  time_in_force force = time_in_force::ioc;
  price limit;

  friend bool operator==(const style&, const style&) = default;
};

/// How far beyond the touch a taking child reaches: ⌈spread/2 + 2σ√latency⌉ ticks, at least one.
[[nodiscard]] std::int64_t reach_of(double spread, double deviation, double latency) noexcept;

/// That a child of `size` behind `queue` is reached while `flow` lots a second trade against it for `seconds`, if the volume of such a time is
/// exponential: exp(-(queue + size) / (flow * seconds)).
struct resting_child {
  quantity queue, size;
  double flow = 0;
  double seconds = 0;
};
[[nodiscard]] double fill_probability_of(const resting_child& child) noexcept;

/// Whether resting is the cheaper way: P(fill) · (spread + fee saved) > what is lost to who takes. In ticks.
[[nodiscard]] bool rests_cheaper(double fill_probability, double saved, double adverse_move) noexcept;

/// The taker's fee less the maker's in ticks at that price; of an inverse contract as well, whose fee is the same share of its coin.
[[nodiscard]] double fee_saved_at(const instrument& what, price at) noexcept;

/// Post-only at its own touch where resting is cheaper and the parent does not lag, an IOC limit `reach_of` beyond the other touch where not, and
/// a market order with the collar's edge as protection where it must end. Without the estimates: post-only if patient, else an IOC limit
/// `cross_ticks` beyond. None if such a child could not trade inside the collar.
[[nodiscard]] std::optional<style> style_of(const slice_view& slice) noexcept;

}  // namespace remora::swarm
