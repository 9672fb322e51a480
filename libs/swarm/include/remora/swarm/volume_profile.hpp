#pragma once

#include "remora/market/market_events.hpp"

#include <array>
#include <cstdint>

namespace remora::swarm {

/// When volume comes, learned from bars: by the second of the minute (bars of a second) times by the minute of the hour (bars of a minute),
/// because a parent lives for seconds or minutes, and that is where the market's clockwork lies. Each slot is an average of its visits with a
/// half-life of 20, against the average of all; a bar counts at most ten times the average, so that one whale does not make a habit.
class volume_profile {
 public:
  /// Takes a bar of a second or a minute; false, and no change, for any other or for one with a negative volume.
  bool learn(const bar_closed& bar);
  /// Bars learned.
  [[nodiscard]] std::uint64_t count() const noexcept { return by_second_.count + by_minute_.count; }
  /// Volume expected at that time relative to the mean, in [1/25, 25]; a cycle says 1 where a slot has fewer than ten visits.
  [[nodiscard]] double expected(timestamp time) const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(by_second_, by_minute_);
  }

 private:
  struct cycle {
    std::array<double, 60> means{};
    std::array<std::uint32_t, 60> visits{};
    double mean = 0;
    std::uint64_t count = 0;

    void learn(std::size_t slot, double volume) noexcept;
    [[nodiscard]] double factor(std::size_t slot) const noexcept;

    template <class Archive>
    void archive(Archive& a) {
      a(means, visits, mean, count);
    }
  };

  cycle by_second_, by_minute_;
};

}  // namespace remora::swarm
