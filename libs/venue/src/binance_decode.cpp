#include "remora/venue/binance_message.hpp"

#include "remora/base/assert.hpp"

#include <fmt/format.h>

namespace remora::binance {
namespace {

auto in_field(const instrument& in, std::string_view field, error why) {
  return fail(why.code, fmt::format("{} {}: {}", in.symbol, field, why.text));
}

expected<price> price_of(const instrument& in, std::string_view field, std::string_view text) {
  auto at = parse_price(in, text);
  if (!at) return in_field(in, field, std::move(at.error()));
  if (at->ticks <= 0) return fail(errc::out_of_range, fmt::format("{} {}: the price {} is not positive", in.symbol, field, text));
  return *at;
}

expected<quantity> size_of(const instrument& in, std::string_view field, std::string_view text, bool may_be_zero) {
  auto size = parse_quantity(in, text);
  if (!size) return in_field(in, field, std::move(size.error()));
  if (size->lots < 0 || (size->lots == 0 && !may_be_zero))
    return fail(errc::out_of_range, fmt::format("{} {}: the size {} is not positive", in.symbol, field, text));
  return *size;
}

expected<level> level_of(const instrument& in, std::string_view field, const level_text& text, bool may_be_zero) {
  const auto at = price_of(in, field, text.at);
  if (!at) return tl::unexpected(at.error());
  const auto size = size_of(in, field, text.size, may_be_zero);
  if (!size) return tl::unexpected(size.error());
  return level{*at, *size};
}

expected<std::vector<level>> levels_of(const instrument& in, std::string_view field, const std::vector<level_text>& texts) {
  std::vector<level> levels;
  levels.reserve(texts.size());
  for (const level_text& text : texts) {
    auto each = level_of(in, field, text, true);
    if (!each) return fail(each.error().code, fmt::format("{} (level {})", each.error().text, levels.size() + 1));
    levels.push_back(*each);
  }
  return levels;
}

expected<decoded_message> trade_of(const message& what, const instrument& in) {
  const auto print = level_of(in, "trade", what.trade, false);
  if (!print) return tl::unexpected(print.error());
  return trade_seen{in.id, what.id, print->at, print->size, what.buyer_is_maker ? side::sell : side::buy, what.venue_time};
}

expected<decoded_message> quote_of(const message& what, const instrument& in) {
  const auto bid = level_of(in, "bid", what.bid, false);
  if (!bid) return tl::unexpected(bid.error());
  const auto ask = level_of(in, "ask", what.ask, false);
  if (!ask) return tl::unexpected(ask.error());
  if (bid->at >= ask->at)
    return fail(errc::out_of_range, fmt::format("{} quote: the bid {} is not below the ask {}", in.symbol, what.bid.at, what.ask.at));
  return quote_seen{in.id, what.id, *bid, *ask, what.venue_time};
}

/// Fills the two sides of a depth update or snapshot.
template <class Depth>
expected<decoded_message> with_levels(Depth depth, const message& what, const instrument& in) {
  auto bids = levels_of(in, "bids", what.bids);
  if (!bids) return tl::unexpected(std::move(bids.error()));
  auto asks = levels_of(in, "asks", what.asks);
  if (!asks) return tl::unexpected(std::move(asks.error()));
  depth.bids = std::move(*bids);
  depth.asks = std::move(*asks);
  return decoded_message(std::move(depth));
}

expected<decoded_message> update_of(const message& what, const instrument& in) {
  return with_levels(depth_update{in.id, what.first_id, what.id, what.previous_id, {}, {}, what.venue_time}, what, in);
}

expected<decoded_message> snapshot_of(const message& what, const instrument& in) {
  return with_levels(depth_snapshot{in.id, what.id, {}, {}, what.venue_time}, what, in);
}

}  // namespace

expected<decoded_message> decode(const message& what, const instrument& in) {
  REMORA_ASSERT(in.id != instrument_id::none);
  switch (what.kind) {
    case message_kind::trade:
    case message_kind::aggregate_trade: return trade_of(what, in);
    case message_kind::quote: return quote_of(what, in);
    case message_kind::depth_update: return update_of(what, in);
    case message_kind::depth_snapshot: return snapshot_of(what, in);
    case message_kind::ignored: break;
  }
  return fail(errc::unsupported, fmt::format("a message of kind {} holds no market data", what.ignored_as));
}

}  // namespace remora::binance
