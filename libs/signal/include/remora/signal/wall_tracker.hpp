#pragma once

#include "remora/base/recycling_map.hpp"
#include "remora/base/ring.hpp"
#include "remora/signal/book_top.hpp"
#include "remora/signal/level_change.hpp"
#include "remora/signal/level_print.hpp"
#include "remora/signal/wall.hpp"
#include "remora/stats/survival_curve.hpp"
#include "remora/stats/trailing_rank.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace remora::signal {

struct wall_settings {
  double size_quantile = 0.99;            ///< a wall is at least this quantile of the sizes of the best levels
  double medians_min = 5;                 ///< and so many medians of the best levels of its side
  double distance_max = 25e-4;            ///< from the mid, relative to it
  milliseconds age_min{5'000};            ///< a younger one is a candidate; 2 s suit perpetuals
  std::int64_t near_ticks = 2;            ///< from the touch: here a wall is tested
  double gone_share = 0.5;                ///< below this share of its largest size a wall is over
  milliseconds print_delay{100};          ///< a print may follow the change it caused by so much
  milliseconds aggression_within{1'000};  ///< after a cancellation
  double aggression_share = 0.1;          ///< of the wall's size that counts as aggression
  seconds memory{600};                    ///< over which past walls speak about a side
  milliseconds sample_every{1'000};       ///< sizes of the best levels
  std::uint32_t sizes_window = 7200;
  std::uint32_t sizes_min = 200;          ///< before anything is a wall
  std::uint32_t walls_max = 32;           ///< watched a side
  double spoof_min = 0.7;                 ///< a score above it is a spoof
  double cancelled_weight = 0.4;          ///< weights of the score's four parts; no measurement stands behind them
  double near_weight = 0.3;
  double young_weight = 0.15;
  double aggression_weight = 0.15;

  template <class Archive>
  void archive(Archive& a) {
    a(size_quantile, medians_min, distance_max, age_min, near_ticks, gone_share, print_delay, aggression_within, aggression_share, memory,
      sample_every, sizes_window, sizes_min, walls_max, spoof_min, cancelled_weight, near_weight, young_weight, aggression_weight);
  }
};

/// Follows large displayed levels and how they end. The spoof score of a standing wall is the weighted sum of: the cancelled share of what
/// left the walls of its side in the last ten minutes; the share cancelled of those that the touch came near; whether it is younger than
/// `age_min`; and how often aggression of the opposite side followed a cancellation within a second. The score of one that was cancelled
/// takes its own end for these. A wall above `spoof_min` is a contrary feature. Candidates that end before `age_min` teach survival only:
/// in real books most large levels do. O(log walls) a level change or print, O(walls) when the touch moves, O(20) sizes a second; memory:
/// 64 walls, 512 ended ones, 26 kB of sizes.
class wall_tracker {
 public:
  static constexpr std::size_t levels_sampled = 10;
  /// Survival is kept by distance from the mid at birth, up to these parts of it.
  static constexpr std::array<double, 4> distances{1e-4, 5e-4, 10e-4, 25e-4};

  explicit wall_tracker(const wall_settings& settings = {});

  /// Takes a level's new size; false, and no change, for a bad price or size, or a time before the last event's.
  bool add(const level_change& change);
  /// Takes a print; refuses as above.
  bool add(const level_print& print);
  /// Takes the best levels (ten or more are of use); refuses a top that is not sound or has an empty side.
  bool add(const book_top& top, timestamp time);
  /// Forgets the walls that stand, for a feed that broke off; what was learned stays.
  void restart();

  /// The largest standing wall of a side that is old enough. O(walls + ended ones).
  [[nodiscard]] std::optional<wall> largest(side which, timestamp now) const;
  /// Support less resistance by size of all standing walls old enough, in [-1, 1], spoofs counted for the other side; none without a wall.
  [[nodiscard]] std::optional<double> pressure(timestamp now) const;
  /// The last wall or candidate that was cancelled rather than executed, as it ended, scored by its own end.
  [[nodiscard]] const std::optional<wall>& last_cancelled() const noexcept { return last_cancelled_; }
  /// The part of walls born within distances[bucket] that is not cancelled for longer than `age`; none before there was one. Executed ones,
  /// and those lost from sight, count as seen until then.
  [[nodiscard]] std::optional<double> survival(std::size_t bucket, nanoseconds age) const noexcept;
  /// Walls and candidates that ended by execution or cancellation.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Candidates not watched because too many were.
  [[nodiscard]] std::uint64_t passed_over() const noexcept { return passed_over_; }

  template <class Archive>
  void archive(Archive& a) {
    a(settings_, sizes_, buy_min_, sell_min_, bid_, ask_, last_time_, next_sample_, next_verdict_, standing_, past_, curves_, last_cancelled_,
      count_, passed_over_);
  }

 private:
  using key = std::pair<side, std::int64_t>;

  struct watched {
    timestamp born{};
    std::int64_t size = 0;      // its largest
    std::int64_t fallen = 0;    // sum of what it became smaller
    std::int64_t executed = 0;  // prints at its price
    std::int64_t followed = 0;  // aggression of the opposite side after it ended
    bool tested = false;
    std::uint64_t distance = 0;         // place in `distances`, at birth
    std::optional<timestamp> ended;     // waits for its verdict

    template <class Archive>
    void archive(Archive& a) {
      a(born, size, fallen, executed, followed, tested, distance, ended);
    }
    [[nodiscard]] std::int64_t cancelled_lots() const noexcept { return fallen > executed ? fallen - executed : 0; }
    [[nodiscard]] std::int64_t executed_lots() const noexcept { return fallen < executed ? fallen : executed; }
    [[nodiscard]] bool cancelled() const noexcept { return cancelled_lots() > executed_lots(); }
  };

  /// How a wall ended.
  struct ending {
    timestamp time{};
    side which = side::buy;
    double cancelled = 0;  // lots
    double executed = 0;
    bool was_cancelled = false;
    bool tested = false;
    bool followed = false;

    template <class Archive>
    void archive(Archive& a) {
      a(time, which, cancelled, executed, was_cancelled, tested, followed);
    }
  };

  /// What the past walls of a side say, or the end of one says of itself, each in [0, 1].
  struct record {
    double cancelled_share = 0;
    double near_cancelled = 0;
    double followed = 0;
  };

  [[nodiscard]] bool enter(bool sound, timestamp time);
  void consider(side which, const level& candidate, timestamp now);
  void change_of(watched& each, const level_change& change);
  [[nodiscard]] bool near_touch(side which, price at) const noexcept;
  [[nodiscard]] double distance_of(price at) const noexcept;
  void sample(const book_top& top, timestamp now);
  void learn_sizes(std::span<const level> levels);
  [[nodiscard]] std::optional<double> size_min(std::span<const level> levels) const;
  void follow_touch(timestamp now);
  void count_aggression(const level_print& print);
  void give_verdicts(timestamp now);
  void conclude(const key& where, const watched& ended);
  void learn_survival(const watched& what, timestamp until, bool cancelled);
  [[nodiscard]] record record_of(side which, timestamp now) const;
  [[nodiscard]] double score(const record& past, bool young) const noexcept;
  [[nodiscard]] bool stands(const watched& each, timestamp now) const noexcept;
  [[nodiscard]] wall described(const key& where, const watched& each, timestamp now, const record& past) const;

  wall_settings settings_;
  stats::trailing_rank sizes_;
  std::optional<double> buy_min_, sell_min_;  // size of a wall, in lots
  std::optional<level> bid_, ask_;
  timestamp last_time_{};
  timestamp next_sample_{};
  timestamp next_verdict_ = never;
  recycling_map<key, watched> standing_;
  ring<ending> past_;  // oldest first
  std::array<stats::survival_curve, distances.size()> curves_;
  std::optional<wall> last_cancelled_;
  std::uint64_t count_ = 0;
  std::uint64_t passed_over_ = 0;
};

}  // namespace remora::signal
