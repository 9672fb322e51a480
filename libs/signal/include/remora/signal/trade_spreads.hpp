#pragma once

#include "remora/base/ring.hpp"
#include "remora/base/time.hpp"
#include "remora/market/types.hpp"
#include "remora/stats/ewma.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

struct trade_spreads_settings {
  nanoseconds horizon = seconds(5);
  double half_life = 500;            ///< trades
  std::uint32_t pending_max = 4096;  ///< trades that wait for their horizon
  std::uint64_t trades_min = 30;     ///< before anything is told
};

/// What trades pay, relative to the mid m before them, sign s of the aggressor: effective half spread s(p - m)/m, realised s(p - m₊)/m with
/// the mid m₊ after the horizon, and impact s(m₊ - m)/m, the difference. Means fade by trade. O(1) amortised; 32 bytes a waiting trade: one
/// that comes while `pending_max` wait is not measured, and counted.
class trade_spreads {
 public:
  explicit trade_spreads(const trade_spreads_settings& settings = {});

  /// Learns the mid in ticks from this time on; false, and no change, when it is not positive or its time lies before the last event's.
  bool add_mid(double mid, timestamp time);
  /// Learns a trade; false, and no change, without a mid, for a price that is not positive, or when its time lies before the last event's.
  bool add_trade(price at, side aggressor, timestamp time);
  /// Forgets the mid and the trades that wait, for a feed that broke off.
  void restart() noexcept;

  [[nodiscard]] std::optional<double> effective() const noexcept { return told(effective_); }
  [[nodiscard]] std::optional<double> realised() const noexcept { return told(realised_); }
  [[nodiscard]] std::optional<double> impact() const noexcept { return told(impact_); }
  /// Trades measured to their horizon.
  [[nodiscard]] std::uint64_t count() const noexcept { return realised_.count(); }
  /// Trades not measured because too many waited.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

  template <class Archive>
  void archive(Archive& a) {
    a(horizon_, pending_max_, trades_min_, pending_, mid_, last_time_, effective_, realised_, impact_, dropped_);
  }

 private:
  struct waiting {
    timestamp due{};
    double paid = 0;  // s(p - m)/m
    double mid = 0;
    double sign = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(due, paid, mid, sign);
    }
  };

  [[nodiscard]] std::optional<double> told(const stats::ewma& mean) const noexcept {
    return mean.count() < trades_min_ ? std::nullopt : std::optional(mean.mean());
  }
  void settle(timestamp now);

  nanoseconds horizon_;
  std::uint64_t pending_max_;
  std::uint64_t trades_min_;
  ring<waiting> pending_;
  std::optional<double> mid_;
  timestamp last_time_{};
  stats::ewma effective_;
  stats::ewma realised_;
  stats::ewma impact_;
  std::uint64_t dropped_ = 0;
};

}  // namespace remora::signal
