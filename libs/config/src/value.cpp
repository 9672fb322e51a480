#include "value.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <type_traits>

namespace remora::config {
namespace {

bool is_number_like(const node& from) { return from.kind == node_kind::scalar && from.style != scalar_style::quoted && !from.text.empty(); }

template <class T>
bool parse_all(const std::string& text, T& to) {
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, to);
  return failure == std::errc() && stopped == end;
}

bool has_leading_zero(const std::string& text) {
  const auto first = text.starts_with('-') ? 1U : 0U;
  return text.size() > first + 1 && text[first] == '0';
}

template <class T>
bool take(tl::expected<T, error> parsed, T& to) {
  if (!parsed) return false;
  to = *parsed;
  return true;
}

bool would_read_as_another_type(const std::string& text) {
  double number = 0;
  return text.empty() || text == "true" || text == "false" || text == "null" || text == "~" || parse_all(text, number);
}

bool is_plain_word(const std::string& text) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
  };
  return !would_read_as_another_type(text) && text.front() != '-' && std::all_of(text.begin(), text.end(), allowed);
}

std::string shortened(const std::string& text) {
  constexpr std::size_t longest = 60;
  return text.size() <= longest ? text : fmt::format("{}…", text.substr(0, longest));
}

bool read_value(const node& from, bool& to) {
  if (!is_number_like(from) || (from.text != "true" && from.text != "false")) return false;
  to = from.text == "true";
  return true;
}

bool read_value(const node& from, std::int64_t& to) {
  return is_number_like(from) && !has_leading_zero(from.text) && parse_all(from.text, to);
}

bool read_value(const node& from, double& to) { return is_number_like(from) && parse_all(from.text, to) && std::isfinite(to); }

bool read_value(const node& from, amount& to) { return is_number_like(from) && take(parse_amount(from.text), to); }

bool read_value(const node& from, decimal& to) { return is_number_like(from) && take(parse_decimal(from.text), to); }

bool read_value(const node& from, std::string& to) {
  if (from.kind != node_kind::scalar) return false;
  if (from.style == scalar_style::plain && would_read_as_another_type(from.text)) return false;
  to = from.text;
  return true;
}

std::string value_text(bool value) { return value ? "true" : "false"; }
std::string value_text(std::int64_t value) { return fmt::format("{}", value); }
std::string value_text(double value) { return fmt::format("{}", value); }
std::string value_text(amount value) { return to_text(value); }
std::string value_text(decimal value) { return to_text(value); }

std::string value_text(const std::string& value) {
  if (is_plain_word(value)) return value;
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else quoted += c;
  }
  return quoted + '"';
}

template <class R, class P>
bool read_value(const node& from, std::chrono::duration<R, P>& to) {
  std::int64_t count = 0;
  if (!read_value(from, count)) return false;
  to = std::chrono::duration<R, P>(count);
  return true;
}

template <class R, class P>
std::string value_text(std::chrono::duration<R, P> value) {
  return value_text(static_cast<std::int64_t>(value.count()));
}

bool read_value(const node& from, std::optional<decimal>& to) {
  if (from.kind == node_kind::scalar && from.text == "none") {
    to.reset();
    return true;
  }
  return read_value(from, to.emplace());
}

std::string value_text(const std::optional<decimal>& value) { return value ? value_text(*value) : "none"; }

double measure(std::int64_t value) { return static_cast<double>(value); }
double measure(double value) { return value; }
double measure(amount value) { return to_double(value); }
double measure(decimal value) { return to_double(value); }
double measure(const std::optional<decimal>& value) { return value ? to_double(*value) : std::numeric_limits<double>::quiet_NaN(); }
template <class R, class P>
double measure(std::chrono::duration<R, P> value) {
  return static_cast<double>(value.count());
}
double measure(bool) { return std::numeric_limits<double>::quiet_NaN(); }
double measure(const std::string&) { return std::numeric_limits<double>::quiet_NaN(); }

template <class T>
constexpr value_type make_type(const char* name) {
  return {name, nullptr, [](const node& from, void* to) { return read_value(from, *static_cast<T*>(to)); },
          [](const void* from) { return value_text(*static_cast<const T*>(from)); },
          [](const void* from) { return measure(*static_cast<const T*>(from)); }};
}

// The names of each enumeration, in the order of its values.
template <class E>
constexpr std::array<const char*, 0> names_of{};
template <>
constexpr std::array names_of<size_detector>{"automatic", "zscore-baseline"};
template <>
constexpr std::array names_of<sizing_method>{"kelly_criterion", "fixed", "volatility", "kelly_continuous"};
template <>
constexpr std::array names_of<operator_lifts>{"nothing", "losses", "everything"};
template <>
constexpr std::array names_of<account_type>{"margin", "spot"};
template <>
constexpr std::array names_of<size_distribution_type>{"lognormal"};
template <>
constexpr std::array names_of<queue_model>{"risk_averse", "power_1", "power_2", "power_3", "log_1", "log_2"};
template <>
constexpr std::array names_of<self_trade>{"cancel_oldest", "cancel_newest", "decrement"};
template <>
constexpr std::array names_of<planner_type>{"swarm", "almgren_chriss", "twap", "vwap", "pov"};
template <>
constexpr std::array names_of<market_type>{"spot", "usdm", "coinm"};
template <>
constexpr std::array names_of<log_level>{"trace", "debug", "info", "warning", "error"};
template <>
constexpr std::array names_of<log_format>{"text", "json"};

template <class E>
bool read_word(const node& from, void* to) {
  const auto& names = names_of<E>;
  const auto found = from.kind == node_kind::scalar ? std::find(names.begin(), names.end(), from.text) : names.end();
  if (found == names.end()) return false;
  *static_cast<E*>(to) = static_cast<E>(found - names.begin());
  return true;
}

template <class E>
constexpr value_type make_word(const char* words) {
  return {"word", words, read_word<E>,
          [](const void* from) { return std::string(names_of<E>[static_cast<std::size_t>(*static_cast<const E*>(from))]); },
          [](const void*) { return std::numeric_limits<double>::quiet_NaN(); }};
}

template <class T>
constexpr value_type the_type = make_type<T>("whole number");
template <>
constexpr value_type the_type<bool> = make_type<bool>("switch");
template <>
constexpr value_type the_type<double> = make_type<double>("number");
template <>
constexpr value_type the_type<amount> = make_type<amount>("amount");
template <>
constexpr value_type the_type<decimal> = make_type<decimal>("decimal");
template <>
constexpr value_type the_type<std::optional<decimal>> = make_type<std::optional<decimal>>("decimal or none");
template <>
constexpr value_type the_type<std::string> = make_type<std::string>("text");
template <>
constexpr value_type the_type<size_detector> = make_word<size_detector>("automatic or zscore-baseline");
template <>
constexpr value_type the_type<sizing_method> = make_word<sizing_method>("kelly_criterion, fixed, volatility or kelly_continuous");
template <>
constexpr value_type the_type<operator_lifts> = make_word<operator_lifts>("nothing, losses or everything");
template <>
constexpr value_type the_type<account_type> = make_word<account_type>("margin or spot");
template <>
constexpr value_type the_type<size_distribution_type> = make_word<size_distribution_type>("lognormal");
template <>
constexpr value_type the_type<queue_model> = make_word<queue_model>("risk_averse, power_1, power_2, power_3, log_1 or log_2");
template <>
constexpr value_type the_type<self_trade> = make_word<self_trade>("cancel_oldest, cancel_newest or decrement");
template <>
constexpr value_type the_type<planner_type> = make_word<planner_type>("swarm, almgren_chriss, twap, vwap or pov");
template <>
constexpr value_type the_type<market_type> = make_word<market_type>("spot, usdm or coinm");
template <>
constexpr value_type the_type<log_level> = make_word<log_level>("trace, debug, info, warning or error");
template <>
constexpr value_type the_type<log_format> = make_word<log_format>("text or json");

}  // namespace

template <class T>
const value_type& type_of() {
  return the_type<T>;
}

template const value_type& type_of<queue_model>();
template const value_type& type_of<self_trade>();
template const value_type& type_of<bool>();
template const value_type& type_of<std::int64_t>();
template const value_type& type_of<double>();
template const value_type& type_of<amount>();
template const value_type& type_of<decimal>();
template const value_type& type_of<std::optional<decimal>>();
template const value_type& type_of<std::string>();
template const value_type& type_of<seconds>();
template const value_type& type_of<milliseconds>();
template const value_type& type_of<microseconds>();
template const value_type& type_of<size_detector>();
template const value_type& type_of<sizing_method>();
template const value_type& type_of<operator_lifts>();
template const value_type& type_of<account_type>();
template const value_type& type_of<size_distribution_type>();
template const value_type& type_of<planner_type>();
template const value_type& type_of<market_type>();
template const value_type& type_of<log_level>();
template const value_type& type_of<log_format>();

std::string given(const node& from) {
  switch (from.kind) {
    case node_kind::nothing: return "empty";
    case node_kind::list: return "a list";
    case node_kind::mapping: return "a mapping";
    case node_kind::scalar: break;
  }
  return from.style == scalar_style::quoted ? fmt::format("the quoted text \"{}\"", shortened(from.text))
                                            : fmt::format("'{}'", shortened(from.text));
}

}  // namespace remora::config
