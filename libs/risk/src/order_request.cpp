#include "remora/risk/order_request.hpp"

#include "remora/risk/account.hpp"

#include <algorithm>

namespace remora::risk {

collar collar_of(price reference, std::int64_t basis_points) noexcept {
  const auto share = static_cast<std::int64_t>(static_cast<int128>(reference.ticks) * basis_points / 10'000);
  const price width{std::max<std::int64_t>(1, share)};
  return {std::max(price{1}, reference - width), reference + width};
}

grant grant_of(const instrument& what, const order_request& asked, const grant_settings& settings, timestamp now) {
  const auto [low, high] = collar_of(*asked.reference, settings.price_collar_bp);
  const amount notional_max = notional_of(what, high, asked.size).value_or(beyond_measure);
  return {asked.direction, asked.size, notional_max, low, high, settings.orders_per_second, now + settings.ttl, asked.reduce_only};
}

}  // namespace remora::risk
