#include "remora/history/line_reader.hpp"

#include "packed_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace remora::history {
namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;

/// Size of an ordinary file that may be read.
expected<std::uint64_t> size_of(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!fs::exists(status)) return fail(errc::not_found, fmt::format("{}: there is no such file.", path));
  if (fs::is_directory(status)) return fail(errc::refused, fmt::format("{} is a directory; name the files in it.", path));
  if (!fs::is_regular_file(status)) return fail(errc::refused, fmt::format("{} is not an ordinary file.", path));
  const std::uintmax_t size = fs::file_size(path, code);
  if (code) return fail(errc::io, fmt::format("{}: {}.", path, code.message()));
  if (size == 0) return fail(errc::malformed, fmt::format("{} is empty.", path));
  return size;
}

}  // namespace

struct line_reader::state {
  state(std::string p, packed_file f, std::uint64_t size) : path(std::move(p)), file(std::move(f)), total(size) {}

  std::string path;
  packed_file file;
  std::uint64_t total;
  std::uint64_t lines = 0;
  std::string buffer = std::string(chunk_bytes, '\0');
  std::size_t begin = 0, end = 0;  // of what is not given yet
  std::optional<error> failure;    // told after the lines before it
  bool at_end = false;

  void fill();
  void make_room();
  expected<std::optional<std::string_view>> last_line();
  expected<std::optional<std::string_view>> too_long();
  std::string_view take(std::size_t length, std::size_t terminator);
  expected<void> look();
};

line_reader::line_reader(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
line_reader::line_reader(line_reader&&) noexcept = default;
line_reader& line_reader::operator=(line_reader&&) noexcept = default;
line_reader::~line_reader() = default;

std::uint64_t line_reader::line_number() const noexcept { return state_->lines; }
std::uint64_t line_reader::bytes_total() const noexcept { return state_->total; }
const std::string& line_reader::path() const noexcept { return state_->path; }

std::uint64_t line_reader::bytes_read() const noexcept {
  if (state_->at_end && state_->begin == state_->end) return state_->total;
  return std::min(state_->file.offset(), state_->total);
}

expected<line_reader> line_reader::open(const std::string& path) {
  const auto size = size_of(path);
  if (!size) return tl::unexpected(size.error());
  auto file = packed_file::open(path);
  if (!file) return tl::unexpected(file.error());
  auto s = std::make_unique<state>(path, std::move(*file), *size);
  s->fill();
  if (const auto text = s->look(); !text) return tl::unexpected(text.error());
  return line_reader(std::move(s));
}

/// Refuses what is no text before anything of it is given.
expected<void> line_reader::state::look() {
  const std::string_view head(buffer.data(), end);
  if (head.empty() && failure) return tl::unexpected(*failure);
  if (head.empty()) return fail(errc::malformed, fmt::format("{} is empty.", path));
  for (const std::string_view magic : {std::string_view("PK\3\4"), std::string_view("\x28\xb5\x2f\xfd"), std::string_view("\xfd" "7zXZ"), std::string_view("BZh")})
    if (head.substr(0, magic.size()) == magic)
      return fail(errc::unsupported, fmt::format("{} is compressed in a way that is not read here; unpack it, or pack it with gzip.", path));
  if (head.find('\0') != std::string_view::npos)
    return fail(errc::malformed, fmt::format("{} is a binary file; recorded market data is text, plain or gzip.", path));
  return {};
}

void line_reader::state::make_room() {
  if (begin > 0) {
    std::memmove(buffer.data(), buffer.data() + begin, end - begin);
    end -= begin;
    begin = 0;
  }
  if (end == buffer.size()) buffer.resize(buffer.size() * 2);
}

void line_reader::state::fill() {
  make_room();
  const auto got = file.read(buffer.data() + end, std::min(buffer.size() - end, chunk_bytes));
  end += got.value_or(0);
  at_end = got.value_or(0) == 0;
  if (!got) failure = got.error();
}

std::string_view line_reader::state::take(std::size_t length, std::size_t terminator) {
  std::string_view line(buffer.data() + begin, length);
  begin += length + terminator;
  ++lines;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

expected<std::optional<std::string_view>> line_reader::state::last_line() {
  if (failure) {
    begin = end;
    failure->text += fmt::format(" {} lines could be read.", lines);
    return tl::unexpected(*std::exchange(failure, std::nullopt));
  }
  if (begin == end) return std::nullopt;
  return take(end - begin, 0);
}

expected<std::optional<std::string_view>> line_reader::state::too_long() {
  ++lines;
  for (begin = end; !at_end; begin = end) {
    fill();
    const auto* const stop = static_cast<const char*>(std::memchr(buffer.data() + begin, '\n', end - begin));
    if (stop == nullptr) continue;
    begin = static_cast<std::size_t>(stop - buffer.data()) + 1;
    break;
  }
  return fail(errc::limit, fmt::format("{}:{}: the line is longer than {} bytes.", path, lines, line_bytes_max));
}

expected<std::optional<std::string_view>> line_reader::next() {
  state& s = *state_;
  std::size_t searched = 0;
  while (true) {
    const char* const from = s.buffer.data() + s.begin;
    const auto* const stop = static_cast<const char*>(std::memchr(from + searched, '\n', s.end - s.begin - searched));
    if (stop != nullptr) return s.take(static_cast<std::size_t>(stop - from), 1);
    if (s.at_end) return s.last_line();
    searched = s.end - s.begin;
    if (searched > line_bytes_max) return s.too_long();
    s.fill();
  }
}

}  // namespace remora::history
