#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

struct metaorder_settings {
  double matching = 0.65;      ///< share of orders on the whale's side under suspicion; 0.5 otherwise
  double threshold = 22;       ///< of the sum, set on flow with long memory: for independent signs it would be far too high
  std::uint32_t pause = 1'000; ///< orders until the same side may be told again
};

/// A side that is being worked off.
struct metaorder {
  side direction = side::buy;
  double evidence = 0;           ///< the sum, in nats
  std::uint64_t orders = 0;      ///< since its sum left 0
  std::uint64_t matching = 0;    ///< of those, on its side
  double notional = 0;           ///< of the matching ones beyond half of all: what the splitter may have traded
  timestamp since{};
};

/// Two one-sided sums of log-likelihood ratios of order signs (CUSUM, Page 1954): +ln(2 p) for a matching sign, +ln(2 (1 - p)) for another,
/// never below 0. O(1) an order.
class metaorder_detector {
 public:
  explicit metaorder_detector(const metaorder_settings& settings = {});

  /// An aggressor order of that notional; what it gave away, if it did.
  std::optional<metaorder> add(side aggressor, double notional, timestamp now);

  /// The sum of a side.
  [[nodiscard]] double evidence(side which) const noexcept { return sums_[which == side::buy ? 0 : 1].value; }
  /// Orders taken.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  template <class Archive>
  void archive(Archive& a) {
    a(sums_[0], sums_[1], count_);
  }

 private:
  struct sum {
    double value = 0;
    std::uint64_t orders = 0, matching = 0;
    double notional = 0, against = 0;
    timestamp since{};
    std::uint64_t quiet_until = 0;  // orders

    template <class Archive>
    void archive(Archive& a) {
      a(value, orders, matching, notional, against, since, quiet_until);
    }
  };

  void learn(sum& of, bool matches, double notional, timestamp now) const noexcept;
  std::optional<metaorder> tell(sum& of, side which) const noexcept;

  metaorder_settings settings_;
  double gain_, loss_;
  sum sums_[2];
  std::uint64_t count_ = 0;
};

}  // namespace remora::signal
