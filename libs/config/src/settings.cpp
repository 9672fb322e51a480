#include "remora/config/settings.hpp"

namespace remora::config {

venue_settings default_binance() {
  return {.enabled = true,
          .spot = {"https://api.binance.com", "wss://stream.binance.com:9443", {{10, 0}, {10, 0}}},
          .usdm = {"https://fapi.binance.com", "wss://fstream.binance.com", {{2, 0}, {5, 0}}},
          .coinm = {"https://dapi.binance.com", "wss://dstream.binance.com", {{2, 0}, {5, 0}}},
          .instruments = {}};
}

venue_settings default_coinbase() {
  return {.enabled = false,
          .spot = {"https://api.coinbase.com/api/v3/brokerage", "wss://advanced-trade-ws.coinbase.com", {{60, 0}, {120, 0}}},
          .usdm = {},
          .coinm = {},
          .instruments = {}};
}

venue_settings default_dydx() {
  return {.enabled = false,
          .spot = {},
          .usdm = {"https://indexer.dydx.trade/v4", "wss://indexer.dydx.trade/v4/ws", {{1, 0}, {5, 0}}},
          .coinm = {},
          .instruments = {}};
}

const market_settings& market_of(const venue_settings& venue, market_type market) noexcept {
  if (market == market_type::usdm) return venue.usdm;
  return market == market_type::coinm ? venue.coinm : venue.spot;
}

fees fees_of(const venue_settings& venue, const instrument_settings& instrument) noexcept {
  const auto& fee = market_of(venue, instrument.market).fee;
  return {instrument.maker_fee_bp.value_or(fee.maker_bp), instrument.taker_fee_bp.value_or(fee.taker_bp)};
}

fees paper_fees_of(const settings& all, const venue_settings& venue, const instrument_settings& instrument) noexcept {
  const auto fee = fees_of(venue, instrument);
  return {all.paper_exchange.maker_fee_bp.value_or(fee.maker_bp), all.paper_exchange.taker_fee_bp.value_or(fee.taker_bp)};
}

}  // namespace remora::config
