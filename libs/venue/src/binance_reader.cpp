#include "remora/venue/binance_reader.hpp"

#include "json_token.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace remora::binance {
namespace {

namespace json = simdjson::ondemand;
using text = std::string_view;
using namespace json_token;

/// Fields that matter in any message. A message of one kind uses few of them; the letters mean different things in different kinds.
enum slot : std::size_t { e, E, s, t, T, a, A, b, B, l, p, q, m, M, X, u, U, pu, st, last_update_id, symbol, bids, asks, slot_count };
constexpr std::array<text, slot_count> slot_names = {"e", "E", "s", "t", "T", "a", "A", "b", "B", "l", "p", "q", "m", "M", "X", "u", "U", "pu", "st",
                                                     "lastUpdateId", "symbol", "bids", "asks"};

/// Raw JSON of each field, empty if the message has none; of arrays and objects only the bracket.
using tokens = std::array<text, slot_count>;

/// What tells kinds of object apart.
struct outline {
  text stream, event;
  bool data = false;
  bool last_update_id = false;
  bool best_sizes = false;
  bool response = false;
};

std::size_t slot_of(text key) {
  return static_cast<std::size_t>(std::find(slot_names.begin(), slot_names.end(), key) - slot_names.begin());
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// "0", "0.000": an empty side of a book.
bool is_zero(text number) { return !number.empty() && number.find_first_not_of("0.") == text::npos; }

/// "depth5", "depth20@100ms": the best levels over and over, not differences.
bool is_partial_depth(text channel) {
  return channel.size() > 5 && channel.substr(0, 5) == "depth" && channel[5] >= '0' && channel[5] <= '9';
}

simdjson::error_code add_to(outline& out, text key, json::value value) {
  if (key == "stream") out.stream = token_of(value);
  if (key == "e") out.event = token_of(value);
  out.data |= key == "data";
  out.last_update_id |= key == "lastUpdateId";
  out.best_sizes |= key == "B";
  out.response |= key == "result" || key == "id" || key == "code";
  return simdjson::SUCCESS;
}

/// Calls visit(key, value) for every field until it answers with an error.
template <class Visit>
simdjson::error_code for_each_field(json::object& object, Visit visit) {
  for (auto result : object) {
    json::field field;
    if (const auto code = std::move(result).get(field)) return code;
    if (const auto code = visit(key_of(field.key()), field.value())) return code;
  }
  return simdjson::SUCCESS;
}

}  // namespace

struct reader::state {
  json::parser parser{message_bytes_max};
  std::string buffer;   // the message and the padding that simdjson needs
  std::string symbol;   // taken from the name of the stream
  std::string reason;   // of an ignored message
  text stream;          // "btcusdt@depth@100ms", empty for raw payloads
  text channel;         // of the stream, after the '@'
  tokens found;
  std::optional<error> problem;  // of a field, met while walking the object
  message out;

  expected<const message*> read(text input);
  expected<const message*> read_document(json::document& document);
  expected<const message*> read_combined(json::object& root);
  expected<const message*> read_payload(json::object& object, const outline& shape);
  expected<const message*> ignore(text as);
  expected<message_kind> kind_of(const outline& shape);
  simdjson::error_code store(text key, json::value value);
  simdjson::error_code store_levels(text name, json::value value, std::vector<level_text>& levels);
  expected<void> fill();
  expected<void> fill_symbol();
  expected<void> fill_time();
  expected<void> fill_trade();
  expected<void> fill_quote();
  expected<void> fill_depth();
  expected<void> number_into(slot from, std::uint64_t& value);
  expected<void> string_into(slot from, text& value);
  std::optional<venue> market() const;
};

reader::reader() : state_(std::make_unique<state>()) {}
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;
reader::~reader() = default;

expected<const message*> reader::read(std::string_view input) { return state_->read(input); }

expected<const message*> reader::state::read(text input) {
  if (input.size() > message_bytes_max)
    return fail(errc::limit, fmt::format("the message has {} bytes; at most {} are read", input.size(), message_bytes_max));
  if (buffer.size() < input.size() + simdjson::SIMDJSON_PADDING) buffer.resize(input.size() + simdjson::SIMDJSON_PADDING);
  std::memcpy(buffer.data(), input.data(), input.size());
  json::document document;
  if (const auto code = parser.iterate(buffer.data(), input.size(), buffer.size()).get(document)) return bad_json(code);
  return read_document(document);
}

expected<const message*> reader::state::read_document(json::document& document) {
  out = {};
  stream = channel = {};
  json::json_type type{};
  if (const auto code = document.type().get(type)) return bad_json(code);
  if (type == json::json_type::array) return ignore("array");
  json::object root;
  if (const auto code = document.get_object().get(root)) return bad_json(code);
  outline shape;
  if (const auto code = for_each_field(root, [&](text key, json::value value) { return add_to(shape, key, value); })) return bad_json(code);
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) return fail(errc::malformed, "not the JSON of a message: text follows it");
  if (const auto code = root.reset().error()) return bad_json(code);
  if (shape.stream.empty() || !shape.data) return read_payload(root, shape);
  const auto name = plain_string("stream", shape.stream);
  if (!name) return tl::unexpected(name.error());
  stream = *name;
  if (const std::size_t mark = stream.find('@'); mark != text::npos) channel = stream.substr(mark + 1);
  return read_combined(root);
}

expected<const message*> reader::state::read_combined(json::object& root) {
  json::value data;
  json::json_type type{};
  if (const auto code = root.find_field_unordered("data").get(data)) return bad_json(code);
  if (const auto code = data.type().get(type)) return bad_json(code);
  if (type == json::json_type::array) return ignore(stream);
  json::object object;
  if (const auto code = data.get_object().get(object)) return bad_json(code);
  outline shape;
  if (const auto code = for_each_field(object, [&](text key, json::value value) { return add_to(shape, key, value); })) return bad_json(code);
  if (const auto code = object.reset().error()) return bad_json(code);
  return read_payload(object, shape);
}

expected<const message*> reader::state::ignore(text as) {
  reason.assign(as.substr(0, 40));
  out.kind = message_kind::ignored;
  out.ignored_as = reason;
  return &out;
}

expected<message_kind> reader::state::kind_of(const outline& shape) {
  if (shape.event.empty()) {
    if (shape.last_update_id) return message_kind::depth_snapshot;
    if (shape.best_sizes) return message_kind::quote;
    if (shape.response || !channel.empty()) return message_kind::ignored;
    return fail(errc::malformed, "the message has neither an event type (\"e\") nor the fields of a quote or a book");
  }
  const auto event = plain_string("e", shape.event);
  if (!event) return tl::unexpected(event.error());
  if (*event == "trade") return message_kind::trade;
  if (*event == "aggTrade") return message_kind::aggregate_trade;
  if (*event == "bookTicker") return message_kind::quote;
  if (*event == "depthUpdate") return message_kind::depth_update;
  return message_kind::ignored;
}

expected<const message*> reader::state::read_payload(json::object& object, const outline& shape) {
  const auto kind = kind_of(shape);
  if (!kind) return tl::unexpected(kind.error());
  if (is_partial_depth(channel)) return ignore("partial depth");
  if (*kind == message_kind::ignored) {
    const text event = shape.event;
    return ignore(is_string(event) ? event.substr(1, event.size() - 2) : channel.empty() ? text("response") : channel);
  }
  out.kind = *kind;
  found.fill({});
  problem.reset();
  const auto code = for_each_field(object, [&](text key, json::value value) { return store(key, value); });
  if (problem) return tl::unexpected(std::move(*problem));
  if (code) return bad_json(code);
  if (const auto filled = fill(); !filled) return tl::unexpected(filled.error());
  return &out;
}

/// Keeps a field; a problem of the content is noted in `problem` and ends the walk.
simdjson::error_code reader::state::store(text key, json::value value) {
  const std::size_t at = slot_of(key);
  if (at == slot_count) return simdjson::SUCCESS;
  if (!found[at].empty()) {
    problem = error{errc::malformed, fmt::format("field \"{}\" occurs twice", key)};
    return simdjson::INCORRECT_TYPE;
  }
  found[at] = token_of(value);
  const bool update = out.kind == message_kind::depth_update;
  const bool snapshot = out.kind == message_kind::depth_snapshot;
  if ((update && at == b) || (snapshot && at == bids)) return store_levels(key, value, out.bids);
  if ((update && at == a) || (snapshot && at == asks)) return store_levels(key, value, out.asks);
  return simdjson::SUCCESS;
}

simdjson::error_code reader::state::store_levels(text name, json::value value, std::vector<level_text>& levels) {
  const auto refuse = [&](text why) {
    problem = error{errc::malformed, fmt::format("field \"{}\", level {}: {}", name, levels.size() + 1, why)};
    return simdjson::INCORRECT_TYPE;
  };
  json::array array;
  if (value.get_array().get(array)) return refuse("a list of levels [\"price\",\"size\"] is needed");
  for (auto element : array) {
    json::array pair;
    if (element.get_array().get(pair)) return refuse("not a list [\"price\",\"size\"]");
    if (levels.size() == levels_max) {
      problem = error{errc::limit, fmt::format("field \"{}\" has more than {} levels", name, levels_max)};
      return simdjson::CAPACITY;
    }
    std::array<text, 2> parts;
    std::size_t count = 0;
    for (auto part : pair) {  // old messages have a third, empty part
      json::value each;
      if (const auto code = std::move(part).get(each)) return code;
      const text token = token_of(each);
      if (count < 2 && !is_string(token)) return refuse("price and size must be strings");
      if (count < 2) parts[count] = token.substr(1, token.size() - 2);
      ++count;
    }
    if (count < 2) return refuse("price and size are needed");
    levels.push_back({parts[0], parts[1]});
  }
  return simdjson::SUCCESS;
}

expected<void> reader::state::number_into(slot from, std::uint64_t& value) {
  const auto number = whole_number(slot_names[from], found[from]);
  if (!number) return tl::unexpected(number.error());
  value = *number;
  return {};
}

expected<void> reader::state::string_into(slot from, text& value) {
  const auto string = plain_string(slot_names[from], found[from]);
  if (!string) return tl::unexpected(string.error());
  value = *string;
  return {};
}

expected<void> reader::state::fill() {
  const auto body = [&]() -> expected<void> {
    switch (out.kind) {
      case message_kind::trade:
      case message_kind::aggregate_trade: return fill_trade();
      case message_kind::quote: return fill_quote();
      case message_kind::depth_update:
      case message_kind::depth_snapshot: return fill_depth();
      case message_kind::ignored: break;
    }
    return {};
  };
  return fill_symbol().and_then([&] { return fill_time(); }).and_then(body).map([&] { out.market = market(); });
}

expected<void> reader::state::fill_symbol() {
  const slot from = !found[s].empty() ? s : slot::symbol;
  if (!found[from].empty()) {
    if (auto taken = string_into(from, out.symbol); !taken) return taken;
  } else if (const std::size_t mark = stream.find('@'); mark != text::npos) {
    this->symbol.assign(stream.substr(0, mark));
    std::transform(this->symbol.begin(), this->symbol.end(), this->symbol.begin(), upper);
    out.symbol = this->symbol;
  } else if (out.kind == message_kind::depth_snapshot) {
    return {};
  }
  if (!is_symbol(out.symbol)) return bad_field("s", found[from], "a symbol");
  return {};
}

/// Transaction time where the message has one, else the time at which it was sent. Quotes and books of spot have neither.
expected<void> reader::state::fill_time() {
  const slot from = !found[T].empty() ? T : E;
  const bool optional = out.kind == message_kind::quote || out.kind == message_kind::depth_snapshot;
  if (found[from].empty() && optional) return {};
  const auto time = time_in(slot_names[from], found[from]);
  if (!time) return tl::unexpected(time.error());
  out.venue_time = *time;
  return {};
}

expected<void> reader::state::fill_trade() {
  const auto maker = truth("m", found[m]);
  if (!maker) return tl::unexpected(maker.error());
  out.buyer_is_maker = *maker;
  if (!found[X].empty() && found[X] != "\"MARKET\"") {  // liquidations by the insurance fund and the like are no order flow
    text type;
    return string_into(X, type).map([&] { static_cast<void>(ignore(fmt::format("trade X={}", type))); });
  }
  const slot aggregate_id = found[l].empty() ? a : l;
  return number_into(out.kind == message_kind::trade ? t : aggregate_id, out.id)
      .and_then([&] { return string_into(p, out.trade.at); })
      .and_then([&] { return string_into(q, out.trade.size); });
}

expected<void> reader::state::fill_quote() {
  auto filled = number_into(u, out.id)
                    .and_then([&] { return string_into(b, out.bid.at); })
                    .and_then([&] { return string_into(B, out.bid.size); })
                    .and_then([&] { return string_into(a, out.ask.at); })
                    .and_then([&] { return string_into(A, out.ask.size); });
  if (filled && (is_zero(out.bid.size) || is_zero(out.ask.size))) static_cast<void>(ignore("bookTicker with an empty side"));
  return filled;
}

expected<void> reader::state::fill_depth() {
  const bool update = out.kind == message_kind::depth_update;
  for (const slot side : update ? std::array{b, a} : std::array{bids, asks})
    if (found[side].empty()) return bad_field(slot_names[side], {}, "a list of levels");
  if (!update) return number_into(last_update_id, out.id);
  auto filled = number_into(U, out.first_id).and_then([&] { return number_into(u, out.id); });
  if (filled && !found[pu].empty()) filled = number_into(pu, out.previous_id.emplace());
  constexpr std::uint64_t span_max = 1'000'000'000;
  if (filled && out.id > out.first_id && out.id - out.first_id > span_max)
    return fail(errc::out_of_range, fmt::format("the update from {} (\"U\") to {} (\"u\") spans more than {} ids", out.first_id, out.id, span_max));
  if (filled && out.first_id > out.id)
    return fail(errc::out_of_range, fmt::format("the update starts at {} (\"U\") after its end {} (\"u\")", out.first_id, out.id));
  return filled;
}

std::optional<venue> reader::state::market() const {
  if (found[st] == "1") return venue::binance_usdm;
  if (found[st] == "2" || is_coin_margined(out.symbol)) return venue::binance_coinm;
  const auto either = [](bool futures) { return futures ? venue::binance_usdm : venue::binance_spot; };
  switch (out.kind) {
    case message_kind::depth_update: return either(out.previous_id.has_value());
    case message_kind::depth_snapshot:
    case message_kind::quote: return either(!found[T].empty() || !found[E].empty());
    case message_kind::trade:
    case message_kind::aggregate_trade:
      if (!found[X].empty() || !found[M].empty()) return either(!found[X].empty());
      break;
    case message_kind::ignored: break;
  }
  return std::nullopt;
}

}  // namespace remora::binance
