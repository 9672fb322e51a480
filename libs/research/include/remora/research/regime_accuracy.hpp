#pragma once

#include "remora/signal/criticality.hpp"
#include "remora/signal/settings.hpp"
#include "remora/sim/regime_market.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace remora::research {

/// Which markets a regime detector is judged on, and how.
struct regime_trial {
  std::vector<std::uint64_t> seeds{};       ///< one market each
  std::uint64_t warm_up = 7'200;            ///< bars of each that are played and not judged: the window of soc's ranks
  std::uint64_t bars = 20'000;              ///< of each that are judged
  std::uint64_t settling = 30;              ///< bars after each switch that are not counted
  sim::regime_market_settings market{};     ///< its seed is replaced
  signal::criticality_settings criticality{};
  signal::regime_settings detector{};
};

/// Seeds on which separations of the regimes are chosen, and seeds on which they are judged: no seed is among both.
[[nodiscard]] std::vector<std::uint64_t> tuning_seeds(std::size_t n);    ///< 1, 2, …; at most 1,000
[[nodiscard]] std::vector<std::uint64_t> held_out_seeds(std::size_t n);  ///< 1001, 1002, …

/// What came out: bars by true and found regime, and how quickly and steadily it was found.
struct regime_accuracy {
  static constexpr std::size_t regimes = 4;

  std::array<std::array<std::uint64_t, regimes>, regimes> confusion{};  ///< [truth][found], settled bars
  std::array<std::vector<std::uint64_t>, regimes> delays;  ///< bars until each stay was first found, ascending; stays never found are not in it
  std::array<std::uint64_t, regimes> missed{};             ///< stays that ended before they were found
  std::uint64_t switches = 0;                              ///< of the truth
  std::uint64_t changes = 0;                               ///< of the detector: what exceeds `switches` are flips

  [[nodiscard]] std::uint64_t bars() const noexcept;
  /// Share of settled bars on which the regime found is the true one; 0 without bars.
  [[nodiscard]] double overall() const noexcept;
  /// The same among the bars of one true regime.
  [[nodiscard]] double of(regime truth) const noexcept;
  /// Median delay of the stays that were found; none when none was.
  [[nodiscard]] std::optional<std::uint64_t> median_delay(regime truth) const noexcept;
};

/// Plays each market through `criticality` and `regime_detector`, as the engine does once a second, but for its floor of a tick and its bound on
/// single returns, which generated bars do not need. Pure: the same trial gives the same
/// counts. About 15 µs a bar.
[[nodiscard]] regime_accuracy judge_regimes(const regime_trial& trial);

}  // namespace remora::research
