#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace remora {

/// A price as a count of the instrument's ticks.
struct price {
  std::int64_t ticks = 0;

  friend constexpr auto operator<=>(const price&, const price&) = default;
  friend constexpr price operator+(price a, price b) noexcept { return {a.ticks + b.ticks}; }
  friend constexpr price operator-(price a, price b) noexcept { return {a.ticks - b.ticks}; }
};

/// A quantity as a count of the instrument's lots; signed where it is a position (long > 0).
struct quantity {
  std::int64_t lots = 0;

  friend constexpr auto operator<=>(const quantity&, const quantity&) = default;
  friend constexpr quantity operator+(quantity a, quantity b) noexcept { return {a.lots + b.lots}; }
  friend constexpr quantity operator-(quantity a, quantity b) noexcept { return {a.lots - b.lots}; }
  friend constexpr quantity operator-(quantity a) noexcept { return {-a.lots}; }
  constexpr quantity& operator+=(quantity other) noexcept { lots += other.lots; return *this; }
  constexpr quantity& operator-=(quantity other) noexcept { lots -= other.lots; return *this; }
};

/// Given by the gateway in the order in which instruments are listed, from 1; the same after every restart.
enum class instrument_id : std::uint32_t { none = 0 };

/// The name at an enumerator's number; "unknown" behind the last.
template <class Enum, std::size_t count>
[[nodiscard]] constexpr std::string_view name_at(const std::string_view (&names)[count], Enum value) noexcept {
  const auto at = static_cast<std::size_t>(value);
  return at < count ? names[at] : "unknown";
}

enum class side : std::uint8_t { buy = 1, sell = 2 };

[[nodiscard]] constexpr side opposite(side s) noexcept { return s == side::buy ? side::sell : side::buy; }
/// +1 for a buy, -1 for a sell.
[[nodiscard]] constexpr int sign_of(side s) noexcept { return s == side::buy ? 1 : -1; }
[[nodiscard]] constexpr std::string_view name_of(side s) noexcept { return s == side::buy ? "buy" : "sell"; }

/// One level of a book: the whole quantity at a price; zero removes the level.
struct level {
  price at;
  quantity size;

  friend constexpr auto operator<=>(const level&, const level&) = default;
};

}  // namespace remora
