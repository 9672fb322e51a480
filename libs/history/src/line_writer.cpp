#include "remora/history/line_writer.hpp"

#include "publish.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace remora::history {
namespace {

namespace fs = std::filesystem;

constexpr unsigned buffer_bytes = 256 * 1024;
constexpr const char* compressed = "wb3";  // a third of the time of the usual 6, and a tenth more bytes
constexpr const char* plain = "wbT";

/// Only what is not there yet, or an ordinary file, is ever replaced.
expected<void> may_take_place_of(const std::string& path) {
  std::error_code code;
  const fs::file_status there = fs::status(path, code);
  if (fs::is_directory(there)) return fail(errc::refused, fmt::format("{} is a directory; name a file in it.", path));
  if (fs::exists(there) && !fs::is_regular_file(there)) return fail(errc::refused, fmt::format("{} is not an ordinary file.", path));
  return {};
}

std::string system_text(int problem) { return problem != 0 ? std::strerror(problem) : "out of memory"; }

}  // namespace

struct line_writer::state {
  std::string path, aside;
  gzFile file = nullptr;
  std::uint64_t lines = 0, bytes = 0;

  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() {
    if (file == nullptr) return;
    gzclose_w(file);
    ::unlink(aside.c_str());
  }

  expected<void> put(std::string_view text);
  [[nodiscard]] tl::unexpected<error> failed(int problem) const {
    return fail(errc::io, fmt::format("{} cannot be written: {}. It had {} lines.", aside, system_text(problem), lines));
  }
};

line_writer::line_writer(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
line_writer::line_writer(line_writer&&) noexcept = default;
line_writer& line_writer::operator=(line_writer&&) noexcept = default;
line_writer::~line_writer() = default;

std::uint64_t line_writer::lines() const noexcept { return state_->lines; }
std::uint64_t line_writer::bytes() const noexcept { return state_->bytes; }

expected<line_writer> line_writer::open(const std::string& path) {
  if (auto allowed = may_take_place_of(path); !allowed) return tl::unexpected(std::move(allowed.error()));
  auto s = std::make_unique<state>();
  s->path = path;
  s->aside = path + ".part";
  errno = 0;
  s->file = gzopen(s->aside.c_str(), path.ends_with(".gz") ? compressed : plain);
  if (s->file == nullptr) return fail(errc::refused, fmt::format("{} cannot be written: {}.", path, system_text(errno)));
  gzbuffer(s->file, buffer_bytes);
  return line_writer(std::move(s));
}

expected<void> line_writer::state::put(std::string_view text) {
  errno = 0;
  if (!text.empty() && gzwrite(file, text.data(), static_cast<unsigned>(text.size())) == 0) return failed(errno);
  bytes += text.size();
  return {};
}

expected<void> line_writer::write(std::string_view line) {
  return state_->put(line).and_then([&] { return state_->put("\n"); }).map([&] { ++state_->lines; });
}

expected<void> line_writer::close() {
  errno = 0;
  const int code = gzclose_w(std::exchange(state_->file, nullptr));
  const int problem = errno;
  auto done = code == Z_OK ? publish(state_->aside, state_->path) : expected<void>(state_->failed(problem));
  if (!done) ::unlink(state_->aside.c_str());
  return done;
}

}  // namespace remora::history
