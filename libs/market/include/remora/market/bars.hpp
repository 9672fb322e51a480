#pragma once

#include "remora/market/market_events.hpp"

#include <optional>
#include <vector>

namespace remora {

/// Builds the bars of one instrument and one period from its trades. Periods start at multiples of the period since 1970.
/// A period without trades repeats the last close with zero volume; after `empty_bars_max` of them in one step of time the rest is
/// left out, so that a hole of a week costs no more than a hole of two minutes (1 s bars) or two hours (1 min bars).
class bar_builder {
 public:
  static constexpr int empty_bars_max = 120;

  bar_builder() = default;
  bar_builder(instrument_id instrument, nanoseconds period) noexcept : instrument_(instrument), period_(period) {}

  /// Adds a trade at event time `now`, which never runs backwards; bars that ended by then are appended to `out` first.
  void add(const trade_seen& trade, timestamp now, std::vector<bar_closed>& out);
  /// Appends every bar that ended at or before `now`.
  void close_until(timestamp now, std::vector<bar_closed>& out);
  /// End of the open bar; `never` before the first trade.
  [[nodiscard]] timestamp next_close() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(instrument_, period_, open_bar_);
  }

 private:
  [[nodiscard]] timestamp period_start(timestamp now) const noexcept;
  [[nodiscard]] bar_closed empty_bar(timestamp open_time, price at) const noexcept;

  instrument_id instrument_ = instrument_id::none;
  nanoseconds period_ = seconds(1);
  std::optional<bar_closed> open_bar_;
};

}  // namespace remora
