#include "packed_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

namespace remora::history {
namespace {

constexpr std::size_t stored_chunk_bytes = 64 * 1024;
constexpr int gzip_only = 15 + 16;          // inflateInit2's window bits: the largest window, gzip's header and checksum
constexpr std::size_t header_bytes_min = 10;  // of a member

}  // namespace

struct packed_file::inflater {
  z_stream z{};
  std::uint64_t members = 0;  // that ended
  bool between = false;       // one has ended and no other begun
  char stored[stored_chunk_bytes];
};

void packed_file::ender::operator()(inflater* of) const noexcept {
  inflateEnd(&of->z);
  delete of;
}

expected<packed_file> packed_file::open(const std::string& path) {
  packed_file opened;
  opened.path_ = path;
  opened.file_.reset(std::fopen(path.c_str(), "rbe"));
  if (!opened.file_) return fail(errc::refused, fmt::format("{} cannot be read: {}.", path, std::strerror(errno)));
  const bool packed = std::fgetc(opened.file_.get()) == 0x1f && std::fgetc(opened.file_.get()) == 0x8b;
  std::rewind(opened.file_.get());
  if (!packed) return opened;
  opened.inflater_.reset(new inflater);
  if (inflateInit2(&opened.inflater_->z, gzip_only) != Z_OK) return fail(errc::io, fmt::format("{} cannot be unpacked: out of memory.", path));
  return opened;
}

expected<std::size_t> packed_file::stored(char* into, std::size_t size) {
  const std::size_t got = std::fread(into, 1, size, file_.get());
  if (got == 0 && std::ferror(file_.get()) != 0) return fail(errc::io, fmt::format("{} after {} bytes: {}.", path_, taken_, std::strerror(errno)));
  taken_ += got;
  return got;
}

std::uint64_t packed_file::offset() const noexcept { return taken_ - (inflater_ ? inflater_->z.avail_in : 0); }

expected<void> packed_file::refill() {
  z_stream& z = inflater_->z;
  if (z.avail_in > 0) return {};
  const auto got = stored(inflater_->stored, stored_chunk_bytes);
  if (!got) return tl::unexpected(got.error());
  z.next_in = reinterpret_cast<Bytef*>(inflater_->stored);
  z.avail_in = static_cast<uInt>(*got);
  return {};
}

expected<std::size_t> packed_file::read(char* into, std::size_t size) {
  if (!inflater_) return stored(into, size);
  z_stream& z = inflater_->z;
  z.next_out = reinterpret_cast<Bytef*>(into);
  z.avail_out = static_cast<uInt>(size);
  while (z.avail_out == size) {
    if (auto filled = refill(); !filled) return tl::unexpected(filled.error());
    if (inflater_->between) {
      if (z.avail_in == 0) return 0;
      if (*z.next_in == 0) {  // padding, as tapes and block devices leave it
        ++z.next_in;
        --z.avail_in;
        continue;
      }
      inflateReset(&z);
      inflater_->between = false;
    }
    const int code = inflate(&z, Z_NO_FLUSH);
    inflater_->between = code == Z_STREAM_END;
    if (inflater_->between) ++inflater_->members;
    else if (code != Z_OK && z.avail_out == size) return tl::unexpected(failure(code));
  }
  return size - z.avail_out;
}

error packed_file::failure(int code) const {
  const z_stream& z = inflater_->z;
  if (inflater_->members > 0 && z.total_out == 0 && z.total_in < header_bytes_min)
    return {errc::damaged, fmt::format("{} goes on behind its compressed data: from byte {} on there is something else, which is not read here.", path_,
                                       offset() - z.total_in)};
  if (code == Z_BUF_ERROR) return {errc::damaged, fmt::format("{} is cut off: it ends in the middle of the compressed data.", path_)};
  return {errc::damaged, fmt::format("{} is damaged: {}.", path_, z.msg != nullptr ? z.msg : "its data cannot be unpacked")};
}

}  // namespace remora::history
