#pragma once

#include "remora/risk/exposure.hpp"
#include "remora/risk/gate.hpp"
#include "remora/risk/market_view.hpp"
#include "remora/risk/portfolio.hpp"
#include "remora/risk/settings.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace remora::risk {

/// Stands for a value that cannot be computed: above every limit, and many of them still add up.
inline constexpr amount beyond_measure{static_cast<int128>(1) << 110};

/// Lots regardless of the side.
[[nodiscard]] constexpr std::int64_t magnitude(quantity size) noexcept {
  if (size.lots >= 0) return size.lots;
  return size.lots == std::numeric_limits<std::int64_t>::min() ? std::numeric_limits<std::int64_t>::max() : -size.lots;
}

/// What is held, what may still be filled, and what both are worth in their markets, always counted at their worst.
struct account {
  explicit account(amount starting_balance) : positions(starting_balance) {}

  std::map<instrument_id, market_view> markets;
  portfolio positions;
  exposure open;

  void list(const instrument& what, std::uint32_t atr_period);
  /// Null = never listed.
  [[nodiscard]] market_view* find(instrument_id id) noexcept;

  /// Where the position may end up when everything open is filled, or nothing.
  [[nodiscard]] position_range range_of(instrument_id id) const { return open.range_of(id, positions.at(id).size); }
  /// The same of every instrument of which anything is held or open.
  [[nodiscard]] std::map<instrument_id, position_range> ranges() const;
  /// The price at which the position could be left now; its average where there is none.
  [[nodiscard]] price mark_of(const market_view& m) const;
  /// Notional of a size at the price a buy would pay; `beyond_measure` where there is no price, or more lots than can be meant.
  [[nodiscard]] amount value_of(const market_view& m, quantity size) const;
  /// Worst-case notional of an instrument, and of all.
  [[nodiscard]] amount worst_case(instrument_id id) const;
  [[nodiscard]] amount worst_case() const;
  /// Notional on one side when everything open on it is filled; negative = it would still be held the other way.
  [[nodiscard]] amount reached(const market_view& m, side direction) const;
  /// The notional that may still be added on one side before a limit is reached.
  [[nodiscard]] amount room_for(const market_view& m, side direction, const limit_settings& limits) const;
  /// Everything else that is held or may be, and how it moves with this market in the given direction.
  [[nodiscard]] std::vector<correlated_holding> beside(const market_view& m, side direction, std::uint32_t observations_min) const;

  /// Gross notional of what is held.
  [[nodiscard]] amount gross() const;
  /// By venue and type of account, of all where anything was ever booked or is open.
  [[nodiscard]] std::vector<book_report> books() const;

  template <class Archive>
  void archive(Archive& a) {
    a(markets, positions, open);
  }
};

}  // namespace remora::risk
