#pragma once

#include "remora/market/instrument.hpp"
#include "remora/market/market_events.hpp"
#include "remora/proto/schema.hpp"

/// Market data: codes 1 to 19. Adding a field at the end of a list is compatible; anything else needs a new code.
namespace remora::proto {

template <>
struct schema<level> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("price", m.at); f("size", m.size);
  }
};

template <>
struct schema<instrument> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("where", m.where); f("symbol", m.symbol); f("tick_size", m.tick_size); f("lot_size", m.lot_size);
    f("multiplier", m.multiplier); f("inverse", m.inverse); f("account", m.account); f("quantity_min", m.quantity_min);
    f("quantity_max", m.quantity_max); f("notional_min", m.notional_min); f("maker_fee_e6", m.maker_fee_e6);
    f("taker_fee_e6", m.taker_fee_e6);
  }
};

template <>
struct schema<instrument_listed> {
  static constexpr std::uint16_t type = 1;
  static constexpr std::string_view name = "instrument";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("what", m.what);
  }
};

template <>
struct schema<trade_seen> {
  static constexpr std::uint16_t type = 2;
  static constexpr std::string_view name = "trade";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("trade_id", m.trade_id); f("price", m.at); f("size", m.size); f("aggressor", m.aggressor);
    f("venue_time", m.venue_time); f("own_fill", m.own_fill);
  }
};

template <>
struct schema<quote_seen> {
  static constexpr std::uint16_t type = 3;
  static constexpr std::string_view name = "quote";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("update_id", m.update_id); f("bid", m.bid); f("ask", m.ask); f("venue_time", m.venue_time);
  }
};

template <>
struct schema<book_changed> {
  static constexpr std::uint16_t type = 4;
  static constexpr std::string_view name = "book";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("first_update_id", m.first_update_id); f("update_id", m.update_id); f("bids", m.bids);
    f("asks", m.asks); f("venue_time", m.venue_time);
  }
};

template <>
struct schema<book_snapshot> {
  static constexpr std::uint16_t type = 5;
  static constexpr std::string_view name = "snapshot";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("update_id", m.update_id); f("first", m.first); f("last", m.last); f("bids", m.bids);
    f("asks", m.asks);
  }
};

template <>
struct schema<bar_closed> {
  static constexpr std::uint16_t type = 6;
  static constexpr std::string_view name = "bar";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("period", m.period); f("open_time", m.open_time); f("open", m.open); f("high", m.high);
    f("low", m.low); f("close", m.close); f("volume", m.volume); f("buy_volume", m.buy_volume); f("trades", m.trades);
  }
};

template <>
struct schema<feed_changed> {
  static constexpr std::uint16_t type = 7;
  static constexpr std::string_view name = "feed";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("state", m.state); f("reason", m.reason);
  }
};

template <>
struct schema<input_skipped> {
  static constexpr std::uint16_t type = 8;
  static constexpr std::string_view name = "skipped";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("source", m.source); f("line", m.line); f("reason", m.reason);
  }
};

template <>
struct schema<stream_ended> {
  static constexpr std::uint16_t type = 9;
  static constexpr std::string_view name = "ended";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("lines", m.lines); f("messages", m.messages); f("skipped", m.skipped);
  }
};

}  // namespace remora::proto
