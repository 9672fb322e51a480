#pragma once

#include "remora/base/time.hpp"
#include "remora/market/decoded.hpp"
#include "remora/market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace remora::binance {

enum class message_kind : std::uint8_t {
  trade = 1,
  aggregate_trade = 2,
  quote = 3,           ///< bookTicker
  depth_update = 4,
  depth_snapshot = 5,  ///< the answer to a REST request for a book
  ignored = 6,         ///< understood as something Remora has no use for
};

/// Price and size as the venue wrote them.
struct level_text {
  std::string_view at;
  std::string_view size;
};

/// One market-data message before its instrument is known: its numbers are still text. Views hold until the reader's next message.
struct message {
  message_kind kind = message_kind::ignored;
  std::string_view ignored_as;      ///< why it is ignored, as a short name to count under: "markPriceUpdate"
  std::string_view symbol;          ///< upper case; empty where the message names none (snapshots of spot and USD-M)
  std::optional<venue> market;      ///< spot, USD-M or COIN-M, where the message itself tells
  std::uint64_t id = 0;             ///< trade `t`, aggregate trade `l` (the last of its trades, so that both kinds count alike; `a` without
                                    ///< it), book update `u`, snapshot `lastUpdateId`
  std::uint64_t first_id = 0;       ///< depth update `U`
  std::optional<std::uint64_t> previous_id;  ///< depth update `pu`
  level_text trade;
  bool buyer_is_maker = false;
  level_text bid, ask;              ///< of a quote
  std::vector<level_text> bids, asks;
  timestamp venue_time{};           ///< 1970 where the message has none
};

/// Symbols become names of topics and folders: 1 to 64 letters, digits, '_', '-' and bytes that are not ASCII.
[[nodiscard]] bool is_symbol(std::string_view text) noexcept;
/// COIN-M contracts are settled in coin and quoted in USD: "BTCUSD_PERP", "ETHUSD_240927".
[[nodiscard]] bool is_coin_margined(std::string_view symbol) noexcept;

/// The message in ticks and lots of its instrument, which must be listed (have an id). Prices must be positive, trades must have a size,
/// quotes two sides, one above the other. Errors: malformed, out_of_range (also: off the tick or lot), saying which field.
[[nodiscard]] expected<decoded_message> decode(const message& what, const instrument& in);

}  // namespace remora::binance
