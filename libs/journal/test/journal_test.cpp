#include "log.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace remora::journal {
namespace {

/// Writes one byte at a time and lets a test look after each.
class slow_disk : public file_system {
 public:
  explicit slow_disk(std::function<void()> look) : look_(std::move(look)) {}
  expected<std::size_t> write(int file, std::string_view bytes, std::uint64_t offset) override {
    auto written = file_system::write(file, bytes.substr(0, 1), offset);
    look_();
    return written;
  }

 private:
  std::function<void()> look_;
};

TEST_CASE("records come back as they were written, over many segments, from every position") {
  const temporary_directory place;
  writer log = open_writer(place.path());
  append_records(log, 500);
  REQUIRE(log.commit().has_value());
  CHECK(segment_paths(place.path()).size() > 10);
  CHECK(count_records(place.path()) == 500);

  reader from = open_reader(place.path());
  for (std::uint64_t position = 500; position >= 1; --position) {
    std::vector<kept> records;
    const auto read = from.read(position, 2, 1U << 20U, [&](const entry& each) { records.push_back(keep(each)); });
    REQUIRE(read.has_value());
    REQUIRE(*read == std::min<std::uint64_t>(2, 501 - position));
    REQUIRE(records.front().position == position);
    REQUIRE(records.front().body == body_of(position));
    REQUIRE(records.front().kind == position % 50);
    REQUIRE(records.front().event_time == static_cast<std::int64_t>(position) * 1000);
    REQUIRE(records.front().epoch == 100);
  }
}

TEST_CASE("a file is named after the first position in it") {
  const temporary_directory place;
  writer log = open_writer(place.path());
  append_records(log, 1);
  REQUIRE(log.flush().has_value());
  CHECK(fs::exists(place.path() + "/00000000000000000001.journal"));
}

TEST_CASE("a journal goes on where it ended when it is opened again") {
  const temporary_directory place;
  for (std::uint64_t start = 0; start < 5; ++start) {
    writer log = open_writer(place.path());
    CHECK(log.last_position() == start * 30);
    CHECK(log.torn_bytes() == 0);
    append_records(log, 30);
    REQUIRE(log.flush().has_value());
  }
  CHECK(count_records(place.path()) == 150);
}

TEST_CASE("a record larger than a segment gets a segment of its own size") {
  const temporary_directory place;
  writer log = open_writer(place.path());
  const std::string large(100'000, 'x');
  REQUIRE(log.append(1, 0, "before", false).has_value());
  REQUIRE(log.append(1, 0, large, false).has_value());
  REQUIRE(log.append(1, 0, "after", false).has_value());
  REQUIRE(log.commit().has_value());
  const auto records = records_of(place.path());
  REQUIRE(records.has_value());
  REQUIRE(records->size() == 3);
  CHECK(records->at(1).body == large);
  CHECK(records->at(2).body == "after");
}

TEST_CASE("a body over the limit is refused and the journal goes on") {
  const temporary_directory place;
  writer log = open_writer(place.path());
  const auto refused = log.append(1, 0, std::string(body_bytes_max + 1, 'x'), false);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::limit);
  CHECK(log.last_position() == 0);
  append_records(log, 1);
  CHECK(log.commit().has_value());
}

TEST_CASE("what was not flushed is seen by nobody, and lost with the writer") {
  const temporary_directory place;
  {
    writer log = open_writer(place.path());
    append_records(log, 3);
    REQUIRE(log.flush().has_value());
    append_records(log, 2);
    CHECK(log.last_position() == 5);
    CHECK(count_records(place.path()) == 3);
  }
  CHECK(open_writer(place.path()).last_position() == 3);
}

TEST_CASE("the epoch grows at each start, whatever the clock says and even if nothing was written") {
  const temporary_directory place;
  const auto epoch_at = [&](std::uint64_t unix_seconds, std::uint64_t records) {
    auto log = writer::open(place.path(), publisher::risk, unix_seconds, {4096, nullptr});
    REQUIRE(log.has_value());
    append_records(*log, records);
    REQUIRE(log->flush().has_value());
    return log->epoch();
  };
  CHECK(epoch_at(1000, 0) == 1000);
  CHECK(epoch_at(1000, 0) == 1001);
  CHECK(epoch_at(5, 3) == 1002);
  CHECK(epoch_at(5, 0) == 1003);
  CHECK(epoch_at(2000, 1) == 2000);
  fs::remove(place.path() + "/lock");
  CHECK(epoch_at(5, 1) == 2001);
  write_bytes(place.path() + "/lock", "nonsense");
  CHECK(epoch_at(5, 1) == 2002);
  const auto records = records_of(place.path());
  REQUIRE(records.has_value());
  CHECK(records->front().epoch == 1002);
  CHECK(records->back().epoch == 2002);
}

TEST_CASE("the last checkpoint is found while writing, by a reader and after a reopen") {
  const temporary_directory place;
  {
    writer log = open_writer(place.path());
    reader from = open_reader(place.path());
    CHECK_FALSE(log.last_checkpoint().has_value());
    CHECK_FALSE(from.last_checkpoint()->has_value());
    append_records(log, 100);
    REQUIRE(log.append(7, 0, "the first state", true).has_value());
    append_records(log, 10);
    REQUIRE(log.append(7, 0, "the second state", true).has_value());
    append_records(log, 200);
    REQUIRE(log.flush().has_value());
    CHECK(log.last_checkpoint() == 112U);
    CHECK(*from.last_checkpoint() == 112U);
    CHECK(*open_reader(place.path()).last_checkpoint() == 112U);
  }
  writer log = open_writer(place.path());
  CHECK(log.last_checkpoint() == 112U);
  reader from = open_reader(place.path());
  const auto read = from.read(112, 1, 1, [](const entry& each) {
    CHECK(each.checkpoint);
    CHECK(each.body == "the second state");
  });
  CHECK(read == 1U);
}

TEST_CASE("a second writer is told which directory is in use, until the first is gone") {
  const temporary_directory place;
  {
    const writer first = open_writer(place.path());
    const auto second = writer::open(place.path(), publisher::risk, 1, {});
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == errc::refused);
    CHECK(second.error().text.find(place.path()) != std::string::npos);
    CHECK(second.error().text.find("another directory") != std::string::npos);
  }
  CHECK(writer::open(place.path(), publisher::risk, 1, {}).has_value());
}

TEST_CASE("the journal of another publisher is refused") {
  const temporary_directory place;
  {
    writer log = open_writer(place.path());
    append_records(log, 1);
    REQUIRE(log.flush().has_value());
  }
  const auto other = writer::open(place.path(), publisher::signal, 1, {});
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().code == errc::refused);
}

TEST_CASE("a read ends at the number of records or bytes asked for, but gives at least one") {
  const temporary_directory place;
  writer log = open_writer(place.path());
  for (int i = 0; i < 10; ++i) REQUIRE(log.append(1, 0, std::string(100, 'x'), false).has_value());
  REQUIRE(log.flush().has_value());
  reader from = open_reader(place.path());
  const auto nothing = [](const entry&) {};
  CHECK(from.read(1, 4, 10'000, nothing) == 4U);
  CHECK(from.read(1, 100, 350, nothing) == 3U);
  CHECK(from.read(1, 100, 300, nothing) == 3U);
  CHECK(from.read(1, 100, 1, nothing) == 1U);
  CHECK(from.read(1, 0, 1000, nothing) == 0U);
  CHECK(from.read(10, 100, 1000, nothing) == 1U);
  CHECK(from.read(11, 100, 1000, nothing) == 0U);
  CHECK(from.read(1'000'000, 100, 1000, nothing) == 0U);
  CHECK(from.read(0, 1, 1000, [](const entry& each) { CHECK(each.position == 1); }) == 1U);
}

TEST_CASE("a reader follows a writer from an empty directory over new segments") {
  const temporary_directory place;
  reader from = open_reader(place.path());
  CHECK(from.head() == 0);
  writer log = open_writer(place.path());
  CHECK(from.head() == 0);
  std::uint64_t next = 1;
  for (int round = 0; round < 300; ++round) {
    append_records(log, 3);
    REQUIRE(log.flush().has_value());
    const auto records = records_of(from, next);
    REQUIRE(records.has_value());
    REQUIRE(records->size() == 3);
    REQUIRE(records->front().position == next);
    REQUIRE(records->back().body == body_of(next + 2));
    next += 3;
    REQUIRE(from.head() == next - 1);
  }
  CHECK(segment_paths(place.path()).size() > 10);
}

TEST_CASE("a reader sees whole records only, at every byte of the writes and of the new segments") {
  const temporary_directory place;
  reader steady = open_reader(place.path());
  std::uint64_t seen = 0;
  std::uint64_t looks = 0;
  slow_disk disk([&] {
    ++looks;
    const auto records = records_of(steady, seen + 1);
    REQUIRE(records.has_value());
    for (const kept& each : *records) {
      REQUIRE(each.position == ++seen);
      REQUIRE(each.body == body_of(seen));
    }
    if (looks % 16 == 0) REQUIRE(count_records(place.path()) == seen);
  });
  writer log = open_writer(place.path(), 1024, &disk);
  for (int group = 0; group < 15; ++group) {
    append_records(log, 3);
    REQUIRE(log.flush().has_value());
    REQUIRE(seen == log.last_position());
  }
  CHECK(looks > 3000);
  CHECK(segment_paths(place.path()).size() > 3);
}

TEST_CASE("a reader in another process sees every record once and in order while the writer writes") {
  constexpr std::uint64_t total = 20'000;
  const temporary_directory place;
  reader from = open_reader(place.path());
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto log = writer::open(place.path(), publisher::risk, 100, {64 * 1024, nullptr});
    bool sound = log.has_value();
    for (std::uint64_t i = 1; sound && i <= total; ++i) sound = log->append(1, 0, body_of(i), false) && (i % 10 != 0 || log->flush());
    ::_exit(sound ? 0 : 1);
  }
  std::uint64_t seen = 0;
  int status = 0;
  for (bool ended = false; seen < total && !ended;) {
    ended = ::waitpid(child, &status, WNOHANG) == child;
    const auto read = from.for_each(seen + 1, [&](const entry& each) {
      if (each.position != seen + 1 || each.body != body_of(seen + 1)) return false;
      ++seen;
      return true;
    });
    INFO((read ? std::string("read") : read.error().text));
    REQUIRE(read.has_value());
  }
  CHECK(seen == total);
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
}

TEST_CASE("a directory that does not exist is made by a writer and missed by a reader") {
  const temporary_directory place;
  const std::string below = place.path() + "/journal/risk";
  const auto missing = reader::open(below);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == errc::not_found);
  open_writer(below);
  CHECK(reader::open(below).has_value());
}

TEST_CASE("an empty directory is an empty journal") {
  const temporary_directory place;
  CHECK(count_records(place.path()) == 0);
  const writer log = open_writer(place.path());
  CHECK(log.last_position() == 0);
  CHECK(count_records(place.path()) == 0);
}

TEST_CASE("a file where the directory should be is refused by name") {
  const temporary_directory place;
  const std::string file = place.path() + "/file";
  write_bytes(file, "not a directory");
  for (const std::string& path : {file, file + "/below"}) {
    const auto log = writer::open(path, publisher::risk, 1, {});
    REQUIRE_FALSE(log.has_value());
    CHECK(log.error().code == errc::refused);
    CHECK(log.error().text.find(path) != std::string::npos);
  }
  const auto from = reader::open(file);
  REQUIRE_FALSE(from.has_value());
  CHECK(from.error().code == errc::refused);
}

TEST_CASE("a pipe in place of a segment is refused by name with what to do, and holds nobody up, wherever it stands") {
  for (const bool alone : {true, false}) {
    const temporary_directory place;
    std::uint64_t next = 1;
    if (!alone) {
      writer log = open_writer(place.path());
      append_records(log, 3);
      REQUIRE(log.commit().has_value());
      next = 4;
    }
    auto before = reader::open(place.path());
    REQUIRE(before.has_value());
    const std::string pipe = fmt::format("{}/{:020}.journal", place.path(), next);
    REQUIRE(::mkfifo(pipe.c_str(), 0644) == 0);
    const auto refuses = [&](const error& why) {
      CAPTURE(why.text);
      CHECK(why.code == errc::refused);
      CHECK(why.text.find("cannot read '" + pipe + "': it is not a regular file. Take it away") != std::string::npos);
    };
    const auto listed = reader::open(place.path());  // sees it in the directory
    REQUIRE_FALSE(listed.has_value());
    refuses(listed.error());
    if (!alone) {
      const auto followed = before->read(1, 10, 1'000'000, [](const entry&) {});  // comes upon it
      REQUIRE_FALSE(followed.has_value());
      refuses(followed.error());
    }
    const auto log = writer::open(place.path(), publisher::risk, 1, {});
    REQUIRE_FALSE(log.has_value());
    refuses(log.error());
  }
}

TEST_CASE("a directory that may not be read is refused by name") {
  const temporary_directory place;
  REQUIRE(::chmod(place.path().c_str(), 0) == 0);
  // Root may read everything, so the test steps down where it runs as root.
  const bool is_root = ::geteuid() == 0;
  if (is_root) REQUIRE(::seteuid(65534) == 0);
  const auto log = writer::open(place.path(), publisher::risk, 1, {});
  const auto from = reader::open(place.path());
  if (is_root) REQUIRE(::seteuid(0) == 0);
  REQUIRE(::chmod(place.path().c_str(), 0755) == 0);
  REQUIRE_FALSE(log.has_value());
  CHECK(log.error().code == errc::refused);
  CHECK(log.error().text.find(place.path()) != std::string::npos);
  REQUIRE_FALSE(from.has_value());
  CHECK(from.error().code == errc::refused);
}

TEST_CASE("foreign files in the directory are left alone") {
  const temporary_directory place;
  write_bytes(place.path() + "/notes.txt", "mine");
  write_bytes(place.path() + "/1.journal", "short name");
  write_bytes(place.path() + "/0000000000000000000x.journal", "no number");
  write_bytes(place.path() + "/00000000000000000000.journal", "positions begin at 1");
  {
    writer log = open_writer(place.path());
    append_records(log, 100);
    REQUIRE(log.commit().has_value());
  }
  CHECK(open_writer(place.path()).last_position() == 100);
  CHECK(count_records(place.path()) == 100);
  CHECK(bytes_of(place.path() + "/notes.txt") == "mine");
}

TEST_CASE("a directory with the name of a segment is an error, not a crash") {
  const temporary_directory place;
  fs::create_directory(place.path() + "/00000000000000000001.journal");
  CHECK_FALSE(writer::open(place.path(), publisher::risk, 1, {}).has_value());
  CHECK_FALSE(reader::open(place.path()).has_value());
}

TEST_CASE("trimming removes whole segments before a position and nothing else") {
  const temporary_directory place;
  std::uint64_t first = 0;
  {
    writer log = open_writer(place.path());
    append_records(log, 300);
    REQUIRE(log.commit().has_value());
    reader ahead = open_reader(place.path());
    reader behind = open_reader(place.path());
    CHECK(behind.read(1, 5, 1000, [](const entry&) {}) == 5U);
    REQUIRE(log.trim_before(1).has_value());
    CHECK(count_records(place.path()) == 300);

    REQUIRE(log.trim_before(150).has_value());
    const auto records = records_of(place.path());
    REQUIRE(records.has_value());
    first = records->front().position;
    CHECK(first > 1);
    CHECK(first <= 150);
    CHECK(records->size() == 301 - first);
    for (reader* from : {&ahead, &behind}) {
      const auto rest = records_of(*from, 140);
      REQUIRE(rest.has_value());
      CHECK(rest->back().position == 300);
    }
    append_records(log, 10);
    REQUIRE(log.flush().has_value());
    CHECK(records_of(behind, 301)->size() == 10);

    REQUIRE(log.trim_before(1'000'000).has_value());
    CHECK(segment_paths(place.path()).size() == 1);
  }
  writer log = open_writer(place.path());
  CHECK(log.last_position() == 310);
  CHECK(log.epoch() == 101);
  append_records(log, 1);
  CHECK(log.commit().has_value());
}

TEST_CASE("a reader that fell behind a trim goes on at the first record there is") {
  const temporary_directory place;
  writer log = open_writer(place.path());
  append_records(log, 300);
  REQUIRE(log.commit().has_value());
  reader from = open_reader(place.path());
  REQUIRE(log.trim_before(200).has_value());
  const auto records = records_of(from, 1);
  REQUIRE(records.has_value());
  CHECK(records->front().position > 150);
  CHECK(records->front().position <= 200);
  CHECK(records->back().position == 300);
}

}  // namespace
}  // namespace remora::journal
