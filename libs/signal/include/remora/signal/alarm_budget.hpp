#pragma once

#include <cstdint>

namespace remora::signal {

struct alarm_budget_settings {
  double rate = 1e-3;           ///< alarms an order that are promised
  double gain = 0.1;            ///< of the threshold's logarithm, an alarm
  double lowest = -2;           ///< that logarithm's bounds
  double highest = 3;
  double burst = 20;            ///< alarms that may come at once; 0 = no limit

  template <class Archive>
  void archive(Archive& a) {
    a(rate, gain, lowest, highest, burst);
  }
};

enum class admission : std::uint8_t {
  below = 1,     ///< not beyond the threshold
  withheld = 2,  ///< beyond it, but no alarm was left
  admitted = 3,
};

/// Keeps a promised rate of alarms on any sequence whatever (online quantile tracking): whoever asks raises his threshold by factor() = e^c,
/// and c += gain (1{alarm} - rate). The sum telescopes: mean(alarm) - rate = (c - 0) / (gain n) as long as c stays inside its bounds. A
/// token bucket over what was beyond the threshold bounds the alarms of any stretch of L orders by burst + rate L.
class alarm_budget {
 public:
  explicit alarm_budget(const alarm_budget_settings& settings = {}) : settings_(settings), tokens_(settings.burst) {}

  /// By how much the threshold is to be raised for the next order.
  [[nodiscard]] double factor() const noexcept { return factor_; }
  /// One order, and whether it was beyond the raised threshold.
  admission take(bool beyond) noexcept;

  /// Logarithm of the factor.
  [[nodiscard]] double correction() const noexcept { return correction_; }
  /// Orders on which the bounds of the correction held: the promise is not certified for them.
  [[nodiscard]] std::uint64_t clipped() const noexcept { return clipped_; }
  /// What was beyond the threshold and found no token.
  [[nodiscard]] std::uint64_t withheld() const noexcept { return withheld_; }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  template <class Archive>
  void archive(Archive& a) {
    a(settings_, correction_, factor_, tokens_, clipped_, withheld_, count_);
  }

 private:
  bool spend() noexcept;

  alarm_budget_settings settings_;
  double correction_ = 0;
  double factor_ = 1;
  double tokens_;
  std::uint64_t clipped_ = 0, withheld_ = 0, count_ = 0;
};

}  // namespace remora::signal
