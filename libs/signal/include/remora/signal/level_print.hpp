#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"

namespace remora::signal {

/// A print, seen from the level it was executed against.
struct level_print {
  side resting = side::buy;  ///< the side that was in the book: not the aggressor's
  price at;
  quantity executed;
  quantity shown;  ///< at that level when the print came
  timestamp time{};
};

}  // namespace remora::signal
