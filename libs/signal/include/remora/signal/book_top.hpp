#pragma once

#include "remora/market/types.hpp"

#include <span>

namespace remora::signal {

/// The best levels of a book, best first.
struct book_top {
  std::span<const level> bids;
  std::span<const level> asks;
};

/// True when prices are positive and go outward, sizes are positive, and the best prices do not cross: what an estimator can learn from.
[[nodiscard]] bool is_sound(const book_top& top) noexcept;

}  // namespace remora::signal
