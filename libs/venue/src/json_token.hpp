#pragma once

#include "remora/base/error.hpp"
#include "remora/base/time.hpp"

#include <simdjson.h>

#include <cstdint>
#include <string_view>

/// The fields of an exchange's JSON as raw tokens, read one by one. Every error names the field, what it holds and what it should.
namespace remora::json_token {

[[nodiscard]] tl::unexpected<error> bad_json(simdjson::error_code code);
/// An empty `value` is a missing field.
[[nodiscard]] tl::unexpected<error> bad_field(std::string_view name, std::string_view value, std::string_view wanted);

/// The bytes between the quotes; keys with escapes match none of ours.
[[nodiscard]] std::string_view key_of(simdjson::ondemand::raw_json_string key);
/// Without the white space that simdjson leaves behind a token.
[[nodiscard]] std::string_view trimmed(std::string_view token);
/// The token of a value, trimmed; empty where there is none: in a broken document the next token may stand before this one, and the length
/// between them is a difference that wrapped.
inline constexpr std::size_t token_bytes_max = 8 * 1024 * 1024;
[[nodiscard]] std::string_view token_of(simdjson::ondemand::value value);
[[nodiscard]] bool is_string(std::string_view token);

/// A JSON string without escapes.
[[nodiscard]] expected<std::string_view> plain_string(std::string_view name, std::string_view token);
[[nodiscard]] expected<std::uint64_t> whole_number(std::string_view name, std::string_view token);
[[nodiscard]] expected<bool> truth(std::string_view name, std::string_view token);
/// Since 1970, in s, ms, us or ns as its size tells (timestamp_of_count).
[[nodiscard]] expected<timestamp> time_in(std::string_view name, std::string_view token);

}  // namespace remora::json_token
