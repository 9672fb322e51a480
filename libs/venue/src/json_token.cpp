#include "json_token.hpp"

#include "remora/venue/epoch_time.hpp"

#include <fmt/format.h>

#include <charconv>

namespace remora::json_token {

tl::unexpected<error> bad_json(simdjson::error_code code) {
  return fail(code == simdjson::CAPACITY ? errc::limit : errc::malformed, fmt::format("not the JSON of a message: {}", simdjson::error_message(code)));
}

tl::unexpected<error> bad_field(std::string_view name, std::string_view value, std::string_view wanted) {
  if (value.empty()) return fail(errc::malformed, fmt::format("field \"{}\" ({}) is missing", name, wanted));
  return fail(errc::malformed, fmt::format("field \"{}\" is {} where {} is needed", name, value.substr(0, 40), wanted));
}

std::string_view key_of(simdjson::ondemand::raw_json_string key) {
  const char* const begin = key.raw();
  const char* end = begin;
  while (*end != '"') end += *end == '\\' ? 2 : 1;
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) token.remove_suffix(1);
  return token;
}

std::string_view token_of(simdjson::ondemand::value value) {
  const std::string_view token = value.raw_json_token();
  return token.size() > token_bytes_max ? std::string_view() : trimmed(token);
}

bool is_string(std::string_view token) { return token.size() >= 2 && token.front() == '"' && token.back() == '"'; }

expected<std::string_view> plain_string(std::string_view name, std::string_view token) {
  if (!is_string(token) || token.find('\\') != std::string_view::npos) return bad_field(name, token, "a plain string");
  return token.substr(1, token.size() - 2);
}

expected<std::uint64_t> whole_number(std::string_view name, std::string_view token) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (token.empty() || code != std::errc() || end != token.data() + token.size()) return bad_field(name, token, "a whole number of 64 bits");
  return value;
}

expected<bool> truth(std::string_view name, std::string_view token) {
  if (token != "true" && token != "false") return bad_field(name, token, "true or false");
  return token == "true";
}

expected<timestamp> time_in(std::string_view name, std::string_view token) {
  const auto count = whole_number(name, token);
  if (!count) return tl::unexpected(count.error());
  const auto time = timestamp_of_count(*count);
  if (!time) return fail(errc::out_of_range, fmt::format("field \"{}\": {}", name, time.error().text));
  return *time;
}

}  // namespace remora::json_token
