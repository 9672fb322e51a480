#include "remora/venue/binance_message.hpp"

#include <algorithm>

namespace remora::binance {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_symbol(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-' || static_cast<signed char>(c) < 0;
  });
}

bool is_coin_margined(std::string_view symbol) noexcept {
  const std::size_t mark = symbol.rfind('_');
  if (mark == std::string_view::npos || mark < 4 || symbol.substr(mark - 3, 3) != "USD") return false;
  const std::string_view term = symbol.substr(mark + 1);
  return term == "PERP" || (term.size() == 6 && std::all_of(term.begin(), term.end(), is_digit));
}

}  // namespace remora::binance
