#include "terminal.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace remora::cli {
namespace {

struct terminal_size {
  std::size_t columns, rows;
};

/// What cannot be asked for or makes no sense is a common size.
terminal_size size_of_terminal() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return {known && size.ws_col > 20 ? size.ws_col : std::size_t{120}, known && size.ws_row > 3 ? size.ws_row : std::size_t{40}};
}

/// At most `columns` visible characters; escape sequences and continuation bytes of UTF-8 take no room.
std::string cut(const std::string& line, std::size_t columns) {
  std::string out;
  std::size_t used = 0;
  bool escape = false;
  for (const char c : line) {
    if (c == '\x1b') escape = true;
    const bool counts = !escape && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (counts && used == columns) break;
    used += counts ? 1 : 0;
    out += c;
    if (escape && c == 'm') escape = false;
  }
  return out;
}

}  // namespace

live_picture::live_picture() : possible_(::isatty(STDOUT_FILENO) == 1) {
  if (possible_) fmt::print("\x1b[?25l");
}

live_picture::~live_picture() {
  if (possible_) fmt::print("\x1b[?25h");
  std::fflush(stdout);
}

void live_picture::draw(const std::vector<std::string>& lines) {
  if (!possible_) return;
  const auto [columns, rows] = size_of_terminal();
  const std::size_t shown = std::min(lines.size(), rows - 1);  // one more would scroll, and the next picture begin in the wrong place
  std::string out = drawn_ > 0 ? fmt::format("\x1b[{}A", std::min(drawn_, rows - 1)) : std::string{};
  for (std::size_t i = 0; i < shown; ++i) out += fmt::format("\r{}\x1b[0m\x1b[K\n", cut(lines[i], columns - 1));
  for (std::size_t extra = shown; extra < std::min(drawn_, rows - 1); ++extra) out += "\x1b[K\n";
  drawn_ = std::max(drawn_, shown);
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
}

progress_bar::progress_bar(std::string what) : what_(std::move(what)), possible_(::isatty(STDERR_FILENO) == 1) {}

progress_bar::~progress_bar() {
  if (possible_ && shown_ >= 0) fmt::print(stderr, "\r\x1b[K");
}

void progress_bar::show(double share) {
  const int percent = static_cast<int>(100 * std::clamp(share, 0.0, 1.0));
  if (!possible_ || percent == shown_) return;
  shown_ = percent;
  constexpr int cells = 30;
  fmt::print(stderr, "\r{} [{:<{}}] {:3} %", what_, std::string(static_cast<std::size_t>(percent * cells / 100), '#'), cells, percent);
  std::fflush(stderr);
}

}  // namespace remora::cli
