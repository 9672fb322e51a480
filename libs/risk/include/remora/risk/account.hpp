#pragma once

#include "remora/risk/edge_estimate.hpp"
#include "remora/risk/exposure.hpp"
#include "remora/risk/gate.hpp"
#include "remora/risk/market_view.hpp"
#include "remora/risk/portfolio.hpp"
#include "remora/risk/risk_gauge.hpp"
#include "remora/risk/settings.hpp"
#include "remora/risk/stakes.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace remora::risk {

/// Lots regardless of the side.
[[nodiscard]] constexpr std::int64_t magnitude(quantity size) noexcept {
  if (size.lots >= 0) return size.lots;
  return size.lots == std::numeric_limits<std::int64_t>::min() ? std::numeric_limits<std::int64_t>::max() : -size.lots;
}

/// What is held, what may still be filled, and what both are worth in their markets, always counted at their worst. Whatever changes one of
/// these goes through here, so that the stakes are at any time those of now.
class account {
 public:
  explicit account(const risk_settings& settings);

  // ---- what changes it

  void list(const instrument& what, std::uint32_t atr_period);
  /// The market shows these prices; an empty side is none.
  void show(market_view& m, std::optional<price> bid, std::optional<price> ask);
  void print(market_view& m, price at);
  /// Nothing if the fill was booked before. Errors as of `portfolio::book`.
  [[nodiscard]] expected<std::optional<booking>> book(const order_filled& fill, timestamp now);
  [[nodiscard]] expected<bool> book(const funding_charged& charge) { return positions_.book(charge); }
  /// Values what is held at the price at which it could be left.
  [[nodiscard]] expected<void> mark(const market_view& m) { return positions_.mark(m.what.id, mark_of(m)); }
  void reserve(const parent_ordered& order, place cause);
  void revoke(parent_id id) { open_.revoke(id); }
  /// True if a child of a known parent ended by this update and had not before.
  bool apply(const order_updated& update);
  /// The reservation as it ended; nothing if it was not known.
  std::optional<reservation> finish(const parent_finished& message, timestamp now);
  /// Null = never listed. Of everything but prices.
  [[nodiscard]] market_view* find(instrument_id id) noexcept;
  [[nodiscard]] std::map<instrument_id, market_view>& markets() noexcept { return markets_; }

  risk_gauge gauge;    ///< how markets move, alone and together
  edge_estimate edge;  ///< what round trips brought

  // ---- what it is

  [[nodiscard]] const std::map<instrument_id, market_view>& markets() const noexcept { return markets_; }
  [[nodiscard]] const portfolio& positions() const noexcept { return positions_; }
  [[nodiscard]] const exposure& open() const noexcept { return open_; }
  /// Of every listed instrument of which anything is held or open.
  [[nodiscard]] const risk::stakes& stakes() const noexcept { return stakes_; }

  /// What an instrument brought after fees and funding, what is held not counted.
  [[nodiscard]] amount net_of(instrument_id id) const;
  /// Where the position may end up when everything open is filled, or nothing.
  [[nodiscard]] position_range range_of(instrument_id id) const { return open_.range_of(id, positions_.at(id).size); }
  /// The price at which the position could be left now; its average where there is none.
  [[nodiscard]] price mark_of(const market_view& m) const;
  /// Notional of a size at the price a buy would pay; `beyond_measure` where there is no price, or more lots than can be meant.
  [[nodiscard]] amount value_of(const market_view& m, quantity size) const;
  /// Worst-case notional of an instrument.
  [[nodiscard]] amount worst_case(instrument_id id) const;
  /// Notional on one side when everything open on it is filled; negative = it would still be held the other way.
  [[nodiscard]] amount reached(const market_view& m, side direction) const;
  /// What spot accounts may still spend: cash, less what was paid for what they hold, less their open buys with a taker's fee, at the end of
  /// the collar or at the price a buy pays now if that is higher; far below zero where one of these cannot be valued.
  [[nodiscard]] amount spot_cash() const;
  /// What a buy on a spot account may be worth, with its fee beside it; `beyond_measure` for what needs no cash.
  [[nodiscard]] amount cash_for(const market_view& m, side direction) const;
  /// The notional that may still be added on one side before a limit or the end of the cash is reached.
  [[nodiscard]] amount room_for(const market_view& m, side direction, const limit_settings& limits) const;
  /// What else is held, or may be, that moves with this market or against it by more than the limit, or of which that is not known; and how
  /// it moves with it in the given direction.
  [[nodiscard]] std::vector<linked_holding> linked_with(const market_view& m, side direction) const;
  /// Signed value of each position that is held, for the gauge.
  [[nodiscard]] exposures_type exposures() const;

  /// Gross notional of what is held.
  [[nodiscard]] amount gross() const;
  /// By venue and type of account, of all where anything was ever booked or is open.
  [[nodiscard]] std::vector<book_report> books() const;

  template <class Archive>
  void archive(Archive& a) {
    a(markets_, positions_, open_, gauge, edge);
    if constexpr (requires { a.complete(); }) restate_all();  // read, not written
  }

 private:
  [[nodiscard]] instrument_id instrument_of(parent_id id) const;
  void restate(instrument_id id);
  void restate_all();
  /// Notional of a size at a price; `beyond_measure` where that is none, or the lots are more than can be meant.
  [[nodiscard]] static amount value_at(const market_view& m, price at, quantity size);
  /// What the market says an order of that side would trade at; what was paid, where it says nothing.
  [[nodiscard]] price price_of(const market_view& m, side direction) const;

  std::map<instrument_id, market_view> markets_;
  portfolio positions_;
  exposure open_;
  risk::stakes stakes_;  // follow from the three above
};

}  // namespace remora::risk
