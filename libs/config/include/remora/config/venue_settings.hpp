#pragma once

#include "remora/base/decimal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace remora::config {

/// The kinds of market a venue offers: spot, linear futures settled in USD, inverse futures settled in the coin.
enum class market_type : std::uint8_t { spot, usdm, coinm };

/// Basis points of notional.
struct fees {
  decimal maker_bp;
  decimal taker_bp;

  friend bool operator==(const fees&, const fees&) = default;
};

/// `<venue>.spot`, `.usdm`, `.coinm`: where a market is and what it charges. An empty address: the venue has no such market.
struct market_settings {
  std::string rest;
  std::string stream;
  fees fee;

  friend bool operator==(const market_settings&, const market_settings&) = default;
};

/// One item of `<venue>.instruments`. Numbers are exact decimals, as the venue's filters state them.
struct instrument_settings {
  std::string symbol;
  market_type market = market_type::spot;
  decimal tick_size;
  decimal lot_size;
  std::optional<decimal> quantity_step;  ///< finest quantity in market data, where finer than the lot
  decimal multiplier{1, 0};
  bool inverse = false;
  amount min_notional;
  std::optional<decimal> maker_fee_bp;
  std::optional<decimal> taker_fee_bp;

  friend bool operator==(const instrument_settings&, const instrument_settings&) = default;
};

/// `binance`, `coinbase`, `dydx`.
struct venue_settings {
  bool enabled = false;
  market_settings spot;
  market_settings usdm;
  market_settings coinm;
  std::vector<instrument_settings> instruments;

  friend bool operator==(const venue_settings&, const venue_settings&) = default;
};

/// The built-in addresses and fees; instruments come from the file only.
[[nodiscard]] venue_settings default_binance();
[[nodiscard]] venue_settings default_coinbase();
[[nodiscard]] venue_settings default_dydx();

/// The group of `venue` for a kind of market.
[[nodiscard]] const market_settings& market_of(const venue_settings& venue, market_type market) noexcept;

/// What the venue charges for an instrument: its own fee where given, else its market's.
[[nodiscard]] fees fees_of(const venue_settings& venue, const instrument_settings& instrument) noexcept;

}  // namespace remora::config
