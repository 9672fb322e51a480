#pragma once

#include <cstdint>

namespace remora::signal {

struct alarm_budget_settings {
  double rate = 1e-3;           ///< alarms an order that are promised
  double gain = 0.1;            ///< of the threshold's logarithm, an alarm
  double lowest = -2;           ///< that logarithm's bounds
  double highest = 3;
  double burst = 3;             ///< alarms that may come at once; 0 = no limit
};

/// Keeps a promised rate of alarms on any sequence whatever (online quantile tracking): a level is passed when its logarithm exceeds that
/// of the threshold by c, and c += gain (1{passed} - rate). The sum telescopes: mean(passed) - rate = (c - 0) / (gain n) as long as c stays
/// inside its bounds. A token bucket over what passed bounds the alarms of any stretch of L orders by burst + rate L.
class alarm_budget {
 public:
  explicit alarm_budget(const alarm_budget_settings& settings = {}) : settings_(settings), tokens_(settings.burst) {}

  /// One order: `level` and `threshold` positive, in one unit. True = alarm.
  bool admit(double level, double threshold) noexcept;

  /// Logarithm by which the threshold is raised now.
  [[nodiscard]] double correction() const noexcept { return correction_; }
  /// Orders on which the bounds of the correction held: the promise is not certified for them.
  [[nodiscard]] std::uint64_t clipped() const noexcept { return clipped_; }
  /// What passed the threshold and found no token.
  [[nodiscard]] std::uint64_t withheld() const noexcept { return withheld_; }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  template <class Archive>
  void archive(Archive& a) {
    a(correction_, tokens_, clipped_, withheld_, count_);
  }

 private:
  bool spend() noexcept;

  alarm_budget_settings settings_;
  double correction_ = 0;
  double tokens_;
  std::uint64_t clipped_ = 0, withheld_ = 0, count_ = 0;
};

}  // namespace remora::signal
