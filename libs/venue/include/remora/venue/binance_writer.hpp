#pragma once

#include "remora/base/time.hpp"
#include "remora/market/decoded.hpp"
#include "remora/market/instrument.hpp"

#include <string>
#include <string_view>

namespace remora::binance {

/// Market data as the JSON of Binance's USD-M futures, the other direction of reader and decode: combined streams (`@trade`, `@bookTicker`,
/// `@depth`) and the REST answer for a book. Prices and sizes are decimal text with all digits of tick and lot, made from counts without
/// floating point; times are whole milliseconds, rounded down. What decode takes is written so that it reads the same.
class writer {
 public:
  /// Of an instrument of USD-M futures whose symbol is one (`is_symbol`). Values of its messages have at most 18 digits. The interval is
  /// that of the book's differences; it stands in the stream's name.
  explicit writer(const instrument& what, milliseconds depth_interval = milliseconds(100));

  /// The JSON of a message that was sent at that time (`E`; `T` is its venue_time). Valid until the next call.
  [[nodiscard]] std::string_view write(const decoded_message& what, timestamp sent);

 private:
  void add(const trade_seen& trade, timestamp sent);
  void add(const quote_seen& quote, timestamp sent);
  void add(const depth_update& update, timestamp sent);
  void add(const depth_snapshot& snapshot, timestamp sent);
  void begin(std::string_view channel);
  void add(const std::vector<level>& levels);
  void add(price at);
  void add(quantity size);

  instrument what_;
  std::string stream_;  // the symbol as it begins names of streams: lower case
  std::string depth_channel_;
  std::string text_;
};

}  // namespace remora::binance
