#include "running.hpp"
#include "temporary_directory.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace remora;

TEST_CASE("a port is read from the file that a service left, and a pipe or anything else in its place is no port and holds nobody up") {
  const temporary_directory run;
  const std::string file = run.path() + "/http/risk.port";
  CHECK(cli::port_of(run.path(), publisher::risk) == 0);
  std::filesystem::create_directories(run.path() + "/http");
  std::ofstream(file) << "8080\n";
  CHECK(cli::port_of(run.path(), publisher::risk) == 8080);
  for (const std::string bad : {"", "port", "70000"}) {
    std::ofstream(file, std::ios::trunc) << bad;
    CHECK(cli::port_of(run.path(), publisher::risk) == 0);
  }
  std::filesystem::remove(file);
  REQUIRE(::mkfifo(file.c_str(), 0644) == 0);
  CHECK(cli::port_of(run.path(), publisher::risk) == 0);
  std::filesystem::remove(file);
  std::filesystem::create_directories(file);
  CHECK(cli::first_line_of(file).empty());
}

TEST_CASE("a record is supervised while somebody holds its lock") {
  const temporary_directory run;
  CHECK_FALSE(cli::is_supervised(run.path()));
  const int held = ::open((run.path() + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  REQUIRE(held >= 0);
  CHECK_FALSE(cli::is_supervised(run.path()));
  REQUIRE(::flock(held, LOCK_EX) == 0);
  CHECK(cli::is_supervised(run.path()));
  ::close(held);
  CHECK_FALSE(cli::is_supervised(run.path()));
}
