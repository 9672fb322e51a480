#include "remora/exchange/account.hpp"

#include <algorithm>
#include <cstdlib>

namespace remora::exchange {
namespace {

constexpr int128 inverse_scale = 1'000'000'000'000;

/// Paid in money for linear instruments, in coins for inverse ones.
int128 value_of(const instrument& what, price at, std::int64_t lots) noexcept {
  if (!what.inverse) return static_cast<int128>(lots) * at.ticks;
  return (static_cast<int128>(lots) * inverse_scale + at.ticks / 2) / at.ticks;
}

}  // namespace

void account::book(const instrument& what, side direction, price at, quantity size, amount fee) {
  fees_ += fee;
  const std::int64_t closing = std::min(size.lots, reducible(direction).lots);
  if (closing > 0) entry_value_ -= entry_value_ * closing / std::abs(position_.lots);
  entry_value_ += value_of(what, at, size.lots - closing);
  position_.lots += sign_of(direction) * size.lots;
}

quantity account::reducible(side direction) const noexcept {
  return {std::max<std::int64_t>(0, -sign_of(direction) * position_.lots)};
}

/// Of inverse contracts the harmonic mean: so many coins were paid for so many contracts.
price account::average(const instrument& what) const noexcept {
  const int128 held = std::abs(position_.lots);
  if (held == 0 || entry_value_ == 0) return {};
  const int128 dividend = what.inverse ? held * inverse_scale : entry_value_;
  const int128 divisor = what.inverse ? entry_value_ : held;
  return {static_cast<std::int64_t>((dividend + divisor / 2) / divisor)};
}

position_report account::report(const instrument& what, std::optional<price> mark) const {
  position_report result{what.id, position_, average(what), {}};
  if (position_.lots == 0 || !mark) return result;
  if (const auto profit = profit_of(what, result.average, *mark, position_)) result.unrealised = *profit;
  return result;
}

}  // namespace remora::exchange
