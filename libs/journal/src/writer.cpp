#include "remora/journal/writer.hpp"

#include "layout.hpp"

#include "remora/journal/entry.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace remora::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t epoch_digits = 20;

/// Owns an open file.
class file_handle {
 public:
  explicit file_handle(int file = -1) noexcept : file_(file) {}
  file_handle(file_handle&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  file_handle& operator=(file_handle&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~file_handle() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int get() const noexcept { return file_; }

 private:
  int file_;
};

/// How far a segment goes.
struct scan {
  std::uint64_t end = sizeof(segment_header);   // offset behind the last whole record
  std::uint64_t last_position = 0;
  std::uint64_t last_epoch = 0;
  std::uint32_t chain = 0;                      // checksum of the last record
  std::optional<std::uint64_t> checkpoint;
  std::uint64_t torn = 0;                       // bytes of something unfinished behind it
};

std::string order_problem(const scan& before, const record_header& header) {
  if (header.position != before.last_position + 1) return fmt::format("position {} follows {}", header.position, before.last_position);
  if (header.epoch < before.last_epoch) return fmt::format("epoch {} follows {}", header.epoch, before.last_epoch);
  return {};
}

expected<scan> scan_segment(const segment_file& segment, const segment_header& header, std::string_view bytes, bool is_last) {
  scan result;
  result.last_position = segment.first_position - 1;
  result.last_epoch = header.epoch;
  result.chain = header.chain;
  found_record found;
  while (look_at(bytes.substr(result.end), found) == look::record) {
    if (const std::string problem = order_problem(result, found.header); !problem.empty()) return tl::unexpected(damage(segment, result.end, problem));
    result.last_position = found.header.position;
    result.last_epoch = found.header.epoch;
    result.chain = found.header.crc;
    if (found.checkpoint()) result.checkpoint = found.header.position;
    result.end += found.size();
  }
  result.torn = used_bytes(bytes.substr(result.end));
  if (result.torn > 0 && (!is_last || !is_torn(bytes, result.end, result.last_position)))
    return tl::unexpected(damage(segment, result.end, fmt::format("position {} does not check, but later ones do", result.last_position + 1)));
  return result;
}

error refused_directory(const std::string& directory, std::string_view why) {
  return {errc::refused, fmt::format("'{}' cannot be the directory of a journal: {}", directory, why)};
}

expected<void> sync_directory(const fs::path& directory) {
  const file_handle folder(::open(directory.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0)
    return fail(errc::io, fmt::format("cannot sync '{}': {}", directory.string(), std::strerror(errno)));
  return {};
}

/// Makes the directory, so that it survives a loss of power.
expected<void> make_directory(const std::string& directory) {
  std::error_code problem;
  if (fs::is_directory(directory, problem)) return {};
  if (fs::create_directories(directory, problem); problem) return tl::unexpected(refused_directory(directory, problem.message()));
  const fs::path whole = fs::absolute(directory, problem);
  // Only those that are ours to open: the ones above were there before.
  for (fs::path above = whole.parent_path(); above.has_relative_path(); above = above.parent_path())
    if (auto synced = sync_directory(above); !synced) break;
  return {};
}

}  // namespace

struct writer::state {
  void finish() noexcept { *finished = last_position; }

  expected<void> lock() {
    const std::string path = directory + "/lock";
    lock_file = file_handle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock_file.get() < 0) return tl::unexpected(refused_directory(directory, fmt::format("cannot open '{}': {}", path, std::strerror(errno))));
    if (::flock(lock_file.get(), LOCK_EX | LOCK_NB) == 0) return {};
    if (errno != EWOULDBLOCK) return fail(errc::io, fmt::format("cannot lock '{}': {}", path, std::strerror(errno)));
    return fail(errc::refused, fmt::format("the journal in '{}' is in use by another process: stop that one, or give this one another directory", directory));
  }

  expected<void> recover() {
    auto segments = segments_of(directory);
    if (!segments) return tl::unexpected(segments.error());
    if (auto dropped = drop_stillborn(*segments); !dropped) return dropped;
    for (std::size_t i = 0; i < segments->size(); ++i)
      if (auto taken = take(segments->at(i), i == 0, i + 1 == segments->size()); !taken) return taken;
    return {};
  }

  /// Removes a last segment in which no record can have been, unless its name is all that tells where the journal stands.
  static expected<void> drop_stillborn(std::vector<segment_file>& segments) {
    if (segments.empty() || (segments.size() == 1 && segments.back().first_position != 1)) return {};
    const auto bytes = mapping::open(segments.back().path);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!is_stillborn(bytes->bytes())) return {};
    std::error_code problem;
    if (fs::remove(segments.back().path, problem); problem)
      return fail(errc::io, fmt::format("cannot remove '{}': {}", segments.back().path, problem.message()));
    segments.pop_back();
    return {};
  }

  expected<void> take(const segment_file& segment, bool is_first, bool is_last) {
    const auto bytes = mapping::open(segment.path);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto header = header_of(segment, bytes->bytes());
    if (!header) return tl::unexpected(header.error());
    if (header->who != static_cast<std::uint32_t>(who))
      return fail(errc::refused, fmt::format("the journal in '{}' belongs to publisher {}, not to {}: give this one another directory", directory, header->who,
                                             name_of(who)));
    if (!is_first && segment.first_position != last_position + 1)
      return tl::unexpected(damage(segment, 0, fmt::format("it should begin at position {}: a segment is missing or was cut before it", last_position + 1)));
    if (!is_first && (header->chain != chain || header->epoch < last_epoch))
      return tl::unexpected(damage(segment, 0, "it does not follow the segment before it, but another one"));
    const auto scanned = scan_segment(segment, *header, bytes->bytes(), is_last);
    if (!scanned) return tl::unexpected(scanned.error());
    last_position = scanned->last_position;
    last_epoch = scanned->last_epoch;
    chain = scanned->chain;
    if (scanned->checkpoint) checkpoint = scanned->checkpoint;
    return is_last ? reopen(segment, *scanned, bytes->bytes().size()) : expected<void>{};
  }

  /// Continues the last segment, its torn tail blanked.
  expected<void> reopen(const segment_file& segment, const scan& scanned, std::uint64_t size) {
    auto opened = disk->open(segment.path);
    if (!opened) return tl::unexpected(opened.error());
    file = file_handle(*opened);
    offset = scanned.end;
    capacity = size;
    torn = scanned.torn;
    if (torn > 0)
      if (auto blanked = write_all(file, std::string(torn, '\0'), offset); !blanked) return blanked;
    return sync();
  }

  /// The last number in the lock file, and in the records: an epoch may have passed without a record.
  expected<void> begin_epoch(std::uint64_t unix_seconds) {
    std::array<char, epoch_digits> text{};
    const ssize_t size = ::pread(lock_file.get(), text.data(), text.size(), 0);
    std::uint64_t stored = 0;
    if (size > 0) std::from_chars(text.data(), text.data() + size, stored);
    epoch = std::max({last_epoch + 1, stored + 1, unix_seconds});
    if (auto written = write_all(lock_file, fmt::format("{:0{}}\n", epoch, epoch_digits), 0); !written) return written;
    if (auto synced = disk->sync(lock_file.get()); !synced) return synced;
    return sync_directory(directory);
  }

  expected<void> start_segment(std::uint64_t record_bytes) {
    if (file.get() >= 0)
      if (auto synced = sync(); !synced) return synced;
    auto opened = disk->open(segment_path(directory, last_position + 1));
    if (!opened) return tl::unexpected(opened.error());
    file = file_handle(*opened);
    capacity = std::max<std::uint64_t>(options.segment_bytes, sizeof(segment_header) + record_bytes + sizeof(record_header));
    if (auto reserved = disk->reserve(file.get(), capacity); !reserved) return reserved;
    segment_header header;
    header.who = static_cast<std::uint32_t>(who);
    header.first_position = last_position + 1;
    header.epoch = epoch;
    header.chain = chain;
    header.crc = checksum_of(header);
    offset = sizeof header;
    if (auto written = write_all(file, {reinterpret_cast<const char*>(&header), sizeof header}, 0); !written) return written;
    // The header is on disk before any record, so that a segment without one is known to be empty.
    if (auto synced = sync(); !synced) return synced;
    return sync_directory(directory);
  }

  expected<void> write_all(const file_handle& to, std::string_view bytes, std::uint64_t at) {
    while (!bytes.empty()) {
      const auto written = disk->write(to.get(), bytes, at);
      if (!written) return tl::unexpected(written.error());
      bytes.remove_prefix(*written);
      at += *written;
    }
    return {};
  }

  expected<void> write_group() {
    auto written = write_all(file, group, offset);
    offset += group.size();
    group.clear();
    return written;
  }

  /// All that was written is on disk after it.
  expected<void> sync() {
    auto synced = disk->sync(file.get());
    if (synced) synced_position = last_position;
    return synced;
  }

  [[nodiscard]] bool has_room(std::uint64_t record_bytes) const noexcept {
    // The blank header behind the last record is what ends a segment.
    return file.get() >= 0 && offset + group.size() + record_bytes + sizeof(record_header) <= capacity;
  }

  void add(record_header header, std::string_view body) {
    header.position = ++last_position;
    header.epoch = epoch;
    header.unsynced = static_cast<std::uint32_t>(std::min<std::uint64_t>(last_position - 1 - synced_position, UINT32_MAX));
    header.crc = chain = checksum_of(header, body);
    if ((header.flags & checkpoint_flag) != 0) checkpoint = last_position;
    group.append(reinterpret_cast<const char*>(&header), sizeof header);
    group.append(body);
  }

  /// Remembers the first failure for ever: what the disk holds after it is unknown.
  expected<void> guard(expected<void> result) {
    if (!result && sound) {
      sound = false;
      failure = result.error();
    }
    return result;
  }
  [[nodiscard]] tl::unexpected<error> refusal() const {
    return fail(errc::io, fmt::format("the journal in '{}' refuses records after: {}", directory, failure.text));
  }

  std::string directory;
  publisher who = publisher::none;
  writer_options options;
  file_system* disk = nullptr;
  file_handle lock_file;
  file_handle file;
  std::uint64_t capacity = 0;
  std::uint64_t offset = 0;             // where the group will be written
  std::uint64_t last_position = 0;
  std::shared_ptr<std::atomic<std::uint64_t>> finished = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::uint64_t synced_position = 0;
  std::uint64_t last_epoch = 0;
  std::uint64_t epoch = 0;
  std::uint32_t chain = 0;
  std::optional<std::uint64_t> checkpoint;
  std::uint64_t torn = 0;
  std::string group;
  bool sound = true;
  error failure;
};

writer::writer(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
writer::writer(writer&&) noexcept = default;
writer& writer::operator=(writer&&) noexcept = default;
writer::~writer() = default;

expected<writer> writer::open(const std::string& directory, publisher who, std::uint64_t unix_seconds, const writer_options& options) {
  if (auto made = make_directory(directory); !made) return tl::unexpected(made.error());
  auto opened = std::make_unique<state>();
  opened->directory = directory;
  opened->who = who;
  opened->options = options;
  opened->disk = options.disk != nullptr ? options.disk : &file_system::real();
  if (auto locked = opened->lock(); !locked) return tl::unexpected(locked.error());
  if (auto recovered = opened->recover(); !recovered) return tl::unexpected(recovered.error());
  if (auto begun = opened->begin_epoch(unix_seconds); !begun) return tl::unexpected(begun.error());
  opened->finish();
  return writer(std::move(opened));
}

expected<std::uint64_t> writer::append(std::uint16_t kind, std::int64_t event_time, std::string_view body, bool checkpoint) {
  state& s = *state_;
  if (!s.sound) return s.refusal();
  if (body.size() > body_bytes_max) return fail(errc::limit, fmt::format("a record of {} bytes is over the limit of {}", body.size(), body_bytes_max));
  const std::uint64_t size = sizeof(record_header) + body.size();
  if (!s.has_room(size)) {
    if (auto written = s.guard(s.write_group()); !written) return tl::unexpected(written.error());
    if (auto started = s.guard(s.start_segment(size)); !started) return tl::unexpected(started.error());
  }
  record_header header;
  header.length = static_cast<std::uint32_t>(body.size() + 1);
  header.event_time = event_time;
  header.kind = kind;
  header.flags = checkpoint ? checkpoint_flag : std::uint16_t{0};
  s.add(header, body);
  return s.last_position;
}

expected<void> writer::flush() {
  if (!state_->sound) return state_->refusal();
  if (auto written = state_->guard(state_->write_group()); !written) return written;
  state_->finish();
  return {};
}

expected<void> writer::commit() {
  if (!state_->sound) return state_->refusal();
  if (auto written = state_->guard(state_->write_group()); !written) return written;
  if (state_->file.get() >= 0)
    if (auto synced = state_->guard(state_->sync()); !synced) return synced;
  state_->finish();
  return {};
}

expected<void> writer::trim_before(std::uint64_t position) {
  if (!state_->sound) return state_->refusal();
  const auto segments = segments_of(state_->directory);
  if (!segments) return tl::unexpected(segments.error());
  std::error_code problem;
  for (std::size_t i = 0; i + 1 < segments->size() && segments->at(i + 1).first_position <= position; ++i)
    if (fs::remove(segments->at(i).path, problem); problem)
      return fail(errc::io, fmt::format("cannot remove '{}': {}", segments->at(i).path, problem.message()));
  return {};
}

std::uint64_t writer::last_position() const noexcept { return state_->last_position; }
std::shared_ptr<const std::atomic<std::uint64_t>> writer::finished() const noexcept { return state_->finished; }
std::uint64_t writer::epoch() const noexcept { return state_->epoch; }
std::optional<std::uint64_t> writer::last_checkpoint() const noexcept { return state_->checkpoint; }
std::uint64_t writer::torn_bytes() const noexcept { return state_->torn; }

}  // namespace remora::journal
