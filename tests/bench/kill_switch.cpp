#include "remora/bus/port.hpp"
#include "remora/stats/nearest_rank.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

/// From the moment a person gives `remora halt` to the last order that leaves EXECUTION, seen from outside as the exchange sees it, in the running system under
/// ten times the orders that a grant allows by default; again and again, with a resume between.
namespace {

using namespace remora;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Ten times the trades and whales of the demo's market, every one of them followed at once, by a hundred orders in a fifth of a second.
constexpr const char* tenfold =
    "--set generator.trades_per_second=500 --set generator.whales_per_minute=600 --set whale.min_whale_size=1 --set whale.volume_threshold=0.5 "
    "--set whale.floor_quantile=0 --set composite.signal_threshold=0.05 --set composite.cooldown_ms=50 --set execution.urgency=1 "
    "--set execution.min_orders=100 --set execution.max_orders=100 --set execution.time_window_ms=200 --set sizing.method=fixed --set sizing.fixed_size=2000 "
    "--set risk.max_parents_per_minute=10000 --set risk.max_rejection_rate=1 --set risk.max_value_at_risk=1 --set risk.max_expected_shortfall=1 "
    "--set risk.max_order_rate=10000 --set risk.max_position_pct=1 --set risk.max_position_size=10000000 --set risk.starting_balance=100000000 "
    "--set generator.seconds=3600";

/// When an order was last seen to leave.
class watcher final : public bus::port_listener {
 public:
  void pushed(proto::record record) override {
    if (!std::holds_alternative<order_intended>(record.body)) return;
    last_ = clock_type::now();
    ++orders_;
  }
  void heard(publisher, std::uint64_t, const beacon&) override {}
  void pulled(publisher, channel::pull_answer) override {}
  void foreign(publisher) override {}
  void garbled(const error&) override {}

  [[nodiscard]] clock_type::time_point last() const noexcept { return last_; }
  [[nodiscard]] std::uint64_t orders() const noexcept { return orders_; }

 private:
  clock_type::time_point last_{};
  std::uint64_t orders_ = 0;
};

struct running_system {
  pid_t pid = 0;
  std::string record;

  ~running_system() {
    ::kill(pid, SIGTERM);
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);
  }
  [[nodiscard]] std::string endpoint_of(publisher who) const {
    std::ifstream file(fmt::format("{}/command/{}", record, name_of(who)));
    std::string line;
    std::getline(file, line);
    return line;
  }
};

/// Of all who take commands; a minute at most.
void wait_for_endpoints(const running_system& system) {
  for (int i = 0; i < 600; ++i) {
    if (!system.endpoint_of(publisher::risk).empty() && !system.endpoint_of(publisher::execution).empty()) return;
    ::usleep(100'000);
  }
}

pid_t start(const std::string& record) {
  const std::string command = fmt::format("exec {}/remora up --config {}/config --profile demo {} --speed real --record {} --headless --json > {}.json 2> {}.log",
                                          REMORA_BINARY_DIR, REMORA_SOURCE_DIR, tenfold, record, record, record);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  return child;
}

void watch(bus::port& port, watcher& orders, milliseconds length) {
  for (const auto end = clock_type::now() + length; clock_type::now() < end;) port.poll(milliseconds(1), 1000, orders);
}

/// True once orders have left for some time, false after half a minute.
bool wait_for_orders(bus::port& port, watcher& orders) {
  constexpr std::uint64_t enough = 50;
  const std::uint64_t before = orders.orders();
  for (const auto end = clock_type::now() + std::chrono::seconds(30); clock_type::now() < end && orders.orders() < before + enough;) watch(port, orders, milliseconds(5));
  return orders.orders() >= before + enough;
}

/// Gives a command as a person does, and watches until it is confirmed; false if it is not.
bool command(const running_system& system, const char* action, bus::port& port, watcher& orders) {
  const std::string line = fmt::format("exec {}/remora {} --record {} --who bench --reason measuring > {}.command 2>&1", REMORA_BINARY_DIR, action, system.record, system.record);
  const pid_t child = ::vfork();
  if (child == 0) {
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) port.poll(milliseconds(1), 1000, orders);
  if (status != 0) fmt::print(stderr, "`{}` was not confirmed: see {}.command\n", line, system.record);
  return status == 0;
}

void print(const char* name, const std::vector<double>& sample) {
  const auto at = [&](double share) { return stats::nearest_rank(sample, share).value_or(0); };
  fmt::print("{:<24} {:>5} {:>9.2f} {:>9.2f} {:>9.2f}\n", name, sample.size(), at(0.5), at(0.99), at(1));
}

int measure(const running_system& system, bus::port& port, std::size_t halts) {
  watcher orders;
  std::vector<double> last, confirmed;
  double trading = 0;  // seconds
  const auto ms = [](clock_type::duration d) { return std::chrono::duration<double, std::milli>(d).count(); };
  while (last.size() < halts) {
    const auto resumed = clock_type::now();
    if (!wait_for_orders(port, orders)) {
      fmt::print(stderr, "no orders leave; see {}.log\n", system.record);
      return 1;
    }
    const auto said = clock_type::now();
    trading += ms(said - resumed) / 1e3;
    if (!command(system, "halt", port, orders)) return 1;
    confirmed.push_back(ms(clock_type::now() - said));
    watch(port, orders, milliseconds(400));
    last.push_back(std::max(0.0, ms(orders.last() - said)));
    if (!command(system, "resume", port, orders)) return 1;
  }
  fmt::print("{:<24} {:>5} {:>9} {:>9} {:>9}\n", "ms after a halt", "halts", "p50", "p99", "most");
  print("last order to leave", last);
  print("confirmed, on the disk", confirmed);
  fmt::print("{} orders left in all, {:.0f} a second while they were let\n", orders.orders(), static_cast<double>(orders.orders()) / trading);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t halts = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100;
  std::string directory = (std::filesystem::temp_directory_path() / "remora-bench-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr || halts == 0) return 1;
  int status = 1;
  {
    const running_system system{start(directory + "/run"), directory + "/run"};
    wait_for_endpoints(system);
    const std::string endpoint = system.endpoint_of(publisher::execution);
    const std::string bus = std::filesystem::path(endpoint.substr(std::min(endpoint.size(), std::string("ipc://").size()))).parent_path().string();
    auto port = bus::port::open({.directory = bus, .self = publisher::monitor, .upstream = {publisher::execution}, .high_water_mark = 1'000'000});
    if (port) status = measure(system, *port, halts);
    else fmt::print(stderr, "{}\n", port.error().text);
  }
  if (status == 0) std::filesystem::remove_all(directory);  // else its logs tell why
  return status;
}
