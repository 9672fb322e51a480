#pragma once

#include "remora/stats/sample.hpp"

#include <cstdint>
#include <optional>

namespace remora::stats {

/// Mean and variance under exponentially fading weights, without bias from the first value on: the weights (1 - a)^age are
/// normalised to sum 1 at every step, which is the division by 1 - (1 - a)^n done in the gain g = a / (1 - (1 - a)^n):
/// d = x - m; m += g d; v = (1 - g)(v + g d²).
class ewma {
 public:
  /// alpha in (0, 1]: the weight of the newest value.
  explicit ewma(double alpha = 0.06);
  /// alpha = 1 - 2^(-1/events): a value counts half after that many further events.
  [[nodiscard]] static ewma with_half_life(double events);

  /// Learns x; false, and no change, when x is not a sample.
  bool push(double x) noexcept;

  [[nodiscard]] double alpha() const noexcept { return alpha_; }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  /// v / (1 - Σw²), which for equal weights is the division by n - 1; 0 below two values.
  [[nodiscard]] double variance() const noexcept;
  [[nodiscard]] double deviation() const noexcept { return std::sqrt(variance()); }
  /// The standard score of x against what was seen before; 0 below two values.
  [[nodiscard]] double z_of(double x) const noexcept { return count_ < 2 ? 0 : z_score(x, {mean_, deviation()}); }

  template <class Archive>
  void archive(Archive& a) {
    a(alpha_, count_, weight_, squared_weights_, mean_, variance_);
  }

 private:
  double alpha_;
  std::uint64_t count_ = 0;
  double weight_ = 0;           // 1 - (1 - alpha)^n
  double squared_weights_ = 0;  // Σw² of the normalised weights
  double mean_ = 0;
  double variance_ = 0;  // of the weights, before the correction for their number
};

/// The trader's exponential average over N periods: e += a(x - e), a = 2/(N + 1), beginning at the first value.
class ema {
 public:
  explicit ema(std::uint32_t periods = 12);

  /// Learns x; false, and no change, when x is not a sample.
  bool push(double x) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// As many values as periods were seen: the first one has faded to a seventh.
  [[nodiscard]] bool warm() const noexcept { return count_ >= periods_; }
  /// The average, from the first value on.
  [[nodiscard]] std::optional<double> value() const noexcept { return count_ == 0 ? std::nullopt : std::optional(value_); }

  template <class Archive>
  void archive(Archive& a) {
    a(periods_, count_, value_);
  }

 private:
  std::uint32_t periods_;
  std::uint64_t count_ = 0;
  double value_ = 0;
};

}  // namespace remora::stats
