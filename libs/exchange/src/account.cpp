#include "remora/exchange/account.hpp"

#include <algorithm>
#include <cstdlib>

namespace remora::exchange {

void account::book(side direction, price at, quantity size, amount fee) {
  fees_ += fee;
  const std::int64_t closing = std::min(size.lots, reducible(direction).lots);
  if (closing > 0) entry_value_ -= entry_value_ * closing / std::abs(position_.lots);
  entry_value_ += static_cast<int128>(size.lots - closing) * at.ticks;
  position_.lots += sign_of(direction) * size.lots;
}

quantity account::reducible(side direction) const noexcept {
  return {std::max<std::int64_t>(0, -sign_of(direction) * position_.lots)};
}

price account::average() const noexcept {
  const std::int64_t held = std::abs(position_.lots);
  return {held == 0 ? 0 : static_cast<std::int64_t>((entry_value_ + held / 2) / held)};
}

position_report account::report(const instrument& what, std::optional<price> mark) const {
  position_report result{what.id, position_, average(), {}};
  if (position_.lots == 0 || !mark) return result;
  if (const auto profit = profit_of(what, result.average, *mark, position_)) result.unrealised = *profit;
  return result;
}

}  // namespace remora::exchange
