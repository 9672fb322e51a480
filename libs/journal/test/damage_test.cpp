#include "log.hpp"

#include <algorithm>
#include <cstring>
#include <unistd.h>
#include <zlib.h>

namespace remora::journal {
namespace {

constexpr std::size_t header_bytes = 40;  // of a segment and of a record

std::uint64_t bytes_of_record(std::uint64_t number) { return header_bytes + body_of(number).size(); }

/// Writes records in one go and returns the bytes of each segment.
std::vector<std::string> make_log(const std::string& directory, std::uint64_t records, std::uint64_t segment_bytes) {
  writer log = open_writer(directory, segment_bytes);
  append_records(log, records);
  REQUIRE(log.commit().has_value());
  std::vector<std::string> contents;
  for (const std::string& path : segment_paths(directory)) contents.push_back(bytes_of(path));
  return contents;
}

std::size_t used(std::string_view bytes) { return bytes.find_last_not_of('\0') + 1; }

struct damaged_byte {
  std::string path;
  std::string bytes;
  std::size_t offset = 0;
};

/// Whether both the writer and the reader say that the journal is damaged, and the writer says where.
bool is_reported(const std::string& directory, const std::string& path) {
  const auto log = writer::open(directory, publisher::risk, 1, {});
  const auto records = records_of(directory);
  return !log && log.error().code == errc::damaged && log.error().text.find(path) != std::string::npos &&
         log.error().text.find("offset") != std::string::npos && !records && records.error().code == errc::damaged;
}

/// Cuts the log at every byte of its last records, by truncation or by zeros, and opens it again.
void cut_everywhere(std::uint64_t tail, bool truncate) {
  constexpr std::uint64_t total = 20;
  const temporary_directory place;
  const std::string whole = make_log(place.path(), total, 4096).front();
  const std::string path = segment_paths(place.path()).front();
  std::vector<std::size_t> ends{header_bytes};
  for (std::uint64_t i = 1; i <= total; ++i) ends.push_back(ends.back() + bytes_of_record(i));
  for (std::size_t cut = ends[total - tail]; cut < ends[total]; ++cut) {
    CAPTURE(cut);
    std::string bytes = whole.substr(0, cut);
    if (!truncate) bytes.resize(whole.size(), '\0');
    write_bytes(path, bytes);
    const auto last = static_cast<std::uint64_t>(std::upper_bound(ends.begin(), ends.end(), cut) - ends.begin()) - 1;
    REQUIRE(count_records(place.path()) == last);
    writer log = open_writer(place.path());
    REQUIRE(log.last_position() == last);
    REQUIRE(log.torn_bytes() == used(bytes) - std::min(used(bytes), ends[last]));
    append_records(log, 2);
    REQUIRE(log.flush().has_value());
    REQUIRE(count_records(place.path()) == last + 2);
    for (const std::string& other : segment_paths(place.path()))
      if (other != path) fs::remove(other);
  }
}

TEST_CASE("a torn tail is cut at every byte of the last record") {
  cut_everywhere(1, true);
  cut_everywhere(1, false);
}

TEST_CASE("a torn tail is cut at every byte of the last three records") {
  cut_everywhere(3, true);
  cut_everywhere(3, false);
}

TEST_CASE("a changed bit anywhere in the log is found by writer and reader, and nothing is passed over") {
  constexpr std::uint64_t total = 200;
  constexpr std::size_t stride = 11;  // prime: every bit number and every field has its turn
  const temporary_directory place;
  const std::vector<std::string> whole = make_log(place.path(), total, 4096);
  const std::vector<std::string> paths = segment_paths(place.path());
  REQUIRE(whole.size() > 3);
  const std::size_t last_record = used(whole.back()) - bytes_of_record(total);
  for (std::size_t file = 0; file < whole.size(); ++file) {
    const bool is_last = file + 1 == whole.size();
    for (std::size_t offset = 0; offset < used(whole[file]); offset += stride) {
      CAPTURE(paths[file]);
      CAPTURE(offset);
      std::string bytes = whole[file];
      bytes[offset] = static_cast<char>(bytes[offset] ^ (1 << (offset % 8)));
      write_bytes(paths[file], bytes);
      if (!is_last || offset < last_record) {
        REQUIRE(is_reported(place.path(), paths[file]));
        REQUIRE(bytes_of(paths[file]) == bytes);
      } else {
        // The last record of all cannot be told from one whose write was cut.
        REQUIRE(count_records(place.path()) == total - 1);
        const writer log = open_writer(place.path());
        REQUIRE(log.last_position() == total - 1);
        REQUIRE(log.torn_bytes() == bytes_of_record(total));
      }
    }
    write_bytes(paths[file], whole[file]);
  }
  CHECK(count_records(place.path()) == total);
}

TEST_CASE("every bit of one record and of the segment's header counts") {
  const temporary_directory place;
  const std::string whole = make_log(place.path(), 5, 4096).front();
  const std::string path = segment_paths(place.path()).front();
  for (std::size_t bit = 0; bit < (header_bytes + bytes_of_record(1)) * 8; ++bit) {
    CAPTURE(bit);
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(path, bytes);
    REQUIRE(is_reported(place.path(), path));
  }
}

TEST_CASE("a byte behind the end of a closed segment is damage") {
  const temporary_directory place;
  const std::vector<std::string> whole = make_log(place.path(), 200, 4096);
  const std::string path = segment_paths(place.path()).front();
  std::string bytes = whole.front();
  bytes[used(bytes) + 3] = 1;
  write_bytes(path, bytes);
  CHECK(is_reported(place.path(), path));
}

TEST_CASE("records out of their order are damage") {
  const temporary_directory place;
  std::string bytes;
  {
    writer log = open_writer(place.path());
    for (const char* body : {"one", "two", "six"}) REQUIRE(log.append(1, 0, body, false).has_value());
    REQUIRE(log.commit().has_value());
    bytes = bytes_of(segment_paths(place.path()).front());
  }
  const std::string path = segment_paths(place.path()).front();
  constexpr std::size_t size = header_bytes + 3;
  const auto record = [&](std::size_t i) { return bytes.substr(header_bytes + i * size, size); };
  const std::string head = bytes.substr(0, header_bytes);
  const auto put = [&](std::string content) {
    content.resize(bytes.size(), '\0');
    write_bytes(path, content);
  };
  put(head + record(0) + record(2) + record(1));
  CHECK(is_reported(place.path(), path));
  put(head + record(0) + record(0) + record(1));
  CHECK(is_reported(place.path(), path));
  put(head + record(0) + record(2));
  CHECK(is_reported(place.path(), path));
  put(head + record(1) + record(2));
  CHECK(is_reported(place.path(), path));
  put(head + record(0) + std::string(size, '\0') + record(2));
  CHECK(is_reported(place.path(), path));
  put(head + record(0) + record(1) + record(2));
  CHECK(records_of(place.path())->size() == 3);
}

TEST_CASE("a missing, shortened or foreign segment in the middle is damage") {
  const temporary_directory place;
  const temporary_directory other;
  const std::vector<std::string> whole = make_log(place.path(), 200, 4096);
  const std::vector<std::string> paths = segment_paths(place.path());
  REQUIRE(whole.size() > 3);

  fs::remove(paths[1]);
  CHECK(is_reported(place.path(), paths[2]));

  write_bytes(paths[1], whole[1].substr(0, whole[1].size() / 2));
  CHECK_FALSE(writer::open(place.path(), publisher::risk, 1, {}).has_value());
  CHECK_FALSE(records_of(place.path()).has_value());
  write_bytes(paths[1], "");
  CHECK_FALSE(writer::open(place.path(), publisher::risk, 1, {}).has_value());
  CHECK_FALSE(records_of(place.path()).has_value());

  {
    // The same positions from a journal with another past.
    writer stranger = open_writer(other.path());
    for (std::uint64_t i = 1; i <= 200; ++i) REQUIRE(stranger.append(9, 5, body_of(i), false).has_value());
    REQUIRE(stranger.commit().has_value());
  }
  write_bytes(paths[1], bytes_of(segment_paths(other.path())[1]));
  const auto mixed = writer::open(place.path(), publisher::risk, 1, {});
  REQUIRE_FALSE(mixed.has_value());
  CHECK(mixed.error().code == errc::damaged);
  write_bytes(paths[1], whole[1]);
  CHECK(open_writer(place.path()).last_position() == 200);
}

TEST_CASE("pages that a loss of power took from an unsynced group are cut, from a synced one they are damage") {
  for (const bool synced : {false, true}) {
    CAPTURE(synced);
    const temporary_directory place;
    {
      writer log = open_writer(place.path(), 64 * 1024);
      append_records(log, 10);
      REQUIRE(log.commit().has_value());
      append_records(log, 300);
      REQUIRE((synced ? log.commit() : log.flush()).has_value());
      append_records(log, 10);
      REQUIRE(log.flush().has_value());
    }
    const std::string path = segment_paths(place.path()).front();
    std::string bytes = bytes_of(path);
    REQUIRE(used(bytes) > 4 * 4096);
    bytes.replace(8192, 4096, 4096, '\0');
    write_bytes(path, bytes);
    if (synced) {
      CHECK(is_reported(place.path(), path));
    } else {
      const writer log = open_writer(place.path());
      CHECK(log.last_position() > 10);
      CHECK(log.last_position() < 310);
      CHECK(log.torn_bytes() > 4096);
      CHECK(count_records(place.path()) == log.last_position());
    }
  }
}

TEST_CASE("a hole that is not a page is damage even where nothing was synced") {
  const temporary_directory place;
  {
    writer log = open_writer(place.path(), 64 * 1024);
    append_records(log, 300);
    REQUIRE(log.flush().has_value());
  }
  const std::string path = segment_paths(place.path()).front();
  std::string bytes = bytes_of(path);
  bytes.replace(8200, 100, 100, '\0');
  write_bytes(path, bytes);
  CHECK(is_reported(place.path(), path));
}

/// A disk on which one call fails, and the ones after it too if `for_ever`. A failing write first writes a part.
class failing_disk : public file_system {
 public:
  enum class call { reserve, write, sync };

  failing_disk(call which, int good_calls, bool for_ever) : which_(which), good_calls_(good_calls), for_ever_(for_ever) {}

  expected<void> reserve(int file, std::uint64_t bytes) override {
    if (fails(call::reserve)) return fail(errc::io, "cannot reserve: no space left on device");
    return file_system::reserve(file, bytes);
  }
  expected<std::size_t> write(int file, std::string_view bytes, std::uint64_t offset) override {
    if (!fails(call::write)) return file_system::write(file, bytes.substr(0, 700), offset);
    const auto part = file_system::write(file, bytes.substr(0, std::max<std::size_t>(bytes.size() / 2, 1)), offset);
    REQUIRE(part.has_value());
    return fail(errc::io, "cannot write: input/output error");
  }
  expected<void> sync(int file) override {
    if (fails(call::sync)) return fail(errc::io, "cannot sync: input/output error");
    return file_system::sync(file);
  }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  bool fails(call now) {
    if (now != which_ || (failed_ && !for_ever_) || good_calls_-- > 0) return false;
    failed_ = true;
    return true;
  }

  call which_;
  int good_calls_;
  bool for_ever_;
  bool failed_ = false;
};

struct progress {
  std::uint64_t committed = 0;
  std::uint64_t appended = 0;
};

/// Writes groups until the disk fails or all is done; a writer that failed must refuse everything from then on.
progress write_until_failure(const std::string& directory, file_system& disk) {
  progress made;
  auto opened = writer::open(directory, publisher::risk, 100, {1024, &disk});
  if (!opened) return made;
  writer& log = *opened;
  bool sound = true;
  for (std::uint64_t number = 1; sound && number <= 60; ++number) {
    sound = log.append(1, 0, body_of(number), false).has_value();
    if (sound) made.appended = number;
    if (sound && number % 4 == 0) sound = log.flush().has_value();
    if (sound && number % 12 == 0) sound = log.commit().has_value();
    if (sound && number % 12 == 0) made.committed = number;
  }
  if (!sound) {
    const auto refused = log.append(1, 0, "more", false);
    REQUIRE_FALSE(refused.has_value());
    REQUIRE(refused.error().text.find("cannot") != std::string::npos);
    REQUIRE_FALSE(log.flush().has_value());
    REQUIRE_FALSE(log.commit().has_value());
    REQUIRE_FALSE(log.trim_before(5).has_value());
  }
  return made;
}

TEST_CASE("after any failure of the disk the writer refuses everything, and the journal is a valid prefix with all that was committed") {
  for (const auto which : {failing_disk::call::reserve, failing_disk::call::write, failing_disk::call::sync}) {
    for (const bool for_ever : {false, true}) {
      bool failed = true;
      int good_calls = 0;
      for (; failed; ++good_calls) {
        CAPTURE(static_cast<int>(which));
        CAPTURE(good_calls);
        const temporary_directory place;
        failing_disk disk(which, good_calls, for_ever);
        const progress made = write_until_failure(place.path(), disk);
        failed = disk.failed();
        if (!failed) REQUIRE(made.committed == 60);
        const std::uint64_t seen = count_records(place.path());
        writer log = open_writer(place.path(), 1024);
        REQUIRE(log.last_position() == seen);
        REQUIRE(seen >= made.committed);
        REQUIRE(seen <= made.appended);
        append_records(log, 20);
        REQUIRE(log.commit().has_value());
        REQUIRE(count_records(place.path()) == seen + 20);
      }
      CHECK(good_calls > 3);
    }
  }
}

TEST_CASE("a sync that failed once is never trusted again, even if the disk recovers") {
  const temporary_directory place;
  failing_disk disk(failing_disk::call::sync, 2, false);  // the epoch and the new segment are synced before
  writer log = open_writer(place.path(), 4096, &disk);
  append_records(log, 1);
  const auto failed = log.commit();
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == errc::io);
  const auto again = log.commit();
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().text.find(place.path()) != std::string::npos);
  CHECK(again.error().text.find("cannot sync") != std::string::npos);
  CHECK_FALSE(log.append(1, 0, "x", false).has_value());
}

TEST_CASE("a disk that has no room for a segment says so, and the journal opens again") {
  const temporary_directory place;
  {
    writer log = open_writer(place.path(), std::uint64_t{1} << 55U);
    const auto refused = log.append(1, 0, "x", false);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::io);
    CHECK(refused.error().text.find("cannot reserve") != std::string::npos);
    CHECK(count_records(place.path()) == 0);
  }
  writer log = open_writer(place.path());
  append_records(log, 3);
  CHECK(log.commit().has_value());
  CHECK(count_records(place.path()) == 3);
}

TEST_CASE("a segment that was only begun is dropped, unless its name is all that tells where the journal stands") {
  const temporary_directory place;
  make_log(place.path(), 100, 4096);
  const std::string next = place.path() + "/00000000000000000101.journal";
  for (const std::string& begun : {std::string(), std::string(4096, '\0'), "REMORAJ1" + std::string(4088, '\0')}) {
    write_bytes(next, begun);
    CHECK(count_records(place.path()) == 100);
    CHECK(open_reader(place.path()).head() == 100);
    CHECK(open_writer(place.path()).last_position() == 100);
    CHECK_FALSE(fs::exists(next));
  }
  for (const std::string& path : segment_paths(place.path())) fs::remove(path);
  write_bytes(next, std::string(4096, '\0'));
  const auto log = writer::open(place.path(), publisher::risk, 1, {});
  REQUIRE_FALSE(log.has_value());
  CHECK(log.error().code == errc::damaged);
}

TEST_CASE("a file that is no segment but has the name of one is damage") {
  for (const std::string& content : {std::string("hello"), std::string(5000, 'x'), std::string(39, 'R')}) {
    const temporary_directory place;
    const std::string path = place.path() + "/00000000000000000001.journal";
    write_bytes(path, content);
    CHECK(is_reported(place.path(), path));
    CHECK(bytes_of(path) == content);
  }
}

TEST_CASE("a format of a later build is refused as such") {
  const temporary_directory place;
  std::string later = make_log(place.path(), 1, 4096).front().substr(0, header_bytes);
  later[8] = 2;
  const auto checksum = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(later.data()), header_bytes - sizeof(std::uint32_t)));
  std::memcpy(later.data() + header_bytes - sizeof checksum, &checksum, sizeof checksum);
  write_bytes(place.path() + "/00000000000000000001.journal", later + std::string(4056, '\0'));
  const auto log = writer::open(place.path(), publisher::risk, 1, {});
  REQUIRE_FALSE(log.has_value());
  CHECK(log.error().code == errc::unsupported);
}

}  // namespace
}  // namespace remora::journal
