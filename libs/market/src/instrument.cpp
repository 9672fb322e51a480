#include "remora/market/instrument.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <optional>

namespace remora {
namespace {

constexpr int128 int128_max = ((static_cast<int128>(1) << 126) - 1) * 2 + 1;

/// A product of integers and decimals: mantissa × 10^-scale; nothing if it needs more than 127 bits.
struct product {
  int128 mantissa = 1;
  int scale = 0;
};

bool is_narrow(int128 value) noexcept { return value == static_cast<std::int64_t>(value); }

/// False on overflow. What prices and sizes are made of is narrow, and their product is then one instruction instead of a call.
bool multiply_by(int128& value, int128 factor) noexcept {
  if (!is_narrow(value) || !is_narrow(factor)) return !__builtin_mul_overflow(value, factor, &value);
  value = static_cast<int128>(static_cast<std::int64_t>(value)) * static_cast<std::int64_t>(factor);
  return true;
}

std::optional<product> multiply(std::initializer_list<int128> integers, std::initializer_list<decimal> decimals) {
  product result;
  for (const int128 factor : integers)
    if (!multiply_by(result.mantissa, factor)) return std::nullopt;
  for (const decimal& factor : decimals) {
    if (!multiply_by(result.mantissa, factor.mantissa)) return std::nullopt;
    result.scale += factor.scale;
  }
  return result;
}

struct division {
  int128 quotient = 0;
  int128 remainder = 0;
};

constexpr int128 divisor_max = int128_max / 10;

/// floor(dividend × 10^exponent / divisor) for dividend ≥ 0 and 0 < divisor ≤ divisor_max, by long division so that only the result can
/// overflow; nothing then.
std::optional<division> divide(int128 dividend, int exponent, int128 divisor) {
  if (divisor > divisor_max) return std::nullopt;
  division result{dividend / divisor, dividend % divisor};
  for (; exponent > 0; --exponent) {
    const int128 next = result.remainder * 10;
    if (__builtin_mul_overflow(result.quotient, static_cast<int128>(10), &result.quotient)) return std::nullopt;
    if (__builtin_add_overflow(result.quotient, next / divisor, &result.quotient)) return std::nullopt;
    result.remainder = next % divisor;
  }
  return result;
}

/// value / divisor in counts of 1e-9, rounded half away from zero.
std::optional<amount> rounded(product value, int128 divisor) {
  if (value.mantissa < -int128_max) return std::nullopt;
  const bool negative = value.mantissa < 0;
  int exponent = amount::scale - value.scale;
  if (divisor == 1 && exponent >= 0 && exponent < 19) {  // nothing to round: so it is where a lot at a tick is a whole number of 1e-9
    amount exact{value.mantissa};
    return multiply_by(exact.nanos, power_of_ten(exponent)) ? std::optional(exact) : std::nullopt;
  }
  for (; exponent < 0; ++exponent)
    if (__builtin_mul_overflow(divisor, static_cast<int128>(10), &divisor)) return std::nullopt;
  const auto result = divide(negative ? -value.mantissa : value.mantissa, exponent, divisor);
  if (!result) return std::nullopt;
  const bool away = result->remainder >= divisor - result->remainder;
  if (away && result->quotient == int128_max) return std::nullopt;
  const int128 nanos = result->quotient + (away ? 1 : 0);
  return amount{negative ? -nanos : nanos};
}

auto too_large(const instrument& what, std::string_view name) {
  return fail(errc::out_of_range, fmt::format("The {} of an order in {} exceeds 128 bits; check its price and size.", name, what.symbol));
}

expected<std::int64_t> parse_count(const instrument& what, std::string_view text, decimal unit, std::string_view name) {
  const auto value = parse_scaled(text, unit.scale);
  if (!value) return tl::unexpected<error>(value.error());
  if (unit.mantissa <= 0 || *value % unit.mantissa != 0) {
    return fail(errc::out_of_range, fmt::format("'{}' is no multiple of the {} {} of {}; the instrument's definition may be out of date.",
                                                text, name, to_text(unit), what.symbol));
  }
  return *value / unit.mantissa;
}

std::string count_text(std::int64_t count, decimal unit) { return to_text(static_cast<int128>(count) * unit.mantissa, unit.scale); }

double count_value(std::int64_t count, decimal unit) noexcept {
  return static_cast<double>(static_cast<int128>(count) * unit.mantissa) / static_cast<double>(power_of_ten(unit.scale));
}

}  // namespace

std::string_view name_of(venue v) noexcept {
  switch (v) {
    case venue::none: return "none";
    case venue::binance_spot: return "binance";
    case venue::binance_usdm: return "binance-usdm";
    case venue::binance_coinm: return "binance-coinm";
    case venue::coinbase: return "coinbase";
    case venue::dydx: return "dydx";
    case venue::simulated: return "simulated";
  }
  return "unknown";
}

expected<amount> notional_of(const instrument& what, price at, quantity size) {
  const auto value = what.inverse ? multiply({size.lots}, {what.lot_size, what.multiplier})
                                  : multiply({size.lots, at.ticks}, {what.lot_size, what.tick_size, what.multiplier});
  const auto result = value ? rounded(*value, 1) : std::nullopt;
  if (!result) return too_large(what, "notional");
  return *result;
}

expected<amount> profit_of(const instrument& what, price entry, price exit, quantity size) {
  if (what.inverse && entry.ticks <= 0) {
    return fail(errc::out_of_range, fmt::format("A position in {} needs a positive entry price, not {} ticks.", what.symbol, entry.ticks));
  }
  const int128 move = static_cast<int128>(exit.ticks) - entry.ticks;
  const auto value = what.inverse ? multiply({size.lots, move}, {what.lot_size, what.multiplier})
                                  : multiply({size.lots, move}, {what.lot_size, what.tick_size, what.multiplier});
  const auto result = value ? rounded(*value, what.inverse ? entry.ticks : 1) : std::nullopt;
  if (!result) return too_large(what, "profit");
  return *result;
}

expected<amount> profit_at(const instrument& what, price entry, price exit, quantity size, price valued) {
  if (!what.inverse) return profit_of(what, entry, exit, size);
  if (const std::int64_t least = std::min({entry.ticks, exit.ticks, valued.ticks}); least <= 0) {
    return fail(errc::out_of_range, fmt::format("A position in {} needs positive prices, not {} ticks.", what.symbol, least));
  }
  const int128 move = static_cast<int128>(exit.ticks) - entry.ticks;
  const auto value = multiply({size.lots, move, valued.ticks}, {what.lot_size, what.multiplier});
  const auto result = value ? rounded(*value, static_cast<int128>(entry.ticks) * exit.ticks) : std::nullopt;
  if (!result) return too_large(what, "profit");
  return *result;
}

amount fee_of(amount notional, std::int32_t rate_e6) noexcept {
  constexpr int128 million = 1'000'000;
  const int128 value = absolute(notional).nanos;
  const int128 rest = (value % million) * rate_e6;
  const int128 up = rest > 0 && rest % million != 0 ? 1 : 0;  // division truncates, which is upward for a rebate
  return {(value / million) * rate_e6 + rest / million + up};
}

quantity quantity_for(const instrument& what, price at, amount value) noexcept {
  if (at.ticks <= 0 || value.nanos <= 0) return {};
  const auto lot = what.inverse ? multiply({}, {what.lot_size, what.multiplier})
                                : multiply({at.ticks}, {what.lot_size, what.tick_size, what.multiplier});
  if (!lot || lot->mantissa <= 0) return {};  // one lot alone is worth more than can be counted, or the instrument has no size
  int128 divisor = lot->mantissa;
  int exponent = lot->scale - amount::scale;
  for (; exponent < 0; ++exponent)
    if (__builtin_mul_overflow(divisor, static_cast<int128>(10), &divisor)) return {};
  if (divisor > divisor_max) return {};
  constexpr std::int64_t lots_max = std::numeric_limits<std::int64_t>::max();
  const auto lots = divide(value.nanos, exponent, divisor);
  return {lots && lots->quotient < lots_max ? static_cast<std::int64_t>(lots->quotient) : lots_max};
}

std::string to_text(const instrument& what, price at) { return count_text(at.ticks, what.tick_size); }
std::string to_text(const instrument& what, quantity size) { return count_text(size.lots, what.lot_size); }

expected<price> parse_price(const instrument& what, std::string_view text) {
  return parse_count(what, text, what.tick_size, "tick").map([](std::int64_t ticks) { return price{ticks}; });
}

expected<quantity> parse_quantity(const instrument& what, std::string_view text) {
  return parse_count(what, text, what.lot_size, "lot").map([](std::int64_t lots) { return quantity{lots}; });
}

double to_double(const instrument& what, price at) noexcept { return count_value(at.ticks, what.tick_size); }
double to_double(const instrument& what, quantity size) noexcept { return count_value(size.lots, what.lot_size); }

}  // namespace remora
