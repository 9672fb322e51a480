#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"

namespace remora::signal {

/// One level of a book took a new size.
struct level_change {
  side which = side::buy;
  price at;
  quantity before;  ///< shown until now; 0 = no level
  quantity after;   ///< shown from now on; 0 = no level
  timestamp time{};
};

}  // namespace remora::signal
