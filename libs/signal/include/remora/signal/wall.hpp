#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"

namespace remora::signal {

/// A large displayed level.
struct wall {
  side which = side::buy;
  price at;
  quantity size;           ///< its largest
  nanoseconds age{0};
  bool tested = false;     ///< the touch came within two ticks of it
  double spoof_score = 0;  ///< in [0, 1]; above 0.7 it is not meant to be traded

  template <class Archive>
  void archive(Archive& a) {
    a(which, at, size, age, tested, spoof_score);
  }
};

}  // namespace remora::signal
