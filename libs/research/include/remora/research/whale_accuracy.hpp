#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/signal/evidence.hpp"
#include "remora/signal/settings.hpp"
#include "remora/sim/flow_source.hpp"
#include "remora/stats/calibration.hpp"
#include "remora/stats/tally.hpp"

#include <cstdint>
#include <vector>

/// How well whales are found in generated markets, where what was planted is known.
namespace remora::research {

/// Which detector spoke.
enum class sight : std::uint8_t { size = 1, run = 2, baseline = 3 };

/// A candidate, in numbers of the market's aggressor orders.
struct sighting {
  sight by = sight::size;
  bool alarm = false;             ///< beyond the threshold and within the budget, whatever its money
  side direction = side::buy;
  std::uint64_t first_order = 0;  ///< prints of several orders may have been merged
  std::uint64_t last_order = 0;
  signal::evidence why;
  double confidence = 0;
};

/// What a second's `flow_measured` says of the book of one side.
struct book_sighting {
  timestamp time{};
  side which = side::buy;
  bool iceberg = false;
  bool wall = false;   ///< one that does not look like a spoof
};

/// One generated market, and what SIGNAL's engine said of it once it was warm.
struct watched_market {
  std::uint64_t orders = 0;       ///< aggressor orders judged after the warm-up
  std::uint64_t first_order = 0;  ///< of the market, from which on was judged
  std::uint64_t last_order = 0;
  double hours = 0;               ///< of the market, all
  std::vector<sim::planted> truth;
  std::vector<sighting> sightings;
  timestamp start{};              ///< of the market's clock
  std::vector<book_sighting> book;  ///< both sides, each second on which an iceberg or a wall was told
};

struct watch_settings {
  signal_settings signal;
  sim::flow_source_options market;
  std::uint64_t warm_up = 5'000;  ///< orders before anything counts: the tail of sizes is complete then
};

/// Plays one market through the whole engine of SIGNAL.
[[nodiscard]] watched_market watch(const watch_settings& settings);

/// What counts as a metaorder: planted or an ordinary trader's.
struct metaorder_standard {
  std::uint32_t children_min = 200;
  std::int64_t lots_min = 2'000;
};

/// Alarms of one detector against the truth.
struct detection_score {
  std::uint64_t orders = 0;
  std::uint64_t alarms = 0;
  std::uint64_t true_alarms = 0;
  double covered = 0;               ///< orders at which an alarm of a side at random would be true
  double covered_by_planted = 0;    ///< the same of what is planted alone
  std::uint64_t of_planted = 0;     ///< true alarms inside something planted; the others are ordinary traders' metaorders
  stats::tally found;               ///< planted ones found, of all
  std::vector<double> delays;       ///< orders from the first child to the alarm, of each found

  void add(const detection_score& other);
  [[nodiscard]] double median_delay() const;
  /// Probability that an alarm at random, of either side, is true, and that it lies inside something planted.
  [[nodiscard]] double chance() const noexcept { return orders == 0 ? 0 : covered / static_cast<double>(orders); }
  [[nodiscard]] double chance_of_planted() const noexcept { return orders == 0 ? 0 : covered_by_planted / static_cast<double>(orders); }
  [[nodiscard]] double false_per_million() const noexcept;
};

/// What waits in the book: found in a second of its life (icebergs that were hit at all) or not, and seconds on which something was told
/// while something planted was there. The background holds chance icebergs and large levels of its own, which count as wrong.
struct book_score {
  stats::tally icebergs, walls;                ///< found, of those planted
  stats::tally iceberg_seconds, wall_seconds;  ///< right, of those told
  stats::tally spoofs_as_walls;                ///< planted spoofs that were told as walls

  void add(const book_score& other);
};

/// Everything the sightings of some markets are worth.
struct whale_score {
  double hours = 0;
  std::uint64_t markets = 0;
  detection_score sweeps;             ///< the size detector on planted sweeps
  detection_score sweeps_baseline;    ///< the blueprint's rule on the same orders
  detection_score metaorders;         ///< the run detector
  book_score book;
  std::vector<stats::forecast> forecasts;  ///< told confidences of all candidates of both detectors, and whether they were whales'
  std::vector<stats::forecast> of_alarms;  ///< of those that were alarms

  void add(const whale_score& other);
};

/// Whether a candidate is a whale's: of a single order, that it is a planted sweep of its side; of a run, that it ends inside a metaorder of
/// its side.
[[nodiscard]] bool is_true(const sighting& seen, const watched_market& market, const metaorder_standard& standard);
[[nodiscard]] whale_score score(const watched_market& market, const metaorder_standard& standard = {});

/// Evidence and truth of all candidates: what a model is fitted on.
struct labelled_evidence {
  signal::evidence why;
  bool whale = false;
};
[[nodiscard]] std::vector<labelled_evidence> labelled(const watched_market& market, const metaorder_standard& standard = {});

/// Logistic regression on one part of the evidence, then the isotonic curve on the other (every second candidate).
[[nodiscard]] std::optional<signal::evidence_model> fit_evidence_model(const std::vector<labelled_evidence>& known);

}  // namespace remora::research
