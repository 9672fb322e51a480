#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/market/source.hpp"
#include "remora/signal/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace remora::research {

/// Alarms of one instrument on a recording, of which nobody knows the truth: rates against the promise, and nothing about being right.
struct tape_rate {
  std::string symbol;
  std::uint64_t orders = 0;          ///< aggressor orders, all
  std::uint64_t judged = 0;          ///< after the warm-up
  std::uint64_t size_alarms = 0;     ///< single orders beyond the threshold and within the budget, after the warm-up
  std::uint64_t run_alarms = 0;      ///< runs of orders likewise
  std::uint64_t whales = 0;          ///< of both, those that reached `min_whale_size`
  std::uint64_t baseline_alarms = 0; ///< by the blueprint's rule, on the same orders
};

/// A recording: its instruments, and what of it could not be used.
struct tape_report {
  std::vector<tape_rate> rates;
  std::uint64_t skipped = 0;
  std::uint64_t refused = 0;             ///< messages that SIGNAL refused
  std::vector<std::string> first_skips;  ///< "file:line: reason", five at most
};

/// Plays a source to its end through SIGNAL's engine; the first `warm_up` orders of an instrument do not count.
[[nodiscard]] tape_report rates_on(market_source& source, const signal_settings& settings, std::uint64_t warm_up = 5'000);

/// Beyond the threshold and within the budget, whatever its money: what the promise is about.
[[nodiscard]] bool is_alarm(const candidate_weighed& told) noexcept;

}  // namespace remora::research
