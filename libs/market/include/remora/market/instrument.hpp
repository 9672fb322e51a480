#pragma once

#include "remora/base/decimal.hpp"
#include "remora/base/error.hpp"
#include "remora/market/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace remora {

/// The market an instrument trades on; it decides the rules of book synchronisation.
enum class venue : std::uint8_t { none = 0, binance_spot = 1, binance_usdm = 2, binance_coinm = 3, coinbase = 4, dydx = 5, simulated = 6 };

/// "binance", "binance-usdm", "binance-coinm", …: as it stands in topics, folders and configuration.
[[nodiscard]] std::string_view name_of(venue v) noexcept;

/// What an account may do: a spot account sells only what it holds; margin (and futures) accounts may be short.
enum class account_type : std::uint8_t { spot = 1, margin = 2 };
[[nodiscard]] constexpr std::string_view name_of(account_type t) noexcept {
  constexpr std::string_view names[] = {"none", "spot", "margin"};
  return name_at(names, t);
}

/// Everything that turns counts of ticks and lots into prices, quantities and money.
struct instrument {
  instrument_id id = instrument_id::none;
  venue where = venue::none;
  std::string symbol;           ///< as the venue writes it: "BTCUSDT", "BTCUSD_PERP"
  decimal tick_size{1, 2};      ///< price of one tick
  decimal lot_size{1, 5};       ///< quantity of one lot, in base currency or contracts
  decimal multiplier{1, 0};     ///< base units per unit of quantity; for an inverse contract, its value in quote currency
  bool inverse = false;         ///< COIN-M: notional = contracts × multiplier, independent of price
  account_type account = account_type::margin;
  quantity quantity_min{1};     ///< smallest order
  quantity quantity_max{0};     ///< largest order; 0 = no limit
  amount notional_min;          ///< smallest notional of an order
  std::int32_t maker_fee_e6 = 200;  ///< fee rates in 1e-6 of notional; negative = rebate
  std::int32_t taker_fee_e6 = 500;

  template <class Archive>
  void archive(Archive& a) {
    a(id, where, symbol, tick_size, lot_size, multiplier, inverse, account, quantity_min, quantity_max, notional_min, maker_fee_e6, taker_fee_e6);
  }
};

/// Value of `size` at `at` in quote currency, rounded half away from zero to 1e-9; signed as `size` is. Error: out_of_range.
[[nodiscard]] expected<amount> notional_of(const instrument& what, price at, quantity size);
/// Gain in quote currency of holding `size` (signed) from `entry` to `exit`. An inverse contract gains size × multiplier × (exit - entry) / entry,
/// its coin gain valued at `exit`. Error: out_of_range (also for an entry of zero ticks of an inverse contract).
[[nodiscard]] expected<amount> profit_of(const instrument& what, price entry, price exit, quantity size);
/// The same, an inverse contract's coin gain valued at `valued`: gains of several moves then add up, each to half of 1e-9. Error: out_of_range
/// (also for prices of an inverse contract that are not positive).
[[nodiscard]] expected<amount> profit_at(const instrument& what, price entry, price exit, quantity size, price valued);
/// Fee of a notional at a rate in 1e-6, rounded up in the venue's favour.
[[nodiscard]] amount fee_of(amount notional, std::int32_t rate_e6) noexcept;
/// Largest quantity, rounded down to a lot, whose notional does not exceed `value`; zero if the price is not positive.
[[nodiscard]] quantity quantity_for(const instrument& what, price at, amount value) noexcept;

/// Decimal text of a price or quantity of this instrument, exact.
[[nodiscard]] std::string to_text(const instrument& what, price at);
[[nodiscard]] std::string to_text(const instrument& what, quantity size);
/// Exact conversion of venue text; off the tick or lot → out_of_range.
[[nodiscard]] expected<price> parse_price(const instrument& what, std::string_view text);
[[nodiscard]] expected<quantity> parse_quantity(const instrument& what, std::string_view text);
/// For signal mathematics and display.
[[nodiscard]] double to_double(const instrument& what, price at) noexcept;
[[nodiscard]] double to_double(const instrument& what, quantity size) noexcept;

}  // namespace remora
