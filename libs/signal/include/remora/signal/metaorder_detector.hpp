#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/time.hpp"
#include "remora/market/signal_events.hpp"

#include <cstdint>
#include <optional>

namespace remora::signal {

struct metaorder_settings {
  double matching = 0.65;      ///< share of orders on the whale's side under suspicion; 0.5 otherwise
  double threshold = 22;       ///< of the sum, set on flow with long memory: for independent signs it would be far too high
  std::uint32_t pause = 1'000; ///< orders until the same side may be told again

  template <class Archive>
  void archive(Archive& a) {
    a(matching, threshold, pause);
  }
};

/// A side that is being worked off.
struct metaorder {
  side direction = side::buy;
  double evidence = 0;           ///< the sum, in nats
  std::uint64_t orders = 0;      ///< since its sum left 0
  std::uint64_t matching = 0;    ///< of those, on its side
  quantity size;                 ///< of the matching ones less the others: what the splitter may have traded; not below 0
  amount notional;               ///< the same in money
  price first_price;             ///< when its sum left 0
  std::uint64_t first_trade_id = 0;
  timestamp since{};
};

/// Two one-sided sums of log-likelihood ratios of order signs (CUSUM, Page 1954): +ln(2 p) for a matching sign, +ln(2 (1 - p)) for another,
/// never below 0. O(1) an order.
class metaorder_detector {
 public:
  explicit metaorder_detector(const metaorder_settings& settings = {});

  /// Takes an order; tells the side whose sum now exceeds `raised` thresholds, which then starts over: what goes on shows itself again.
  std::optional<metaorder> add(const aggressor_order_seen& order, timestamp now, double raised = 1);

  /// The sum of a side.
  [[nodiscard]] double evidence(side which) const noexcept { return sums_[which == side::buy ? 0 : 1].value; }
  /// Orders taken.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  template <class Archive>
  void archive(Archive& a) {
    a(settings_, gain_, loss_, sums_[0], sums_[1], count_);
  }

 private:
  struct sum {
    double value = 0;
    std::uint64_t orders = 0, matching = 0;
    quantity size;    // of the matching orders less the others
    amount notional;
    price first_price;
    std::uint64_t first_trade_id = 0;
    timestamp since{};
    std::uint64_t quiet_until = 0;  // orders

    void restart() noexcept;
    template <class Archive>
    void archive(Archive& a) {
      a(value, orders, matching, size, notional, first_price, first_trade_id, since, quiet_until);
    }
  };

  void learn(sum& of, bool matches, const aggressor_order_seen& order, timestamp now) const noexcept;
  std::optional<metaorder> tell(sum& of, side which, double raised) const noexcept;

  metaorder_settings settings_;
  double gain_, loss_;
  sum sums_[2];
  std::uint64_t count_ = 0;
};

}  // namespace remora::signal
