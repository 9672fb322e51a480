#pragma once

#include "remora/market/types.hpp"

namespace remora::signal {

/// The largest size, in lots, that the estimators of the book and of trades take: exact in a double, and sums of a thousand do not overflow.
inline constexpr std::int64_t lots_max = std::int64_t{1} << 53;

/// True for a size from 0 to lots_max.
[[nodiscard]] constexpr bool is_size(quantity size) noexcept { return size.lots >= 0 && size.lots <= lots_max; }

}  // namespace remora::signal
