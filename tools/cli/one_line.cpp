#include "one_line.hpp"

#include "remora/base/text.hpp"

#include <algorithm>

namespace remora::cli {

std::string one_line(std::string_view text) {
  constexpr std::size_t bytes_max = 1'000;
  std::string line = clean_utf8(text);
  std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  if (line.size() <= bytes_max) return line;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;  // not within a character
  return line.substr(0, end);
}

}  // namespace remora::cli
