#include "remora/venue/binance_writer.hpp"

#include "remora/base/assert.hpp"
#include "remora/venue/binance_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <variant>

namespace remora::binance {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

template <class... Arguments>
void append(std::string& out, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Arguments>(arguments)...);
}

std::int64_t milliseconds_of(timestamp time) { return std::chrono::floor<milliseconds>(time.time_since_epoch()).count(); }

/// `count` units as text in quotes with every digit of the unit: 279 units of 0.10 are "27.90".
void append_decimal(std::string& out, std::int64_t count, decimal unit) {
  const int128 value = static_cast<int128>(count) * unit.mantissa;
  REMORA_ASSERT(value >= 0 && value < power_of_ten(18));  // the reader takes no more digits
  const auto mantissa = static_cast<std::int64_t>(value);
  const std::int64_t one = power_of_ten(unit.scale);
  if (unit.scale == 0) append(out, "\"{}\"", mantissa);
  else append(out, "\"{}.{:0{}}\"", mantissa / one, mantissa % one, unit.scale);
}

}  // namespace

writer::writer(const instrument& what, milliseconds depth_interval)
    : what_(what), stream_(what.symbol), depth_channel_(fmt::format("depth@{}ms", depth_interval.count())) {
  REMORA_ASSERT(what.where == venue::binance_usdm && is_symbol(what.symbol));
  std::transform(stream_.begin(), stream_.end(), stream_.begin(), lower);
}

std::string_view writer::write(const decoded_message& what, timestamp sent) {
  text_.clear();
  std::visit([&](const auto& message) { add(message, sent); }, what);
  return text_;
}

void writer::begin(std::string_view channel) { append(text_, R"({{"stream":"{}@{}","data":{{)", stream_, channel); }

void writer::add(const trade_seen& trade, timestamp sent) {
  begin("trade");
  append(text_, R"("e":"trade","E":{},"T":{},"s":"{}","t":{},"p":)", milliseconds_of(sent), milliseconds_of(trade.venue_time), what_.symbol, trade.trade_id);
  add(trade.at);
  text_ += R"(,"q":)";
  add(trade.size);
  append(text_, R"(,"X":"MARKET","m":{}}}}})", trade.aggressor == side::sell);
}

void writer::add(const quote_seen& quote, timestamp sent) {
  begin("bookTicker");
  append(text_, R"("e":"bookTicker","u":{},"s":"{}","b":)", quote.update_id, what_.symbol);
  add(quote.bid.at);
  text_ += R"(,"B":)";
  add(quote.bid.size);
  text_ += R"(,"a":)";
  add(quote.ask.at);
  text_ += R"(,"A":)";
  add(quote.ask.size);
  append(text_, R"(,"T":{},"E":{}}}}})", milliseconds_of(quote.venue_time), milliseconds_of(sent));
}

void writer::add(const depth_update& update, timestamp sent) {
  begin(depth_channel_);
  append(text_, R"("e":"depthUpdate","E":{},"T":{},"s":"{}","U":{},"u":{},"pu":{},"b":)", milliseconds_of(sent), milliseconds_of(update.venue_time),
         what_.symbol, update.first_update_id, update.update_id, update.previous_update_id.value_or(update.first_update_id - 1));
  add(update.bids);
  text_ += R"(,"a":)";
  add(update.asks);
  text_ += "}}";
}

void writer::add(const depth_snapshot& snapshot, timestamp sent) {
  append(text_, R"({{"lastUpdateId":{},"E":{},"T":{},"bids":)", snapshot.update_id, milliseconds_of(sent), milliseconds_of(snapshot.venue_time));
  add(snapshot.bids);
  text_ += R"(,"asks":)";
  add(snapshot.asks);
  text_ += '}';
}

void writer::add(const std::vector<level>& levels) {
  text_ += '[';
  for (const level& each : levels) {
    text_ += &each == levels.data() ? "[" : ",[";
    add(each.at);
    text_ += ',';
    add(each.size);
    text_ += ']';
  }
  text_ += ']';
}

void writer::add(price at) { append_decimal(text_, at.ticks, what_.tick_size); }
void writer::add(quantity size) { append_decimal(text_, size.lots, what_.lot_size); }

}  // namespace remora::binance
