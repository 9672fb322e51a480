#pragma once

#include "remora/base/text.hpp"
#include "remora/proto/render.hpp"

#include <duckdb.h>
#include <fmt/format.h>
#include <string>
#include <type_traits>

/// Messages as rows: the columns of a family, and the values of a message, both from its schema. Nested parts become columns with a
/// prefix, lists become JSON text; prices, quantities and money become exact decimals.
namespace remora::history {

/// The fields of a message that become columns: all, but for the bytes of an engine's state, which only its own build can read.
template <class Message, class Visitor>
void for_each_column(const Message& message, Visitor&& visit) {
  proto::for_each_field(message, [&](std::string_view name, const auto& field) {
    if (!std::is_same_v<Message, checkpoint_taken> || name != "state") visit(name, field);
  });
}

/// Enumerations that are numbers of something, not names.
template <class T>
constexpr bool is_number_of = std::is_same_v<T, parent_id> || std::is_same_v<T, instrument_id>;

struct column_writer {
  std::string out;  // "name TYPE, name TYPE, …"

  void add(const std::string& name, std::string_view type) { out += fmt::format("{}\"{}\" {}", out.empty() ? "" : ", ", name, type); }

  template <class T>
  void put(const std::string& name, const T& value) {
    if constexpr (std::is_same_v<T, bool>) add(name, "BOOLEAN");
    else if constexpr (std::is_same_v<T, double>) add(name, "DOUBLE");
    else if constexpr (std::is_same_v<T, timestamp>) add(name, "TIMESTAMP_NS");
    else if constexpr (std::is_same_v<T, price> || std::is_same_v<T, quantity> || std::is_same_v<T, decimal>) add(name, "DECIMAL(38,12)");
    else if constexpr (std::is_same_v<T, amount>) add(name, "DECIMAL(38,9)");
    else if constexpr (is_number_of<T> || std::is_unsigned_v<T>) add(name, "UBIGINT");
    else if constexpr (std::is_same_v<T, nanoseconds> || std::is_integral_v<T>) add(name, "BIGINT");
    else if constexpr (requires { value.has_value(); }) put(name, typename T::value_type{});
    else if constexpr (proto::described<const T>) proto::for_each_field(value, [&](std::string_view part, const auto& field) { put(fmt::format("{}_{}", name, part), field); });
    else add(name, "VARCHAR");  // text, names of enumerations, lists
  }
};

/// Appends the values of one message to a DuckDB appender, in the order of its columns.
class value_writer {
 public:
  /// `what`: the instrument that the message is about; null = none.
  value_writer(duckdb_appender appender, const proto::instrument_directory& instruments, const instrument* what)
      : appender_(appender), instruments_(instruments), what_(what) {}

  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, bool>) duckdb_append_bool(appender_, value);
    else if constexpr (std::is_same_v<T, double>) duckdb_append_double(appender_, value);
    else if constexpr (std::is_same_v<T, timestamp>) put_time(value);
    else if constexpr (std::is_same_v<T, price> || std::is_same_v<T, quantity>) put_text(what_ != nullptr ? to_text(*what_, value) : "0");
    else if constexpr (std::is_same_v<T, decimal> || std::is_same_v<T, amount>) put_text(to_text(value));
    else if constexpr (is_number_of<T>) duckdb_append_uint64(appender_, static_cast<std::uint64_t>(value));
    else if constexpr (std::is_unsigned_v<T>) duckdb_append_uint64(appender_, value);
    else if constexpr (std::is_same_v<T, nanoseconds>) duckdb_append_int64(appender_, value.count());
    else if constexpr (std::is_integral_v<T>) duckdb_append_int64(appender_, value);
    else if constexpr (requires { value.has_value(); }) put_optional(value);
    else if constexpr (proto::described<const T>) proto::for_each_field(value, [&](std::string_view, const auto& field) { put(field); });
    else put_text(json_of(value));
  }
  void put_text(const std::string& text) { duckdb_append_varchar_length(appender_, text.data(), text.size()); }
  void put_time(timestamp time) {
    // DuckDB's row interface has no call for nanosecond stamps; text keeps all digits.
    const std::int64_t ns = count_of(time);
    put_text(fmt::format("{}{:03}", iso_time(time).substr(0, 26), ((ns % 1000) + 1000) % 1000));
  }

 private:
  template <class T>
  void put_optional(const std::optional<T>& value) {
    if (value) put(*value);
    else duckdb_append_null(appender_);
  }
  /// DuckDB refuses a whole batch for one bad byte.
  [[nodiscard]] std::string json_of(const std::string& text) const { return clean_utf8(text); }
  template <class T> requires std::is_enum_v<T>
  [[nodiscard]] std::string json_of(T value) const {
    if constexpr (requires { name_of(value); }) return std::string(name_of(value));
    else return fmt::format("{}", static_cast<std::uint64_t>(value));
  }
  template <class T>
  [[nodiscard]] std::string json_of(const std::vector<T>& values) const {
    std::string out = "[";
    for (const T& value : values) {
      if (out.size() > 1) out += ',';
      out += item(value);
    }
    return out + "]";
  }
  template <class T>
  [[nodiscard]] std::string item(const T& value) const {
    if constexpr (std::is_same_v<T, level>)
      return what_ != nullptr ? fmt::format("[{},{}]", to_text(*what_, value.at), to_text(*what_, value.size)) : "[]";
    else if constexpr (requires { { value.instrument } -> std::convertible_to<instrument_id>; })
      return value_writer(appender_, instruments_, instruments_.find(value.instrument)).object(value);  // of an instrument of its own
    else if constexpr (proto::described<const T>) return object(value);
    else if constexpr (std::is_same_v<T, price> || std::is_same_v<T, quantity>)
      return what_ != nullptr ? to_text(*what_, value) : "0";
    else if constexpr (std::is_same_v<T, amount>) return to_text(value);
    else if constexpr (std::is_same_v<T, timestamp>) return fmt::format("{}", count_of(value));
    else if constexpr (std::is_arithmetic_v<T>) return fmt::format("{}", value);
    else if constexpr (is_number_of<T>) return fmt::format("{}", static_cast<std::uint64_t>(value));
    else if constexpr (std::is_enum_v<T>) return fmt::format("\"{}\"", json_of(value));
    else return fmt::format("\"{}\"", escaped(value));
  }
  template <class T>
  [[nodiscard]] std::string object(const T& value) const {
    std::string out = "{";
    proto::for_each_field(value, [&](std::string_view name, const auto& field) {
      out += fmt::format("{}\"{}\":{}", out.size() > 1 ? "," : "", name, item(field));
    });
    return out + "}";
  }
  template <class T>
  [[nodiscard]] std::string item(const std::vector<T>& values) const { return json_of(values); }
  [[nodiscard]] static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : clean_utf8(text)) {
      if (c == '"' || c == '\\') out += '\\';
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
  }

  duckdb_appender appender_;
  const proto::instrument_directory& instruments_;
  const instrument* what_;
};

}  // namespace remora::history
