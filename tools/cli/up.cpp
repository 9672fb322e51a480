#include "commands.hpp"
#include "configuration.hpp"
#include "stack.hpp"
#include "summary.hpp"
#include "terminal.hpp"

#include "remora/base/text.hpp"
#include "remora/history/record.hpp"
#include "remora/history/recording.hpp"
#include "remora/stack/sources.hpp"
#include "remora/stats/simd.hpp"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace remora::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

std::atomic<int> interrupts = 0;

void count_interrupt(int) { interrupts = interrupts + 1; }

int refuse(const std::string& text) {
  fmt::print(stderr, "remora up: {}\n", text);
  return 2;
}

/// "max" stays; "real" is 1; "10x" is 10. Nothing for anything else.
std::optional<std::string> speed_of(const std::string& given) {
  if (given == "max") return given;
  if (given == "real") return "1";
  const std::string number = given.ends_with('x') ? given.substr(0, given.size() - 1) : given;
  double value = 0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (problem != std::errc{} || end != number.data() + number.size() || !(value >= 0.001 && value <= 1e6)) return std::nullopt;
  return number;
}

std::string now_stamp() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string stamp = iso_time(timestamp(std::chrono::duration_cast<nanoseconds>(now))).substr(0, 19);
  std::erase(stamp, ':');
  return stamp;
}

expected<void> check_inputs(const up_options& options) {
  for (const std::string& file : options.replay)
    if (auto kind = history::kind_of_file(file); !kind) return tl::unexpected(kind.error());
  return {};
}

expected<std::string> prepare_record(const up_options& options) {
  const std::string record = options.record.empty() ? "record/" + now_stamp() : options.record;
  std::error_code problem;
  const bool there = fs::exists(record + "/journal", problem);
  if (options.resume && !there)
    return fail(errc::not_found, options.record.empty() ? "--resume needs --record DIR: the run to go on with"
                                                        : fmt::format("'{}' holds no run to --resume: look for the directory, or begin a new run without it", record));
  if (there && !options.resume)
    return fail(errc::refused, fmt::format("'{}' holds a run already: give another --record, or --resume to go on with it", record));
  for (const char* part : {"journal", "log", "http", "parquet"}) {
    fs::create_directories(fmt::format("{}/{}", record, part), problem);
    if (problem) return fail(errc::io, fmt::format("cannot create '{}/{}': {}", record, part, problem.message()));
  }
  return fs::absolute(record).string();
}

/// The sole right to a record, for as long as the run lasts: a second run would take the first one's ports and log files before its services
/// found their journals in use.
class record_lock {
 public:
  [[nodiscard]] static expected<record_lock> take(const std::string& record) {
    const std::string path = record + "/lock";
    record_lock taken(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (taken.file_ < 0) return fail(errc::io, fmt::format("cannot open '{}': {}", path, std::strerror(errno)));
    if (::flock(taken.file_, LOCK_EX | LOCK_NB) != 0)
      return fail(errc::refused, fmt::format("'{}' is in use by another `remora up`: wait for its end, or give another --record", record));
    return taken;
  }
  record_lock(record_lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  record_lock& operator=(record_lock&&) = delete;
  ~record_lock() {
    if (file_ >= 0) ::close(file_);
  }

 private:
  explicit record_lock(int file) noexcept : file_(file) {}
  int file_;
};

/// Sockets need a short path, so they do not live with the record.
expected<std::string> make_bus_directory() {
  std::string name = "/tmp/remora-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) return fail(errc::io, "cannot create a directory for the bus under /tmp");
  return name;
}

struct temporary_directory {
  std::string path;
  ~temporary_directory() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

/// Counts everything once more from the finished journals, books rebuilt.
expected<summary> final_summary(const std::string& record) {
  summary whole(true);
  journal_tail tail(record);
  expected<void> problem;
  constexpr std::size_t chunk = 100'000;
  while (true) {
    const auto count = tail.poll(chunk, [&](publisher who, const journal::entry& entry) {
      if (problem) problem = whole.add(who, entry);
    });
    if (!count) return tl::unexpected(count.error());
    if (!problem) return tl::unexpected(problem.error());
    if (*count == 0) break;
  }
  if (const auto fills = history::count_rows(record + "/parquet", "booked")) whole.set_recorded_fills(*fills);
  return whole;
}

std::vector<std::string> picture_of(const summary& view, local_stack& stack) {
  std::vector<std::string> lines = view.table(true);
  lines.insert(lines.begin() + 1, fmt::format("  {:<9} {}", "health", stack.health_text()));
  return lines;
}

/// Watches the run until it settles, a service gives up, or the user has had enough.
expected<void> watch(const up_options& options, local_stack& stack, const std::string& record) {
  summary view(false);
  journal_tail tail(record);
  live_picture picture;
  const bool draw = picture.possible() && !options.headless;
  auto last_drawn = steady_clock::time_point{};
  auto last_line = steady_clock::now();
  int seen_interrupts = 0;
  while (true) {
    expected<void> problem;
    constexpr std::size_t chunk = 20'000;
    const auto count = tail.poll(chunk, [&](publisher who, const journal::entry& entry) {
      if (problem) problem = view.add(who, entry);
    });
    if (!count) return tl::unexpected(count.error());
    if (!problem) return problem;
    const auto now = steady_clock::now();
    if (draw && now - last_drawn > std::chrono::milliseconds(200)) {
      last_drawn = now;
      picture.draw(picture_of(view, stack));
    } else if (!draw && !options.json && now - last_line > std::chrono::seconds(5)) {
      last_line = now;
      fmt::print("{}\n", view.text());
      std::fflush(stdout);
    }
    if (view.settled() && *count == 0 && stack.serving()) break;  // a run that goes on had settled before it began
    const auto mended = stack.mend();
    if (!mended) return tl::unexpected(mended.error());
    if (!draw)
      for (const std::string& restarted : *mended) fmt::print(stderr, "remora up: {}", restarted);
    if (const int given = interrupts; given > seen_interrupts) {
      seen_interrupts = given;
      if (given > 1) break;
      if (!options.json) fmt::print(stderr, "\nending: open orders run out, and the run is recorded (Ctrl-C again: stop at once)\n");
      stack.end_of_data();
    }
    if (*count < chunk) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (draw) picture.draw(picture_of(view, stack));
  return {};
}

int run(const up_options& options, const std::string& record, const std::string& bus) {
  const std::string binaries = fs::read_symlink("/proc/self/exe").parent_path().string();
  local_stack stack(options, record, binaries, bus);
  std::signal(SIGINT, count_interrupt);
  std::signal(SIGTERM, count_interrupt);
  auto done = stack.start();
  if (done) done = watch(options, stack, record);
  if (!done) fmt::print(stderr, "remora up: {}\n", done.error().text);
  if (!options.json && !options.headless) fmt::print(stderr, "stopping, the recorder writes what is left …\n");
  const auto stopped = stack.stop(!done);
  if (!stopped) fmt::print(stderr, "remora up: {}\n", stopped.error().text);
  auto result = final_summary(record);
  if (!done || !stopped) {
    if (result) fmt::print(stderr, "{}", result->left_over());  // a run that failed holds what it holds
    return 1;
  }
  if (!result) {
    fmt::print(stderr, "remora up: {}\n", result.error().text);
    return 1;
  }
  result->set_restarts(stack.restarts());
  if (options.json) fmt::print("{}\n", result->json());
  else fmt::print("\n{}\n{}The record is in {}\n  tools/remora report --record {}\n", result->text(), result->left_over(), record, record);
  return 0;
}

}  // namespace

int up(const up_options& given) {
  up_options options = given;
  const auto speed = speed_of(given.speed);
  if (!speed) return refuse(fmt::format("--speed {} is not understood: give real, a factor from 0.001 to 1000000 such as 10x, or max", given.speed));
  options.speed = *speed;
  options.config.directory = fs::absolute(given.config.directory).string();
  const auto settings = load_configuration(options.config);
  if (!settings) return 2;
  if (options.replay.empty())
    if (auto known = stack::check_benchmark(*settings); !known) return refuse(known.error().text);
  if (!options.simd.empty())
    if (auto known = stats::limit_simd(options.simd); !known) return refuse(known.error().text);
  if (auto good = check_inputs(options); !good) return refuse(good.error().text);
  const auto record = prepare_record(options);
  if (!record) return refuse(record.error().text);
  const auto lock = record_lock::take(*record);
  if (!lock) return refuse(lock.error().text);
  const auto bus = make_bus_directory();
  if (!bus) return refuse(bus.error().text);
  const temporary_directory remove_at_end{*bus};
  return run(options, *record, *bus);
}

}  // namespace remora::cli
