#pragma once

#include "remora/base/recycling_map.hpp"
#include "remora/base/ring.hpp"
#include "remora/signal/level_change.hpp"
#include "remora/signal/level_print.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace remora::signal {

struct iceberg_settings {
  std::uint32_t refills_min = 3;             ///< refills before a level is called an iceberg
  double peaks_min = 3;                      ///< and hidden volume, in peaks
  milliseconds refill_within{50};            ///< a level that comes back later is a new one
  milliseconds settle_after{250};            ///< prints no change of the level followed by then left its size as it was
  seconds forget_after{60};                  ///< without an event
  double refill_chance = 0.5;                ///< that one refill is a hidden order's, and no new order: assumed, not measured
  std::uint32_t levels_max = 64;             ///< watched; the one longest without an event gives way

  template <class Archive>
  void archive(Archive& a) {
    a(refills_min, peaks_min, refill_within, settle_after, forget_after, refill_chance, levels_max);
  }
};

/// A level that trades more than it shows.
struct iceberg {
  side which = side::buy;
  price at;
  quantity hidden;            ///< executed or shown again beyond what was displayed
  quantity peak;              ///< what it usually shows again
  std::uint32_t refills = 0;
  double confidence = 0;      ///< 1 - (1 - refill_chance)^refills

  template <class Archive>
  void archive(Archive& a) {
    a(which, at, hidden, peak, refills, confidence);
  }
};

/// Finds native icebergs in a book without order ids. At a level that is hit, hidden volume grows by what was executed beyond the fall of
/// its size, and by what of similar size comes back within `refill_within` after it was eaten up; each time is a refill, of which the most
/// frequent size is the peak. Flagged with refills >= 3 and hidden >= 3 peaks. Prints may come before the book's change by `settle_after`,
/// or after it by `refill_within`. Without order ids a refill is only likely: a new order that joins in the same moment looks the same.
/// O(log levels) an event, O(levels) for a level's first print, O(128) for a print after its change; 64 levels of 300 bytes, 128 falls of
/// 32.
class iceberg_detector {
 public:
  explicit iceberg_detector(const iceberg_settings& settings = {}) : settings_(settings) {}

  /// Takes a print; the iceberg, when it is now that its level becomes one. What has no size or price, or lies before the last event, is
  /// refused: no change but refused().
  std::optional<iceberg> add(const level_print& print);
  /// Takes a level's new size, whether the level is watched or not; refuses as above.
  std::optional<iceberg> add(const level_change& change);
  /// Forgets all levels, for a feed that broke off.
  void restart() noexcept;

  /// The flagged level of a side with the most hidden volume that had an event within `forget_after`. O(levels).
  [[nodiscard]] std::optional<iceberg> strongest(side which, timestamp now) const noexcept;
  /// Levels watched.
  [[nodiscard]] std::size_t count() const noexcept { return levels_.size(); }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  template <class Archive>
  void archive(Archive& a) {
    a(settings_, levels_, falls_, last_time_, refused_);
  }

 private:
  using key = std::pair<side, std::int64_t>;

  /// Refills of one size.
  struct refill_size {
    std::int64_t lots = 0;
    std::uint32_t times = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(lots, times);
    }
  };

  struct watched {
    std::int64_t shown = 0;       // when the open prints began
    std::int64_t executed = 0;    // by prints no change of the level followed yet
    std::int64_t hidden = 0;
    std::uint32_t refills = 0;
    bool flagged = false;
    timestamp first_print{};      // of the open ones
    std::optional<timestamp> emptied;  // by prints
    timestamp last_event{};
    std::array<refill_size, 8> sizes{};

    template <class Archive>
    void archive(Archive& a) {
      a(shown, executed, hidden, refills, flagged, first_print, emptied, last_event, sizes);
    }
  };

  /// A level that became smaller without a print: one may still come.
  struct fall {
    key where;
    std::int64_t lots = 0;
    std::int64_t after = 0;
    timestamp time{};

    template <class Archive>
    void archive(Archive& a) {
      a(where, lots, after, time);
    }
  };

  [[nodiscard]] bool enter(bool sound, timestamp time);
  [[nodiscard]] watched& level_of(const key& where, timestamp now);
  void evict();
  [[nodiscard]] std::int64_t explain(const key& where, watched& level, std::int64_t executed);
  void settle(watched& level, std::int64_t after, timestamp now) const;
  void settle_overdue(watched& level, timestamp now) const;
  void reappear(watched& level, std::int64_t after, timestamp now) const;
  void remember_fall(const fall& what);
  [[nodiscard]] std::optional<iceberg> judge(const key& where, watched& level) const;
  [[nodiscard]] iceberg described(const key& where, const watched& level) const noexcept;
  static void count_refill(watched& level, std::int64_t hidden, std::int64_t size) noexcept;
  [[nodiscard]] static std::int64_t peak_of(const watched& level) noexcept;

  iceberg_settings settings_;
  recycling_map<key, watched> levels_;
  ring<fall> falls_;  // of the last `refill_within`
  timestamp last_time_{};
  std::uint64_t refused_ = 0;
};

}  // namespace remora::signal
