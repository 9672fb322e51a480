#pragma once

#include "remora/base/error.hpp"
#include "remora/base/place.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The bytes on disk, little endian; README.md draws them. The checksum of a record covers all of it but itself. A header of
/// zeros is the end of what was written.
namespace remora::journal {

static_assert(std::endian::native == std::endian::little, "a journal is written as it stands in memory");

struct record_header {
  std::uint32_t length = 0;    // of the body, plus one: an empty body is not the end
  std::uint32_t crc = 0;
  std::uint64_t position = 0;
  std::uint64_t epoch = 0;
  std::int64_t event_time = 0;
  std::uint16_t kind = 0;
  std::uint16_t flags = 0;
  std::uint32_t unsynced = 0;  // records before this one that were not known to be on disk when it was appended
};
static_assert(sizeof(record_header) == 40);

struct segment_header {
  char magic[8] = {'R', 'E', 'M', 'O', 'R', 'A', 'J', '1'};
  std::uint32_t format = 1;
  std::uint32_t who = 0;
  std::uint64_t first_position = 0;
  std::uint64_t epoch = 0;       // in which it was begun
  std::uint32_t chain = 0;       // checksum of the last record before it, 0 for the first segment
  std::uint32_t crc = 0;
};
static_assert(sizeof(segment_header) == 40);

inline constexpr std::uint16_t checkpoint_flag = 1;

/// The checksum that a record must carry.
[[nodiscard]] std::uint32_t checksum_of(const record_header& header, std::string_view body) noexcept;
/// The checksum that a segment's header must carry.
[[nodiscard]] std::uint32_t checksum_of(const segment_header& header) noexcept;

/// A record found in bytes.
struct found_record {
  record_header header;
  std::string_view body;
  [[nodiscard]] std::size_t size() const noexcept { return sizeof(record_header) + body.size(); }
  [[nodiscard]] bool checkpoint() const noexcept { return (header.flags & checkpoint_flag) != 0; }
};

enum class look : unsigned char { record, end, broken };

/// What stands at the beginning of `bytes`: a whole record that checks, the end (a blank header or nothing), or something broken.
[[nodiscard]] look look_at(std::string_view bytes, found_record& found) noexcept;

/// Whether the bytes at `offset` of the last segment, where no record follows `last_position`, are the torn end of a write that
/// never completed. If not, records that had been there are lost.
[[nodiscard]] bool is_torn(std::string_view segment, std::size_t offset, std::uint64_t last_position) noexcept;

/// Whether all bytes are zero.
[[nodiscard]] bool is_blank(std::string_view bytes) noexcept;
/// How many bytes there are up to the last that is not zero.
[[nodiscard]] std::size_t used_bytes(std::string_view bytes) noexcept;

struct segment_file {
  std::string path;
  std::uint64_t first_position = 0;
};

/// The error for stored bytes that are not as they were written.
[[nodiscard]] error damage(const segment_file& segment, std::uint64_t offset, std::string_view what);

/// The segments of a directory in order. Foreign files are left alone. Errors: not_found, refused, io.
[[nodiscard]] expected<std::vector<segment_file>> segments_of(const std::string& directory);
/// The file of the segment that begins with a position.
[[nodiscard]] std::string segment_path(const std::string& directory, std::uint64_t first_position);

/// A file mapped for reading.
class mapping {
 public:
  /// Errors: not_found, refused, io.
  [[nodiscard]] static expected<mapping> open(const std::string& path);
  mapping(mapping&& other) noexcept;
  mapping& operator=(mapping&& other) noexcept;
  ~mapping();
  [[nodiscard]] std::string_view bytes() const noexcept { return {data_, size_}; }

 private:
  mapping() = default;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Whether a segment was begun, but no record can ever have been in it: its header is missing or unfinished, and all behind it blank.
[[nodiscard]] bool is_stillborn(std::string_view segment) noexcept;

/// Checks the header of a segment; the records follow it. Errors: damaged, unsupported.
[[nodiscard]] expected<segment_header> header_of(const segment_file& segment, std::string_view bytes);

}  // namespace remora::journal
