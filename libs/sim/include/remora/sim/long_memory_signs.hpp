#pragma once

#include "remora/base/random.hpp"
#include "remora/market/types.hpp"

#include <cstdint>
#include <vector>

namespace remora::sim {

/// Order signs with long memory (Lillo, Mike, Farmer 2005): traders work off orders of power-law length, P(L >= k) = k^-α, each order of
/// the market is the next part of a trader drawn at random. Autocorrelation falls like lag^-(α - 1).
class long_memory_signs {
 public:
  /// One part of the order that a trader works off.
  struct part {
    side direction = side::buy;
    std::uint32_t trader = 0;  ///< from 0
    bool first = false;
    bool last = false;
  };

  explicit long_memory_signs(std::uint32_t traders = 20, double alpha = 1.5) : alpha_(alpha), traders_(traders) {}

  [[nodiscard]] part next_part(philox& draws) noexcept;
  [[nodiscard]] side next(philox& draws) noexcept { return next_part(draws).direction; }

  template <class Archive>
  void archive(Archive& a) {
    a(alpha_, traders_);
  }

 private:
  struct trader {
    side direction = side::buy;
    std::uint64_t left = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(direction, left);
    }
  };

  double alpha_;
  std::vector<trader> traders_;
};

}  // namespace remora::sim
