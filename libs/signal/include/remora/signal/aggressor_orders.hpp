#pragma once

#include "remora/market/context.hpp"
#include "remora/market/market_events.hpp"
#include "remora/market/signal_events.hpp"

#include <optional>

namespace remora::signal {

/// Merges the prints of one instrument into the orders that caused them: consecutive prints of one side belong together while they carry
/// the same venue stamp, or follow within 1 ms at prices that move in the aggressor's direction. An order is complete when a print
/// does not belong to it, or 5 ms after its last print.
class aggressor_orders {
 public:
  static constexpr milliseconds gap_max{1};
  static constexpr milliseconds timeout{5};

  struct order {
    aggressor_order_seen seen;
    origin from;  ///< of its last print
  };

  aggressor_orders() = default;

  /// Takes a print; returns the order before it, if this print does not belong to that.
  [[nodiscard]] std::optional<order> add(const trade_seen& print, const instrument& what, const context& ctx);
  /// The open order, if its time is over.
  [[nodiscard]] std::optional<order> expire(timestamp now);
  /// When the open order is complete at the latest.
  [[nodiscard]] std::optional<timestamp> deadline() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(open_, last_, last_venue_time_);
  }

 private:
  [[nodiscard]] bool belongs(const trade_seen& print) const noexcept;
  [[nodiscard]] std::optional<order> close();

  std::optional<order> open_;
  timestamp last_{};             // event time of the last print
  timestamp last_venue_time_{};  // its venue stamp
};

}  // namespace remora::signal
