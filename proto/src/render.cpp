#include "remora/proto/render.hpp"

#include "remora/base/text.hpp"

#include <fmt/format.h>
#include <type_traits>

namespace remora::proto {
namespace {

/// Appends values as text; the instrument, if known, gives prices and quantities their decimals. A part of a message may be of another one.
struct text_writer {
  const instrument_directory& instruments;
  const instrument* what;
  std::string out;

  void put(bool value) { out += value ? "true" : "false"; }
  void put(double value) { out += fmt::format("{:.6g}", value); }
  void put(const std::string& value) { out += value; }
  void put(timestamp value) { out += iso_time(value); }
  void put(nanoseconds value) { out += fmt::format("{}ms", value.count() / 1'000'000); }
  void put(amount value) { out += to_text(value); }
  void put(decimal value) { out += to_text(value); }
  void put(price value) { out += what != nullptr ? to_text(*what, value) : fmt::format("{}t", value.ticks); }
  void put(quantity value) { out += what != nullptr ? to_text(*what, value) : fmt::format("{}l", value.lots); }
  void put(const place& value) { out += fmt::format("{}:{}", name_of(value.who), value.position); }
  template <class T> requires std::is_integral_v<T>
  void put(T value) { out += fmt::format("{}", value); }
  template <class T> requires std::is_enum_v<T>
  void put(T value) {
    if constexpr (requires { name_of(value); }) out += name_of(value);
    else out += fmt::format("{}", static_cast<std::uint64_t>(value));
  }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value) put(*value);
    else out += '-';
  }
  template <class T>
  void put(const std::vector<T>& values) {
    constexpr std::size_t shown = 5;
    out += '[';
    for (std::size_t i = 0; i < values.size() && i < shown; ++i) {
      if (i > 0) out += ' ';
      put(values[i]);
    }
    if (values.size() > shown) out += fmt::format(" … {} in all", values.size());
    out += ']';
  }
  template <class T> requires described<const T>
  void put(const T& value) {
    const instrument* const whole = what;
    if constexpr (requires { { value.instrument } -> std::convertible_to<instrument_id>; }) what = instruments.find(value.instrument);
    out += '(';
    fields(value);
    out += ')';
    what = whole;
  }
  template <class T>
  void fields(const T& value) {
    bool first = true;
    for_each_field(value, [&](std::string_view name, const auto& field) {
      if (!first) out += ' ';
      first = false;
      out += name;
      out += '=';
      put(field);
    });
  }
};

/// Feeds every field's bytes, with lengths, to a fingerprint.
struct hash_writer {
  fingerprint& hash;

  template <class T>
  void raw(const T& value) { hash.add({reinterpret_cast<const char*>(&value), sizeof value}); }
  template <class T>
  void put(const T& value) {
    if constexpr (described<const T>) for_each_field(value, [&](std::string_view, const auto& field) { put(field); });
    else raw(value);
  }
  void put(const std::string& value) { raw(value.size()); hash.add(value); }
  template <class T>
  void put(const std::vector<T>& values) { raw(values.size()); for (const T& value : values) put(value); }
  template <class T>
  void put(const std::optional<T>& value) { raw(value.has_value()); if (value) put(*value); }
};

/// Feeds codes, names of fields with those of their parts, and how far enumerations go, to a fingerprint.
struct shape_writer {
  fingerprint& hash;

  template <class T>
  void put(const T& value) {
    if constexpr (described<const T>)
      for_each_field(value, [&](std::string_view name, const auto& field) {
        hash.add(name);
        put(field);
      });
    else if constexpr (std::is_enum_v<T>) hash.add(fmt::format("<{};", static_cast<std::uint64_t>(last_of<T>)));
    else hash.add(";");
  }
  template <class T>
  void put(const std::vector<T>&) { hash.add("["); put(T{}); }
  template <class T>
  void put(const std::optional<T>&) { hash.add("?"); put(T{}); }
  template <class Message>
  void message() {
    hash.add(fmt::format("{} {}:", schema<Message>::type, schema<Message>::name));
    put(Message{});
  }
};

template <class... Message>
std::uint64_t shapes_of(std::type_identity<std::variant<Message...>>) {
  fingerprint hash;
  shape_writer shapes{hash};
  (shapes.message<Message>(), ...);
  return hash.value();
}

}  // namespace

std::uint64_t messages_fingerprint() { return shapes_of(std::type_identity<body>{}); }

void instrument_directory::learn(const body& message) {
  if (const auto* listed = std::get_if<instrument_listed>(&message)) by_id_[listed->what.id] = listed->what;
}

const instrument* instrument_directory::find(instrument_id id) const noexcept {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

std::string topic_of(const record& what, const instrument_directory& instruments) {
  const instrument* listed = instruments.find(instrument_of(what.body));
  if (what.at.who == publisher::gateway && listed != nullptr)
    return fmt::format("market.{}.{}.{}", name_of(listed->where), listed->symbol, name_of(what.body));
  return fmt::format("{}.{}", name_of(what.at.who), name_of(what.body));
}

std::string to_line(const record& what, const instrument_directory& instruments) {
  const instrument* listed = instruments.find(instrument_of(what.body));
  text_writer text{instruments, listed, {}};
  std::visit(
      [&]<class M>(const M& message) {
        if constexpr (std::is_same_v<M, checkpoint_taken>) text.out = fmt::format("round={} state={} bytes", message.round, message.state.size());
        else text.fields(message);
      },
      what.body);
  return fmt::format("{} {:>9}:{:<7} {:<11} {}{}", iso_time(what.event_time), name_of(what.at.who), what.at.position, name_of(what.body),
                     listed != nullptr ? listed->symbol + " " : std::string{}, text.out);
}

bool is_decision(const body& message) noexcept {
  return std::holds_alternative<signal_raised>(message) || std::holds_alternative<parent_ordered>(message) ||
         std::holds_alternative<order_intended>(message) || std::holds_alternative<order_filled>(message);
}

void add_to(fingerprint& hash, const record& what) {
  hash_writer writer{hash};
  writer.raw(type_of(what.body));
  writer.raw(count_of(what.event_time));
  std::visit([&](const auto& message) { writer.put(message); }, what.body);
}

void decisions_hash::add(const record& what) {
  if (is_decision(what.body)) add_to(by_publisher_[what.at.who], what);
}

std::string decisions_hash::text() const {
  fingerprint all;
  for (const auto& [who, part] : by_publisher_) all.add(fmt::format("{}={:016x};", name_of(who), part.value()));
  return fmt::format("{:016x}", all.value());
}

}  // namespace remora::proto
