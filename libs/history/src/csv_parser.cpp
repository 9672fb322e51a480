#include "csv_parser.hpp"

#include "remora/base/decimal.hpp"
#include "remora/venue/epoch_time.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace remora::history {
namespace {

using text = std::string_view;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

text stripped(text field) {
  const auto drop = [](char c) { return c == ' ' || c == '"' || c == '\r' || c == '\t'; };
  while (!field.empty() && drop(field.front())) field.remove_prefix(1);
  while (!field.empty() && drop(field.back())) field.remove_suffix(1);
  return field;
}

void split(text line, std::vector<text>& fields) {
  if (line.substr(0, 3) == "\xef\xbb\xbf") line.remove_prefix(3);
  fields.clear();
  for (std::size_t from = 0; from <= line.size();) {
    const std::size_t to = std::min(line.find(',', from), line.size());
    fields.push_back(stripped(line.substr(from, to - from)));
    from = to + 1;
  }
}

/// "Timestamp_ms" → "timestampms".
std::string plain_name(text name) {
  std::string plain;
  for (const char c : name)
    if (is_digit(lower(c)) || (lower(c) >= 'a' && lower(c) <= 'z')) plain += lower(c);
  return plain;
}

bool is_number(text field) {
  return !field.empty() && field.find_first_not_of("+-.0123456789") == text::npos && std::any_of(field.begin(), field.end(), is_digit);
}

bool is_truth(text field) {
  return field == "true" || field == "false" || field == "True" || field == "False" || field == "TRUE" || field == "FALSE";
}

bool is_true(text field) { return lower(field.front()) == 't' || field == "1"; }

/// The first of `names` that is a column. Names are in order of preference.
csv_layout::column column_named(const std::vector<std::string>& header, std::initializer_list<text> names) {
  for (const text name : names)
    if (const auto found = std::find(header.begin(), header.end(), name); found != header.end())
      return static_cast<std::size_t>(found - header.begin());
  return std::nullopt;
}

expected<csv_layout> named_layout(const std::vector<text>& fields) {
  std::vector<std::string> header;
  for (const text field : fields) header.push_back(plain_name(field));
  const auto time = column_named(header, {"exchtsms", "transacttime", "transactiontime", "tradetime", "timestamp", "timestampms", "timestampus", "timestampns",
                                          "time", "timems", "timeus", "timeseconds", "tsms", "ts"});
  const auto price = column_named(header, {"price"});
  const auto size = column_named(header, {"qty", "quantity", "size", "amount", "volume"});
  csv_layout layout{true, fields.size(), time.value_or(0), price.value_or(0), size.value_or(0), {}, {}, {}, {}, {}, {}, {}};
  layout.id = column_named(header, {"tradeid", "id", "lasttradeid", "aggtradeid", "aggregatetradeid", "aggid"});
  layout.aggregates = column_named(header, {"aggtradeid", "aggregatetradeid", "aggid"}).has_value();
  layout.local_time = column_named(header, {"localtimestamp", "timestampofreceive", "receivetime", "localtime", "tsms"});
  if (layout.local_time == time) layout.local_time.reset();
  layout.buyer_is_maker = column_named(header, {"isbuyermaker", "isbuyermarketmaker", "buyermaker"});
  layout.side = column_named(header, {"side", "takerside", "aggressor"});
  layout.symbol = column_named(header, {"symbol"});
  layout.exchange = column_named(header, {"exchange"});
  layout.execution_type = column_named(header, {"x", "xunknownparameter"});
  std::vector<text> missing;
  if (!time) missing.emplace_back("a time");
  if (!price) missing.emplace_back("a price");
  if (!size) missing.emplace_back("a quantity");
  layout.by_tick_rule = !layout.side && !layout.buyer_is_maker;
  if (missing.empty()) return layout;
  return fail(errc::unsupported, fmt::format("a table of something else than trades: its header names no column for {}", fmt::join(missing, ", nor for ")));
}

/// Of price histories: time,price,quantity. Binance's archive: id,price,qty,quote_qty,time,is_buyer_maker[,is_best_match] or
/// agg_id,price,qty,first_id,last_id,time,is_buyer_maker[,is_best_match].
expected<csv_layout> archive_layout(const std::vector<text>& fields) {
  const std::size_t count = fields.size();
  const bool trades = (count == 6 || count == 7) && is_truth(fields[5]);
  const bool aggregates = (count == 7 || count == 8) && is_truth(fields[6]) && !trades;
  if (trades) return csv_layout{false, count, 4, 1, 2, 0, {}, 5, {}, {}, {}, {}};
  if (aggregates) return csv_layout{false, count, 5, 1, 2, 4, {}, 6, {}, {}, {}, {}, true};  // an aggregate counts as its last trade
  if (count == 3 && is_number(fields[1]) && is_number(fields[2])) {
    csv_layout bare{false, count, 0, 1, 2, {}, {}, {}, {}, {}, {}, {}};
    bare.by_tick_rule = true;
    return bare;
  }
  return fail(errc::unsupported, fmt::format("a table of {} columns without a header that is not in the form of Binance's trade archive", count));
}

expected<timestamp> time_of(text field) {
  std::uint64_t count = 0;
  const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), count);
  if (!field.empty() && code == std::errc() && end == field.data() + field.size()) return timestamp_of_count(count);
  const auto nanos = field.find('.') == text::npos ? expected<std::int64_t>(fail(errc::malformed, "")) : parse_scaled(field, 9);
  if (!nanos || *nanos < 0) return fail(errc::malformed, fmt::format("the time \"{}\" is not a count since 1970", field.substr(0, 40)));
  return timestamp_of_count(static_cast<std::uint64_t>(*nanos));
}

expected<bool> buyer_made(text maker, text side) {
  if (is_truth(maker) || maker == "1" || maker == "0") return is_true(maker);
  const std::string word = plain_name(side);
  if (word == "buy" || word == "b" || word == "bid") return false;
  if (word == "sell" || word == "s" || word == "ask") return true;
  return fail(errc::malformed, fmt::format("\"{}\" does not tell the side of the aggressor", (maker.empty() ? side : maker).substr(0, 40)));
}

std::optional<venue> market_of_exchange(text name) {
  if (name == "binance") return venue::binance_spot;
  if (name == "binance-futures") return venue::binance_usdm;
  if (name == "binance-delivery") return venue::binance_coinm;
  return std::nullopt;
}

bool ends_with_quote_currency(const std::string& symbol) {
  constexpr std::array<text, 12> quotes = {"USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD", "BTC", "ETH", "BNB", "EUR", "TRY", "GBP"};
  return std::any_of(quotes.begin(), quotes.end(), [&](text quote) {
    return symbol.size() >= quote.size() + 2 && std::string_view(symbol).substr(symbol.size() - quote.size()) == quote;
  });
}

}  // namespace

expected<csv_layout> layout_of(std::string_view first_line) {
  std::vector<text> fields;
  split(first_line, fields);
  if (fields.size() < 3) return fail(errc::malformed, "neither lines with a local time and JSON nor a table");
  return is_number(fields[0]) ? archive_layout(fields) : named_layout(fields);
}

std::string symbol_in_name(std::string_view path) {
  text name = path.substr(path.rfind('/') == text::npos ? 0 : path.rfind('/') + 1);
  std::string previous;
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t to = std::min(name.find_first_of("-_.", from), name.size());
    std::string word(name.substr(from, to - from));
    std::transform(word.begin(), word.end(), word.begin(), upper);
    const bool dated = word.size() == 6 && std::all_of(word.begin(), word.end(), is_digit);
    if (!previous.empty()) return word == "PERP" || dated ? previous + "_" + word : previous;
    if (ends_with_quote_currency(word)) previous = word;
    from = to + 1;
  }
  return previous;
}

csv_parser::csv_parser(csv_layout layout, std::string header, std::string symbol, venue market)
    : layout_(layout), header_(std::move(header)), symbol_(std::move(symbol)), market_(market) {}

bool csv_parser::is_remark(std::string_view line) const {
  return line.empty() || line.front() == '#' || (layout_.has_header && line == header_);
}

expected<timestamp> csv_parser::stamp_of(std::string_view line) const {
  std::size_t wanted = layout_.local_time.value_or(layout_.time);
  for (; wanted > 0; --wanted) {
    const std::size_t comma = line.find(',');
    if (comma == text::npos) return fail(errc::malformed, "the row has too few columns");
    line.remove_prefix(comma + 1);
  }
  return time_of(stripped(line.substr(0, line.find(','))));
}

expected<parsed_line> csv_parser::parse(std::string_view line) {
  message_ = {};
  if (is_remark(line)) {
    message_.ignored_as = "header";
    return parsed_line{{}, &message_};
  }
  const auto stamp = stamp_of(line);
  if (!stamp) return tl::unexpected(stamp.error());
  split(line, row_);
  if (row_.size() != layout_.count)
    return fail(errc::malformed, fmt::format("the row has {} columns where the table has {}", row_.size(), layout_.count));
  if (const auto filled = fill(row_); !filled) return tl::unexpected(filled.error());
  return parsed_line{*stamp, &message_};
}

/// A trade above the one before it was a buyer's, one below it a seller's, one at its price whose that was (Lee and Ready 1991).
expected<bool> csv_parser::seller_by_tick_rule(std::string_view price) {
  const auto now = parse_decimal(price);
  if (!now) return tl::unexpected(now.error());
  const double at = to_double(*now);
  if (last_price_ > 0 && at != last_price_) selling_ = at < last_price_;
  last_price_ = at;
  return selling_;
}

expected<void> csv_parser::fill(const std::vector<std::string_view>& row) {
  const auto at = [&](const csv_layout::column& column) { return column ? row[*column] : text(); };
  const auto time = time_of(row[layout_.time]);
  if (!time) return tl::unexpected(time.error());
  const auto maker = layout_.by_tick_rule ? seller_by_tick_rule(row[layout_.price]) : buyer_made(at(layout_.buyer_is_maker), at(layout_.side));
  if (!maker) return tl::unexpected(maker.error());
  message_.kind = layout_.aggregates ? binance::message_kind::aggregate_trade : binance::message_kind::trade;
  if (layout_.execution_type && at(layout_.execution_type) != "MARKET") {
    ignored_as_ = fmt::format("trade X={}", at(layout_.execution_type).substr(0, 30));
    message_.kind = binance::message_kind::ignored;
    message_.ignored_as = ignored_as_;
  }
  const text id = at(layout_.id);
  const auto [end, code] = std::from_chars(id.data(), id.data() + id.size(), message_.id);
  if (layout_.id && (id.empty() || code != std::errc() || end != id.data() + id.size()))
    return fail(errc::malformed, fmt::format("the trade id \"{}\" is not a whole number of 64 bits", id.substr(0, 40)));
  message_.symbol = layout_.symbol ? at(layout_.symbol) : text(symbol_);
  if (!binance::is_symbol(message_.symbol))
    return fail(errc::malformed, fmt::format("the row names no usable symbol (\"{}\")", message_.symbol.substr(0, 40)));
  message_.market = layout_.exchange ? market_of_exchange(at(layout_.exchange)) : std::nullopt;
  if (!message_.market && market_ != venue::none) message_.market = market_;
  message_.trade = {row[layout_.price], row[layout_.size]};
  message_.buyer_is_maker = *maker;
  message_.venue_time = *time;
  return {};
}

}  // namespace remora::history
