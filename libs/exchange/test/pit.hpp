#pragma once

#include "remora/exchange/paper_market.hpp"

#include <string>
#include <vector>

namespace remora::exchange {

inline constexpr instrument_id one{1};

inline instrument listed() {
  instrument what;
  what.id = one;
  what.tick_size = {1, 0};
  what.lot_size = {1, 0};
  return what;
}

/// A market with bids 100x5, 99x7 and asks 101x4, 102x6, no slippage and certain touch fills unless told.
struct pit {
  explicit pit(instrument what = listed()) : market(std::move(what)) {
    settings.prob_fill_on_limit = 1;
    settings.prob_slippage = 0;
    give(book_snapshot{one, 1, true, true, {{{100}, {5}}, {{99}, {7}}}, {{{101}, {4}}, {{102}, {6}}}});
  }

  matching_context context() { return {now, settings, random, events}; }
  template <class Message>
  void give(const Message& message) {
    market.apply(message, context());
  }
  void bid(std::int64_t at, std::int64_t size) { give(book_changed{one, 0, 0, {{{at}, {size}}}, {}, now}); }
  void ask(std::int64_t at, std::int64_t size) { give(book_changed{one, 0, 0, {}, {{{at}, {size}}}, now}); }
  void print(std::int64_t at, std::int64_t size, side aggressor) { give(trade_seen{one, 1, {at}, {size}, aggressor, now}); }
  void submit(const char* id, side direction, time_in_force force, std::int64_t limit, std::int64_t size, bool reduces = false) {
    market.submit({id, direction, force, {limit}, {size}, {}, reduces, {}, {}}, context());
  }
  std::int64_t filled(const std::string& id) const {
    std::int64_t sum = 0;
    for (const auto& event : events) sum += event.report.id == id ? event.report.last_size.lots : 0;
    return sum;
  }
  std::vector<report_kind> kinds(const std::string& id) const {
    std::vector<report_kind> found;
    for (const auto& event : events) {
      if (event.report.id == id) found.push_back(event.report.kind);
    }
    return found;
  }

  timestamp now = timestamp_of(1'000'000'000);
  exchange_settings settings;
  philox random{7};
  std::vector<order_event> events;
  paper_market market;
};

using enum report_kind;
using kinds = std::vector<report_kind>;
inline constexpr auto ioc = time_in_force::ioc;
inline constexpr auto gtc = time_in_force::gtc;
inline constexpr auto post_only = time_in_force::post_only;
inline constexpr auto policies = {self_trade::cancel_oldest, self_trade::cancel_newest, self_trade::decrement};

}  // namespace remora::exchange
