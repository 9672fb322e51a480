#include "recorded_files.hpp"

#include "remora/history/line_reader.hpp"
#include "remora/history/line_writer.hpp"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace remora;
using history::line_reader;
using history::line_writer;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  auto reader = line_reader::open(path);
  REQUIRE(reader.has_value());
  std::vector<std::string> lines;
  while (true) {
    const auto line = reader->next();
    REQUIRE(line.has_value());
    if (!*line) return lines;
    lines.emplace_back(**line);
  }
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_all(const std::string& path, const std::vector<std::string>& lines) {
  auto writer = line_writer::open(path);
  REQUIRE(writer.has_value());
  for (const auto& line : lines) REQUIRE(writer->write(line).has_value());
  CHECK(writer->lines() == lines.size());
  REQUIRE(writer->close().has_value());
}

/// Files of this process may not grow beyond so many bytes: a full disk at small cost.
class small_disk {
 public:
  explicit small_disk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("lines are written plain or as gzip, by the name, and read back") {
  const recorded_files place;
  const std::vector<std::string> lines = {"one", "", "three and more", std::string(1'000'000, 'x')};
  for (const char* name : {"/plain.csv", "/packed.gz"}) {
    const std::string path = place.directory() + name;
    write_all(path, lines);
    CHECK(lines_of(path) == lines);
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
  }
  CHECK(bytes_of(place.directory() + "/plain.csv").substr(0, 4) == "one\n");
  CHECK(bytes_of(place.directory() + "/packed.gz").substr(0, 2) == "\x1f\x8b");
}

TEST_CASE("the same lines give the same bytes") {
  const recorded_files place;
  write_all(place.directory() + "/a.gz", {"one", "two"});
  write_all(place.directory() + "/b.gz", {"one", "two"});
  CHECK(bytes_of(place.directory() + "/a.gz") == bytes_of(place.directory() + "/b.gz"));
}

TEST_CASE("a file has its name only when it is whole; until then the one that had it stays") {
  const recorded_files place;
  const std::string path = place.write("out.txt", "before\n");
  {
    auto given_up = line_writer::open(path);
    REQUIRE(given_up.has_value());
    REQUIRE(given_up->write("half").has_value());
    CHECK(std::filesystem::exists(path + ".part"));
    CHECK(lines_of(path) == std::vector<std::string>{"before"});
  }
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
  CHECK(lines_of(path) == std::vector<std::string>{"before"});
  write_all(path, {"after"});
  CHECK(lines_of(path) == std::vector<std::string>{"after"});
}

TEST_CASE("what cannot be written is refused before anything is written") {
  const recorded_files place;
  const auto refusal = [](const std::string& path) {
    const auto writer = line_writer::open(path);
    REQUIRE_FALSE(writer.has_value());
    CHECK(writer.error().code == errc::refused);
    return writer.error().text;
  };
  CHECK(says(refusal(place.directory()), "is a directory"));
  CHECK(says(refusal(place.directory() + "/nowhere/out.gz"), "No such file or directory"));
  const std::string pipe = place.directory() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(says(refusal(pipe), "not an ordinary file"));
}

TEST_CASE("a disk that fills up is told, and nothing is left behind") {
  const recorded_files place;
  for (const char* name : {"/out.txt", "/out.gz"}) {
    const std::string path = place.directory() + name;
    std::optional<error> problem;
    {
      auto writer = line_writer::open(path);
      REQUIRE(writer.has_value());
      const small_disk disk(64 * 1024);
      std::uint64_t noise = 1;
      for (int i = 0; i < 200'000 && !problem; ++i) {
        noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
        if (auto written = writer->write(std::to_string(noise)); !written) problem = written.error();
      }
      if (!problem) {
        if (auto closed = writer->close(); !closed) problem = closed.error();
      }
    }
    REQUIRE(problem.has_value());
    CHECK(problem->code == errc::io);
    CHECK(says(problem->text, "cannot be written: File too large"));
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
  }
}

TEST_CASE("a disk that is full at the very end is told") {
  const recorded_files place;
  const std::string path = place.directory() + "/out.txt";
  auto writer = line_writer::open(path);
  REQUIRE(writer.has_value());
  REQUIRE(writer->write(std::string(1000, 'x')).has_value());
  const small_disk disk(100);
  const auto closed = writer->close();
  REQUIRE_FALSE(closed.has_value());
  CHECK(closed.error().code == errc::io);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
}
