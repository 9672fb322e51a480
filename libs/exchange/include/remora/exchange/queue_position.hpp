#pragma once

#include <cstdint>

namespace remora::exchange {

/// What is believed of a level that shrinks without prints: whose orders went. Conventions of hftbacktest.
enum class queue_model : std::uint8_t {
  risk_averse = 1,  ///< always those behind us, as long as there are any
  power_1 = 2,      ///< behind us with probability bⁿ / (bⁿ + fⁿ), f lots in front and b behind
  power_2 = 3,      ///< bⁿ / (b + f)ⁿ
  power_3 = 4,      ///< 1 - (f / (f + b))ⁿ
  log_1 = 5,        ///< ln(1 + b) / (ln(1 + b) + ln(1 + f))
  log_2 = 6,        ///< ln(1 + b) / ln(1 + b + f)
};

struct queue_rule {
  queue_model model = queue_model::risk_averse;
  double exponent = 3;  ///< n of the power models, positive
};

/// That a lot which leaves the level stood behind us, in [0, 1]; 1 where nothing is in front or behind is endless.
[[nodiscard]] double probability_behind(const queue_rule& rule, double front, double back) noexcept;

/// The place of one waiting order in its level: an estimate in lots, for what is displayed does not tell who stands where.
class queue_position {
 public:
  queue_position() = default;
  /// Behind everything that is shown.
  explicit queue_position(std::int64_t shown) : front_(static_cast<double>(shown)), shown_(static_cast<double>(shown)) {}

  /// A print of the other side at our price; the lots of it that reach us.
  std::int64_t trade(std::int64_t lots) noexcept;
  /// The level shows so much now: what went beyond the prints since went before or behind us, as the rule has it. Never below 0, never more in
  /// front than is shown.
  void show(std::int64_t lots, const queue_rule& rule) noexcept;

  /// Lots in front of us.
  [[nodiscard]] double front() const noexcept { return front_; }

  template <class Archive>
  void archive(Archive& a) {
    a(front_, shown_, traded_);
  }

 private:
  double front_ = 0;
  double shown_ = 0;   // of the level, when it was seen last
  double traded_ = 0;  // since then
};

}  // namespace remora::exchange
