#pragma once

#include "remora/risk/edge_estimate.hpp"
#include "remora/risk/exposure.hpp"
#include "remora/risk/gate.hpp"
#include "remora/risk/market_view.hpp"
#include "remora/risk/portfolio.hpp"
#include "remora/risk/risk_gauge.hpp"
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

/// What one instrument may come to: where its position may end, and what that is worth at its worst.
struct stake {
  const market_view* market = nullptr;
  position_range range;
  amount worst;
};

/// What is held, what may still be filled, and what both are worth in their markets, always counted at their worst.
struct account {
  account(amount starting_balance, const gauge_settings& measures, const edge_settings& learning)
      : positions(starting_balance), gauge(measures), edge(learning) {}

  std::map<instrument_id, market_view> markets;
  portfolio positions;
  exposure open;
  risk_gauge gauge;    ///< how markets move, alone and together
  edge_estimate edge;  ///< what round trips brought

  void list(const instrument& what, std::uint32_t atr_period);
  /// Null = never listed.
  [[nodiscard]] market_view* find(instrument_id id) noexcept;

  /// What an instrument brought after fees and funding, what is held not counted.
  [[nodiscard]] amount net_of(instrument_id id) const;
  /// Where the position may end up when everything open is filled, or nothing.
  [[nodiscard]] position_range range_of(instrument_id id) const { return open.range_of(id, positions.at(id).size); }
  /// Of every instrument of which anything is held or open, in their order. O(held + open).
  [[nodiscard]] std::vector<stake> stakes() const;
  /// The price at which the position could be left now; its average where there is none.
  [[nodiscard]] price mark_of(const market_view& m) const;
  /// Notional of a size at the price a buy would pay; `beyond_measure` where there is no price, or more lots than can be meant.
  [[nodiscard]] amount value_of(const market_view& m, quantity size) const;
  /// Worst-case notional of an instrument, and of all.
  [[nodiscard]] amount worst_case(instrument_id id) const;
  [[nodiscard]] amount worst_case() const;
  /// Notional on one side when everything open on it is filled; negative = it would still be held the other way.
  [[nodiscard]] amount reached(const market_view& m, side direction) const;
  /// What spot accounts may still spend: cash, less what was paid for what they hold, less their open buys with a taker's fee, at the end of
  /// the collar or at the price a buy pays now if that is higher; far below zero where one of these cannot be valued.
  [[nodiscard]] amount spot_cash() const;
  /// What a buy on a spot account may be worth, with its fee beside it; `beyond_measure` for what needs no cash.
  [[nodiscard]] amount cash_for(const market_view& m, side direction) const;
  /// The notional that may still be added on one side before a limit or the end of the cash is reached.
  [[nodiscard]] amount room_for(const market_view& m, side direction, const limit_settings& limits) const;
  /// Everything else that is held or may be, and how it moves with this market in the given direction.
  [[nodiscard]] std::vector<correlated_holding> beside(const market_view& m, side direction, const std::vector<stake>& all) const;
  /// Signed value of each position that is held, for the gauge.
  [[nodiscard]] exposures_type exposures() const;

  /// Gross notional of what is held.
  [[nodiscard]] amount gross() const;
  /// By venue and type of account, of all where anything was ever booked or is open.
  [[nodiscard]] std::vector<book_report> books() const;

  template <class Archive>
  void archive(Archive& a) {
    a(markets, positions, open, gauge, edge);
  }

 private:
  /// Notional of a size at a price; `beyond_measure` where that is none, or the lots are more than can be meant.
  [[nodiscard]] static amount value_at(const market_view& m, price at, quantity size);
  /// What the market says an order of that side would trade at; what was paid, where it says nothing.
  [[nodiscard]] price price_of(const market_view& m, side direction) const;
};

}  // namespace remora::risk
