#include "remora/swarm/client_id.hpp"

#include "remora/base/assert.hpp"

#include <fmt/format.h>
#include <limits>
#include <optional>

namespace remora::swarm {
namespace {

constexpr std::string_view base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view check_alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
constexpr std::size_t journal_length_max = 12;

std::string number_text(std::uint64_t value) {
  std::string text;
  do {
    text.insert(text.begin(), base32[value % 32]);
    value /= 32;
  } while (value > 0);
  return text;
}

/// One text for each number: leading zeros are refused.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t largest) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = base32.find(c);
    if (digit == std::string_view::npos || value > (largest - digit) / 32) return std::nullopt;
    value = value * 32 + digit;
  }
  return value;
}

/// '-' counts as the 37th symbol of the body, '_' is it as a check character.
char check_of(std::string_view body) {
  std::size_t sum = 0;
  for (const char c : body) sum = (sum + (c == '-' ? 36 : check_alphabet.find(c))) * 2 % 37;
  return check_alphabet[(38 - sum) % 37];
}

bool is_body(std::string_view body) { return body.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == std::string_view::npos; }

}  // namespace

bool is_journal_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= journal_length_max && text.find_first_not_of(base32) == std::string_view::npos;
}

std::string journal_id_of(std::uint64_t number) {
  REMORA_ASSERT(number <= std::uint64_t{1} << 60U);
  return number_text(number);
}

client_order_id encode(const child_key& key) {
  REMORA_ASSERT(is_journal_id(key.journal));
  std::string id = "R" + key.journal + "-" + number_text(static_cast<std::uint64_t>(key.parent)) + "-" + number_text(key.child);
  id += check_of(id);
  return id;
}

expected<child_key> decode(std::string_view id) {
  const auto wrong = [&](std::string_view what) {
    return fail(errc::malformed, fmt::format("\"{}\" is no order id of ours: {}", id, what));
  };
  if (id.size() < 7 || id.size() > 36 || id.front() != 'R') return wrong("it has another form");
  const std::string_view body = id.substr(0, id.size() - 1);
  if (!is_body(body) || check_of(body) != id.back()) return wrong("its check character does not fit");
  const auto first = body.find('-');
  const auto second = body.find('-', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return wrong("a part is missing");
  const std::string_view journal = body.substr(1, first - 1);
  const auto parent = parse_number(body.substr(first + 1, second - first - 1), std::numeric_limits<std::uint64_t>::max());
  const auto child = parse_number(body.substr(second + 1), std::numeric_limits<std::uint32_t>::max());
  if (!is_journal_id(journal) || !parent || !child) return wrong("a part is no base32 number");
  return child_key{std::string(journal), parent_id{*parent}, static_cast<std::uint32_t>(*child)};
}

}  // namespace remora::swarm
