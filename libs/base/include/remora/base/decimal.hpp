#pragma once

#include "remora/base/error.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace remora {

__extension__ typedef __int128 int128;

/// A decimal number exactly as written: mantissa × 10^-scale, 0 ≤ scale ≤ 18.
struct decimal {
  std::int64_t mantissa = 0;
  std::uint8_t scale = 0;

  friend bool operator==(const decimal&, const decimal&) = default;
};

/// Parses `[+-]digits[.digits]` (no exponent, at least one digit, at most 18 significant digits after trailing zeros of the
/// fraction are dropped). Errors: malformed, out_of_range.
[[nodiscard]] expected<decimal> parse_decimal(std::string_view text);

/// `text` as an integer count of 10^-scale. Exact: a digit beyond `scale` that is not zero is an error, as is overflow.
[[nodiscard]] expected<std::int64_t> parse_scaled(std::string_view text, int scale);

/// "123.4500" → "123.45"; without a trailing point or zeros.
[[nodiscard]] std::string to_text(decimal value);
/// `mantissa`·10^-scale as text, trailing zeros dropped.
[[nodiscard]] std::string to_text(int128 mantissa, int scale);

/// For signal mathematics and display only; never for money.
[[nodiscard]] double to_double(decimal value) noexcept;

/// 10^exponent, 0 ≤ exponent ≤ 18.
[[nodiscard]] std::int64_t power_of_ten(int exponent) noexcept;

/// Money in the settlement currency: a 128-bit count of 1e-9. Sums of amounts cannot overflow in practice (1.7e29 units).
struct amount {
  static constexpr int scale = 9;
  static constexpr std::int64_t one = 1'000'000'000;

  int128 nanos = 0;

  [[nodiscard]] static constexpr amount units(std::int64_t whole) noexcept { return {static_cast<int128>(whole) * one}; }

  friend constexpr auto operator<=>(const amount&, const amount&) = default;
  friend constexpr amount operator+(amount a, amount b) noexcept { return {a.nanos + b.nanos}; }
  friend constexpr amount operator-(amount a, amount b) noexcept { return {a.nanos - b.nanos}; }
  friend constexpr amount operator-(amount a) noexcept { return {-a.nanos}; }
  constexpr amount& operator+=(amount other) noexcept { nanos += other.nanos; return *this; }
  constexpr amount& operator-=(amount other) noexcept { nanos -= other.nanos; return *this; }
};

[[nodiscard]] constexpr amount absolute(amount value) noexcept { return value.nanos < 0 ? -value : value; }
/// Parses decimal text with at most nine fractional digits.
[[nodiscard]] expected<amount> parse_amount(std::string_view text);
[[nodiscard]] std::string to_text(amount value);
/// For display, reports and signal mathematics.
[[nodiscard]] double to_double(amount value) noexcept;
/// Nearest amount; for configuration values given as numbers. Not finite or too large → error.
[[nodiscard]] expected<amount> amount_of(double value);

}  // namespace remora
