#include "layout.hpp"

#include "remora/journal/entry.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace remora::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t position_digits = 20;
constexpr std::string_view extension = ".journal";
constexpr std::size_t page_bytes = 4096;
constexpr std::uint64_t records_per_segment_max = 1U << 30U;

std::uint32_t crc_of(std::uint32_t seed, const void* data, std::size_t size) noexcept {
  return static_cast<std::uint32_t>(crc32_z(seed, static_cast<const Bytef*>(data), size));
}

/// The whole records of a stretch in which one is broken.
struct survivors {
  std::size_t first_offset = 0;      // 0: there are none
  std::uint64_t synced_through = 0;  // the last position that one of them knows to be on disk
};

/// The cheap part of look_at, so that a search by bytes is quick.
bool could_be_record(std::string_view bytes, std::uint64_t after_position) noexcept {
  record_header header;
  if (bytes.size() < sizeof header) return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  return header.length != 0 && header.position > after_position && header.position - after_position < records_per_segment_max;
}

survivors survivors_of(std::string_view segment, std::size_t offset, std::uint64_t last_position) noexcept {
  survivors result;
  found_record found;
  for (std::size_t at = offset + 1; at < segment.size();) {
    const std::string_view rest = segment.substr(at);
    if (!could_be_record(rest, last_position) || look_at(rest, found) != look::record) {
      ++at;
      continue;
    }
    if (result.first_offset == 0) result.first_offset = at;
    const std::uint64_t open_group = std::uint64_t{found.header.unsynced} + 1;
    result.synced_through = std::max(result.synced_through, found.header.position - std::min(found.header.position, open_group));
    at += found.size();
  }
  return result;
}

/// A loss of power loses pages that were not synced, whole ones: what was to be added to them reads as zeros.
bool has_lost_page(std::string_view segment, std::size_t from, std::size_t to) noexcept {
  for (std::size_t end = from / page_bytes * page_bytes + page_bytes; end <= to; end += page_bytes) {
    const std::size_t begin = std::max(from, end - page_bytes);
    if (is_blank(segment.substr(begin, end - begin))) return true;
  }
  return false;
}

}  // namespace

std::uint32_t checksum_of(const record_header& header, std::string_view body) noexcept {
  constexpr std::size_t covered_from = offsetof(record_header, position);
  std::uint32_t crc = crc_of(0, &header.length, sizeof header.length);
  crc = crc_of(crc, reinterpret_cast<const char*>(&header) + covered_from, sizeof header - covered_from);
  return crc_of(crc, body.data(), body.size());
}

std::uint32_t checksum_of(const segment_header& header) noexcept { return crc_of(0, &header, offsetof(segment_header, crc)); }

bool is_blank(std::string_view bytes) noexcept {
  return bytes.empty() || (bytes.front() == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

std::size_t used_bytes(std::string_view bytes) noexcept {
  while (bytes.size() >= page_bytes && is_blank(bytes.substr(bytes.size() - page_bytes))) bytes.remove_suffix(page_bytes);
  const auto last = bytes.find_last_not_of('\0');
  return last == std::string_view::npos ? 0 : last + 1;
}

look look_at(std::string_view bytes, found_record& found) noexcept {
  if (bytes.size() < sizeof(record_header)) return is_blank(bytes) ? look::end : look::broken;
  std::memcpy(&found.header, bytes.data(), sizeof found.header);
  if (found.header.length == 0) return is_blank(bytes.substr(0, sizeof(record_header))) ? look::end : look::broken;
  const std::size_t length = found.header.length - 1;
  if (length > body_bytes_max || length > bytes.size() - sizeof(record_header)) return look::broken;
  found.body = bytes.substr(sizeof(record_header), length);
  return checksum_of(found.header, found.body) == found.header.crc ? look::record : look::broken;
}

bool is_torn(std::string_view segment, std::size_t offset, std::uint64_t last_position) noexcept {
  const std::string_view used = segment.substr(0, offset + used_bytes(segment.substr(offset)));
  const survivors behind = survivors_of(used, offset, last_position);
  if (behind.first_offset == 0) return true;
  // A kill cuts a write, it makes no holes; a loss of power does, but not in what was synced.
  return behind.synced_through <= last_position && has_lost_page(used, offset, behind.first_offset);
}

error damage(const segment_file& segment, std::uint64_t offset, std::string_view what) {
  return {errc::damaged, fmt::format("'{}' is damaged at offset {}: {}. Nothing was changed. Restore the file from a copy, or move the journal away "
                                     "and start anew",
                                     segment.path, offset, what)};
}

std::string segment_path(const std::string& directory, std::uint64_t first_position) {
  return fmt::format("{}/{:0{}}{}", directory, first_position, position_digits, extension);
}

expected<std::vector<segment_file>> segments_of(const std::string& directory) {
  std::error_code problem;
  const fs::file_status status = fs::status(directory, problem);
  if (status.type() == fs::file_type::not_found) return fail(errc::not_found, fmt::format("there is no journal in '{}': the directory does not exist", directory));
  if (status.type() == fs::file_type::none) return fail(errc::refused, fmt::format("cannot look at '{}': {}", directory, problem.message()));
  if (!fs::is_directory(status)) return fail(errc::refused, fmt::format("'{}' is not a directory, so it cannot be a journal", directory));
  std::vector<segment_file> segments;
  for (fs::directory_iterator it(directory, problem), end; !problem && it != end; it.increment(problem)) {
    const std::string name = it->path().filename().string();
    if (name.size() != position_digits + extension.size() || !name.ends_with(extension)) continue;
    segment_file segment{it->path().string(), 0};
    const auto [last, parsed] = std::from_chars(name.data(), name.data() + position_digits, segment.first_position);
    if (parsed == std::errc{} && last == name.data() + position_digits && segment.first_position > 0) segments.push_back(std::move(segment));
  }
  if (problem) return fail(errc::refused, fmt::format("cannot list '{}': {}", directory, problem.message()));
  std::sort(segments.begin(), segments.end(), [](const auto& a, const auto& b) { return a.first_position < b.first_position; });
  return segments;
}

expected<mapping> mapping::open(const std::string& path) {
  constexpr int no_file = ESPIPE;  // stands for a directory, a pipe and the like
  const auto failed = [&](int problem) {
    const errc code = problem == ENOENT ? errc::not_found : problem == EACCES || problem == no_file ? errc::refused : errc::io;
    const char* const why = problem == no_file ? "it is not a regular file. Take it away, and put the segment back from a copy if there was one" : std::strerror(problem);
    return fail(code, fmt::format("cannot read '{}': {}", path, why));
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe in its place must not hold us up
  if (file < 0) return failed(errno);
  struct stat status {};
  mapping made;
  int problem = ::fstat(file, &status) == 0 ? 0 : errno;
  if (problem == 0 && !S_ISREG(status.st_mode)) problem = no_file;
  if (problem == 0 && status.st_size > 0) {
    void* const data = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
    problem = data == MAP_FAILED ? errno : 0;
    if (problem == 0) {
      made.data_ = static_cast<const char*>(data);
      made.size_ = static_cast<std::size_t>(status.st_size);
    }
  }
  ::close(file);
  if (problem != 0) return failed(problem);
  return made;
}

mapping::mapping(mapping&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
mapping& mapping::operator=(mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}
mapping::~mapping() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

bool is_stillborn(std::string_view segment) noexcept {
  // A header is written into a reserved file and synced before any record: a shorter file with something in it was cut by others.
  if (segment.size() < sizeof(segment_header)) return is_blank(segment);
  segment_header header;
  std::memcpy(&header, segment.data(), sizeof header);
  return header.crc != checksum_of(header) && is_blank(segment.substr(sizeof header));
}

expected<segment_header> header_of(const segment_file& segment, std::string_view bytes) {
  segment_header header;
  if (bytes.size() < sizeof header) return tl::unexpected(damage(segment, 0, "it is too short for a journal segment"));
  std::memcpy(&header, bytes.data(), sizeof header);
  const segment_header ours;
  if (std::memcmp(header.magic, ours.magic, sizeof ours.magic) != 0 || header.crc != checksum_of(header))
    return tl::unexpected(damage(segment, 0, "it does not begin as a journal segment does"));
  if (header.format != ours.format)
    return fail(errc::unsupported, fmt::format("'{}' has format {}, this build reads {}", segment.path, header.format, ours.format));
  if (header.first_position != segment.first_position)
    return tl::unexpected(damage(segment, 0, fmt::format("it says that it begins at position {}, its name says {}", header.first_position,
                                                         segment.first_position)));
  return header;
}

}  // namespace remora::journal
