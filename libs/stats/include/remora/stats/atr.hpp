#pragma once

#include <cstdint>
#include <optional>

namespace remora::stats {

/// What a bar says about range.
struct bar_range {
  double high = 0;
  double low = 0;
  double close = 0;
};

/// Average true range (Wilder 1978) in price units. TR = max(H - L, |H - C₋|, |L - C₋|), of the first bar H - L; the seed is
/// the mean of the first N, the first bar included; then ATR = (ATR (N - 1) + TR) / N.
class atr {
 public:
  explicit atr(std::uint32_t periods = 14);

  /// Learns a bar; false, and no change, when a value is not a sample, or low <= close <= high does not hold.
  bool push(const bar_range& bar) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// None before N bars.
  [[nodiscard]] std::optional<double> value() const noexcept { return count_ < periods_ ? std::nullopt : std::optional(value_); }

  template <class Archive>
  void archive(Archive& a) {
    a(periods_, count_, last_close_, value_);
  }

 private:
  [[nodiscard]] double true_range(const bar_range& bar) const noexcept;

  std::uint32_t periods_;
  std::uint64_t count_ = 0;
  double last_close_ = 0;
  double value_ = 0;  // while seeding: the mean so far
};

}  // namespace remora::stats
