#pragma once

#include "remora/market/risk_events.hpp"
#include "remora/risk/correlation_matrix.hpp"
#include "remora/risk/value_at_risk.hpp"
#include "remora/stats/column.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace remora::risk {

struct gauge_settings {
  correlation_settings correlations{};
  std::uint32_t window = 1'440;            ///< minutes of the past that are played on today's positions
  std::uint32_t observations_min = 250;    ///< of them, below which history says nothing
  double level = 0.95;                     ///< the probability that a loss is not larger
  std::chrono::minutes horizon{1'440};     ///< over which the loss is told
};

/// Signed value of each position, in the currency of equity.
using exposures_type = std::map<instrument_id, double>;

/// What today's portfolio may lose over a day, and on what it hangs.
///
/// - Historical: filtered historical simulation (Hull and White 1998). Each past minute's return was divided by the deviation foreseen for
///   that minute; times today's deviation it happens again to today's positions, in all names at once. A minute that a held name lacks is
///   left out.
/// - Normal: of deviation √(eᵀ C e), C the shrunk covariance, e the positions.
/// - Cornish–Fisher: the same deviation, bent by the skew and kurtosis of the losses of the historical simulation; none where invalid.
///
/// All three are of one minute, times √(minutes of the horizon): minutes are taken as independent, of mean zero, and the day as volatile as
/// it is now. Over a day, tails are nearer to the normal law than over a minute, trends make losses larger and reversals smaller than this.
///
/// A position's value is taken to move as its price does: for inverse contracts that is the first order.
///
/// A minute costs O(n²) (`correlation_matrix`), a measure O(held × window + held³) and a sort of the window. Memory: 8 × window bytes a
/// name (12 kB), 72 bytes a pair.
class risk_gauge {
 public:
  explicit risk_gauge(const gauge_settings& settings = {});

  /// Its correlations are judged from now on.
  void list(instrument_id instrument) { correlations_.list(instrument); }
  /// Takes a bar; others than those of a minute are passed over. Measures see a minute when it is complete: with the first bar of a later
  /// one, or at `close_before`.
  void push(const bar_closed& bar);
  /// What is before this minute is complete.
  void close_before(timestamp minute);
  /// Learns a complete minute; false, and no change, when the row is refused (`correlation_matrix::push`).
  bool push(const minute_row& row);

  /// The name that beta and correlation are told against; none at first.
  void set_benchmark(instrument_id benchmark) noexcept { benchmark_ = benchmark; }

  /// Losses are shares of equity. What is not ready or not known is none in the answer, with leverage and concentration told all the same:
  /// a name without history makes every loss none, so who limits losses refuses. Nothing held loses nothing. None for an exposure that is no
  /// number or an equity that is not positive.
  [[nodiscard]] std::optional<risk_measured> measure(const exposures_type& exposures, double equity) const;

  /// Minutes learned.
  [[nodiscard]] std::uint64_t count() const noexcept { return correlations_.count(); }
  [[nodiscard]] const correlation_matrix& correlations() const noexcept { return correlations_; }

  template <class Archive>
  void archive(Archive& a) {
    a(settings_.window, settings_.observations_min, settings_.level, settings_.horizon, rows_, correlations_, past_, next_, benchmark_);
  }

 private:
  struct position {
    instrument_id instrument = instrument_id::none;
    double share = 0;  // of equity, signed
  };
  using positions = std::vector<position>;

  void measure_losses(const positions& held, std::optional<double> deviation, risk_measured& into) const;
  void measure_correlations(const positions& held, risk_measured& into) const;
  void measure_benchmark(const positions& held, std::optional<double> deviation, risk_measured& into) const;
  [[nodiscard]] std::vector<double> losses_of(const positions& held) const;
  /// Of the value of what is held over a minute, as a share of equity.
  [[nodiscard]] std::optional<double> deviation_of(const positions& held) const;

  gauge_settings settings_;
  minute_rows rows_;
  correlation_matrix correlations_;
  std::map<instrument_id, stats::column> past_;  // returns over their foreseen deviations, a place a minute; NaN where there is none
  std::uint64_t next_ = 0;                       // the place of the next minute, in turn
  instrument_id benchmark_ = instrument_id::none;
};

/// The largest loss of those that a measure tells, and the largest shortfall: what a limit should look at. No number if one of them
/// is none; none while nothing is told.
[[nodiscard]] std::optional<tail_loss> gravest_of(const risk_measured& measured) noexcept;

}  // namespace remora::risk
