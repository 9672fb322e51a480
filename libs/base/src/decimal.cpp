#include "remora/base/decimal.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace remora {
namespace {

constexpr int scale_max = 18;

struct split {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

bool all_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

expected<split> split_number(std::string_view text) {
  split parts;
  std::string_view rest = text;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    parts.negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const std::size_t point = rest.find('.');
  parts.whole = rest.substr(0, point);
  if (point != std::string_view::npos) parts.fraction = rest.substr(point + 1);
  if ((parts.whole.empty() && parts.fraction.empty()) || !all_digits(parts.whole) || !all_digits(parts.fraction))
    return fail(errc::malformed, fmt::format("'{}' is not a decimal number", text.substr(0, 40)));
  while (!parts.fraction.empty() && parts.fraction.back() == '0') parts.fraction.remove_suffix(1);
  return parts;
}

/// Appends digits to `value`; false on overflow.
bool append_digits(std::int64_t& value, std::string_view digits) noexcept {
  for (const char c : digits)
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value)) return false;
  return true;
}

}  // namespace

std::int64_t power_of_ten(int exponent) noexcept {
  REMORA_ASSERT(exponent >= 0 && exponent <= scale_max);
  std::int64_t value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

expected<decimal> parse_decimal(std::string_view text) {
  const auto parts = split_number(text);
  if (!parts) return tl::unexpected(parts.error());
  decimal value;
  if (parts->fraction.size() > scale_max || !append_digits(value.mantissa, parts->whole) || !append_digits(value.mantissa, parts->fraction))
    return fail(errc::out_of_range, fmt::format("'{}' has too many digits", text.substr(0, 40)));
  value.scale = static_cast<std::uint8_t>(parts->fraction.size());
  if (parts->negative) value.mantissa = -value.mantissa;
  return value;
}

expected<std::int64_t> parse_scaled(std::string_view text, int scale) {
  const auto parts = split_number(text);
  if (!parts) return tl::unexpected(parts.error());
  const int missing = scale - static_cast<int>(parts->fraction.size());
  if (missing < 0) return fail(errc::out_of_range, fmt::format("'{}' has more than {} fractional digits", text.substr(0, 40), scale));
  std::int64_t value = 0;
  if (!append_digits(value, parts->whole) || !append_digits(value, parts->fraction) || missing > scale_max ||
      __builtin_mul_overflow(value, power_of_ten(missing), &value))
    return fail(errc::out_of_range, fmt::format("'{}' is too large", text.substr(0, 40)));
  return parts->negative ? -value : value;
}

std::string to_text(int128 mantissa, int scale) {
  const bool negative = mantissa < 0;
  std::string digits = fmt::format("{}", negative ? -mantissa : mantissa);
  if (scale > 0) {
    if (digits.size() <= static_cast<std::size_t>(scale)) digits.insert(0, static_cast<std::size_t>(scale) + 1 - digits.size(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(scale), 1, '.');
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return negative ? "-" + digits : digits;
}

std::string to_text(decimal value) { return to_text(static_cast<int128>(value.mantissa), value.scale); }
std::string to_text(amount value) { return to_text(value.nanos, amount::scale); }

double to_double(decimal value) noexcept { return static_cast<double>(value.mantissa) / static_cast<double>(power_of_ten(value.scale)); }
double to_double(amount value) noexcept { return static_cast<double>(value.nanos) / static_cast<double>(amount::one); }

expected<amount> parse_amount(std::string_view text) {
  const auto nanos = parse_scaled(text, amount::scale);
  if (!nanos) return tl::unexpected(nanos.error());
  return amount{*nanos};
}

expected<amount> amount_of(double value) {
  if (!std::isfinite(value) || std::abs(value) > 1e18) return fail(errc::out_of_range, fmt::format("{} is not a usable amount of money", value));
  const double nanos = std::round(value * static_cast<double>(amount::one));
  return amount{static_cast<int128>(nanos)};
}

}  // namespace remora
