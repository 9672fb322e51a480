#pragma once

#include "remora/market/market_events.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace remora::risk {

/// Close over the close of the minute before, less 1.
struct minute_return {
  instrument_id instrument = instrument_id::none;
  double value = 0;

  template <class Archive>
  void archive(Archive& a) {
    a(instrument, value);
  }
};

/// The returns of one minute, in the order of instruments, each once. Who has no bar of this minute or the one before is not in it.
struct minute_row {
  timestamp minute{};
  std::vector<minute_return> returns;

  template <class Archive>
  void archive(Archive& a) {
    a(minute, returns);
  }
};

/// Gathers the one-minute bars of many instruments, which come one by one, into rows. O(log instruments) a bar.
class minute_rows {
 public:
  /// Takes a bar; one of a later minute than the row at work completes that row, which is given back. Bars of other periods and without a
  /// price are passed over; one that comes after its row is not counted, but its close is.
  std::optional<minute_row> push(const bar_closed& bar);
  /// Completes the row at work if it is of an earlier minute than this; none if there is none.
  std::optional<minute_row> close_before(timestamp minute);

  template <class Archive>
  void archive(Archive& a) {
    a(last_, at_work_, minute_);
  }

 private:
  struct last_bar {
    timestamp minute{};
    std::int64_t ticks = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(minute, ticks);
    }
  };

  std::map<instrument_id, last_bar> last_;
  std::map<instrument_id, double> at_work_;
  timestamp minute_{};
};

}  // namespace remora::risk
