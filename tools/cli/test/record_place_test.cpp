#include "commands.hpp"
#include "temporary_directory.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

using namespace remora;
namespace fs = std::filesystem;

namespace {

/// A place with runs under record/, which the commands are given from within.
struct runs {
  runs() : before(fs::current_path()) { fs::current_path(place.path()); }
  ~runs() { fs::current_path(before); }

  /// A run that began, and whose gateway said something last, so many minutes ago.
  static void add(const std::string& name, int begun, int logged) {
    fs::create_directories("record/" + name + "/log");
    fs::create_directories("record/" + name + "/journal");
    std::ofstream("record/" + name + "/log/gateway.log") << "a line\n";
    const auto now = fs::file_time_type::clock::now();
    fs::last_write_time("record/" + name + "/journal", now - std::chrono::minutes(begun));
    fs::last_write_time("record/" + name + "/log/gateway.log", now - std::chrono::minutes(logged));
  }

  temporary_directory place;
  fs::path before;
};

}  // namespace

TEST_CASE("the run that was active last is taken, whatever it is called and whenever it began") {
  const runs here;
  runs::add("2026-11-01", 300, 5);
  runs::add("2026-11-02", 200, 190);
  runs::add("zzz", 400, 395);
  fs::create_directories("record/not-a-run");
  CHECK(cli::record_or_newest("") == "record/2026-11-01");
}

TEST_CASE("a run that is named is taken, and what is no run is refused") {
  const runs here;
  CHECK(cli::record_or_newest("").empty());
  runs::add("named", 10, 10);
  CHECK(cli::record_or_newest("record/named") == "record/named");
  CHECK(cli::record_or_newest("record").empty());
  CHECK(cli::record_or_newest("nowhere").empty());
}
