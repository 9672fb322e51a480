#include "temporary_directory.hpp"

#include "remora/config/load.hpp"
#include "remora/journal/reader.hpp"
#include "remora/proto/render.hpp"
#include "remora/sim/world.hpp"
#include "remora/stack/engines.hpp"
#include "remora/stack/sources.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace remora;

/// The whole system, as its users run it: real processes, real sockets, real files.
namespace {

/// A short market full of whales that are followed readily.
const std::vector<std::string> overrides = {"generator.seconds=24", "generator.seed=3", "generator.whales_per_minute=20", "composite.signal_threshold=0.3",
                                            "execution.time_window_ms=1500"};

std::string override_arguments() {
  std::string arguments;
  for (const std::string& each : overrides) arguments += " --set " + each;
  return arguments;
}

struct outcome {
  int status = -1;
  std::string text;

  /// The number or text behind "name", searched in the JSON after `section` if given.
  [[nodiscard]] std::string value(const std::string& name, const std::string& section = "") const {
    const std::size_t from = section.empty() ? 0 : text.find("\"" + section + "\"");
    std::smatch match;
    const std::string rest = from == std::string::npos ? "" : text.substr(from);
    return std::regex_search(rest, match, std::regex("\"" + name + "\": ?\"?([-0-9.a-zA-Z_]+)")) ? match[1].str() : "";
  }
  [[nodiscard]] long number(const std::string& name, const std::string& section = "") const {
    const std::string found = value(name, section);
    return found.empty() ? -1 : std::stol(found);
  }
};

outcome shell(const std::string& command) {
  outcome result;
  std::FILE* const pipe = ::popen(("{ " + command + "; } 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) result.text.append(buffer.data(), n);
  result.status = ::pclose(pipe);
  return result;
}

outcome run(const std::string& arguments) { return shell(std::string(REMORA_BINARY_DIR) + "/remora " + arguments); }

std::string up_arguments(const std::string& record, const std::string& more) {
  return "up --config " REMORA_SOURCE_DIR "/config --profile demo --record " + record + " --headless --json" + override_arguments() + " " + more;
}

/// What one thread decides on the same market.
std::string hash_of_one_thread() {
  const auto settings = config::load({REMORA_SOURCE_DIR "/config", "demo", overrides, {}});
  REQUIRE(settings);
  using enum publisher;
  std::vector<sim::member> members;
  members.push_back({signal, {gateway}, stack::make_signal_node(*settings, 0)});
  members.push_back({risk, {gateway, signal, execution}, stack::make_risk_node(*settings, 0)});
  members.push_back({execution, {gateway, risk, exchange}, stack::make_execution_node(*settings, 0)});
  members.push_back({exchange, {gateway, execution}, stack::make_exchange_node(*settings, 0)});
  sim::world world(std::move(members), settings->bus.lock_step.round);
  auto source = stack::open_source(*settings, {});
  REQUIRE(source);
  proto::decisions_hash decisions;
  world.run(**source, [&](const proto::record& record) { decisions.add(record); });
  return decisions.text();
}

void check_balance(const outcome& result) {
  CAPTURE(result.text);
  REQUIRE(result.status == 0);
  CHECK(result.value("settled") == "true");
  CHECK(result.number("exchange", "fills") > 0);
  CHECK(result.number("exchange", "fills") == result.number("risk", "fills"));
  CHECK(result.number("exchange", "fills") == result.number("recorded", "fills"));
  CHECK(result.value("exchange", "position") == result.value("risk", "position"));
  CHECK(result.number("gaps", "book") == 0);
  CHECK(result.number("crossed", "book") == 0);
}

/// Process id of a service that writes to `record`; 0 if it does not run.
int pid_of(const std::string& service, const std::string& record) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "cmdline");
    const std::string command(std::istreambuf_iterator<char>(file), {});
    if (command.find("remora-" + service) != std::string::npos && command.find(record) != std::string::npos) return std::stoi(name);
  }
  return 0;
}

/// How many records GATEWAY has published in the run.
std::uint64_t published(const std::string& record) {
  auto reader = journal::reader::open(record + "/journal/gateway");
  return reader ? reader->head() : 0;
}

/// How many records of one kind a service has written.
template <class Message>
std::uint64_t written_by(const std::string& service, const std::string& record) {
  std::uint64_t count = 0;
  auto reader = journal::reader::open(record + "/journal/" + service);
  if (!reader) return 0;
  const auto read = reader->for_each(1, [&](const journal::entry& entry) {
    count += entry.kind == proto::schema<Message>::type ? 1 : 0;
    return true;
  });
  return read ? count : 0;
}

/// Orders that EXECUTION has meant to send, and what was filled of them.
std::uint64_t intents(const std::string& record) { return written_by<order_intended>("execution", record); }
std::uint64_t fills(const std::string& record) { return written_by<order_filled>("execution", record); }

/// At most a minute.
void wait_for(const std::function<bool()>& condition) {
  for (int i = 0; i < 3'000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

const std::array<std::string, 6> services = {"gateway", "signal", "risk", "execution", "exchange", "recorder"};

/// Kills one service after the other, as the progress of the run tells.
void kill_each(const std::string& record, const std::function<bool()>& over) {
  constexpr std::uint64_t apart = 300;  // records of GATEWAY
  std::uint64_t next = apart;
  for (const std::string& service : services) {
    wait_for([&] { return over() || published(record) >= next; });
    if (const int pid = pid_of(service, record); pid > 0) ::kill(pid, SIGKILL);
    next = published(record) + apart;
  }
}

/// A run in which every service is killed once, and somebody tries to start the same run again beside it.
outcome run_with_kills(const std::string& speed) {
  const temporary_directory place;
  const std::string record = place.path() + "/run";
  std::atomic<bool> over = false;
  outcome intruder;
  std::jthread killer([&] {
    kill_each(record, [&] { return over.load(); });
    if (!over) intruder = run(up_arguments(record, "--speed " + speed + " --resume"));
  });
  const outcome result = run(up_arguments(record, "--speed " + speed));
  over = true;
  killer.join();
  CHECK(WEXITSTATUS(intruder.status) == 2);
  CHECK(intruder.text.find("in use by another `remora up`") != std::string::npos);
  return result;
}

}  // namespace

TEST_CASE("in lock-step five processes decide the same twice, on another SIMD target, and as one thread does") {
  const temporary_directory place;
  const outcome first = run(up_arguments(place.path() + "/a", "--speed max"));
  check_balance(first);
  CHECK(first.number("approved", "parents") >= 3);
  CHECK(first.number("restarts") == 0);
  const outcome second = run(up_arguments(place.path() + "/b", "--speed max --simd scalar"));
  check_balance(second);
  CHECK(first.value("decisions_hash") == second.value("decisions_hash"));
  CHECK(first.value("decisions_hash") == hash_of_one_thread());
}

TEST_CASE("the generated market feels each fill that took, once, as a print of ours, in one go and with every service killed, unless it shall not") {
  const auto query = [](const std::string& record) {
    return run("query --record " + record + " --format json \"with taken as (select fill_id from report where fill_id > 0 and role = 'taker' and "
               "event_time < (select max(event_time) from ended) - interval 5 seconds) select (select count(*) from felt) as felt, "
               "(select count(distinct fill_id) from felt) as different, (select count(*) from taken) as taken, "
               "(select count(*) from taken where fill_id not in (select fill_id from felt)) as missed, "
               "(select count(distinct own_fill) from trade where own_fill > 0) as printed\"");
  };
  const auto check_felt = [&](const std::string& record) {
    const outcome rows = query(record);
    CAPTURE(rows.text);
    CHECK(rows.number("taken") > 0);
    CHECK(rows.number("missed") == 0);
    CHECK(rows.number("different") == rows.number("felt"));
    CHECK(rows.number("printed") > 0);
  };
  const temporary_directory place;
  const outcome felt = run(up_arguments(place.path() + "/felt", "--speed max"));
  check_balance(felt);
  check_felt(place.path() + "/felt");
  const outcome unfelt = run(up_arguments(place.path() + "/unfelt", "--speed max --set generator.feels_us=false"));
  check_balance(unfelt);
  CHECK(unfelt.value("decisions_hash") != felt.value("decisions_hash"));
  std::atomic<bool> over = false;
  std::jthread killer([&] { kill_each(place.path() + "/paced", [&] { return over.load(); }); });
  const outcome paced = run(up_arguments(place.path() + "/paced", "--speed 2"));
  over = true;
  killer.join();
  check_balance(paced);
  check_felt(place.path() + "/paced");
}

TEST_CASE("a run that has settled can be resumed, by one at a time: it is at its end, and a lost Parquet record is written again") {
  const temporary_directory place;
  const std::string record = place.path() + "/run";
  const std::string in_lock_step = "--speed max --set risk.benchmark=BTCUSDT";  // configured, and no instrument of this market
  const outcome first = run(up_arguments(record, in_lock_step));
  check_balance(first);
  CHECK(shell("cat " + record + "/log/gateway.log").text.find("benchmark_not_listed") != std::string::npos);
  std::filesystem::remove_all(record + "/parquet");
  const int held = ::open((record + "/lock").c_str(), O_RDWR | O_CLOEXEC);  // as a run that goes on holds it
  REQUIRE(held >= 0);
  REQUIRE(::flock(held, LOCK_EX) == 0);
  const outcome second = run(up_arguments(record, in_lock_step + " --resume"));
  CHECK(WEXITSTATUS(second.status) == 2);
  CHECK(second.text.find("in use by another `remora up`") != std::string::npos);
  ::close(held);
  const outcome again = run(up_arguments(record, in_lock_step + " --resume"));
  check_balance(again);
  CHECK(again.value("decisions_hash") == first.value("decisions_hash"));
  const outcome rows = run("query --record " + record + " --format json \"select count(*) as fills from fill\"");
  CHECK(rows.number("fills") == first.number("recorded", "fills"));
}

TEST_CASE("every service, killed in lock-step, comes back and the decisions are the same") {
  const outcome result = run_with_kills("max");
  check_balance(result);
  CAPTURE(result.text);
  CHECK(result.number("restarts") == static_cast<long>(services.size()));
  CHECK(result.value("decisions_hash") == hash_of_one_thread());
}

TEST_CASE("every service, killed at a paced speed, comes back, and every fill is counted once") {
  const outcome result = run_with_kills("2");
  check_balance(result);
  CAPTURE(result.text);
  CHECK(result.number("restarts") == static_cast<long>(services.size()));
}

TEST_CASE("K6: after a halt nothing is sent, though RISK and EXECUTION are killed and come back, until a person resumes") {
  const temporary_directory place;
  const std::string record = place.path() + "/run";
  outcome result;
  std::jthread trading([&] { result = run(up_arguments(record, "--speed 2")); });
  const auto command = [&](const std::string& what) { return run(what + " --record " + record + " --who ann --reason drill"); };
  wait_for([&] { return intents(record) > 0; });
  const outcome halted = command("halt");
  CAPTURE(halted.text);
  CHECK(halted.status == 0);
  const std::uint64_t sent = intents(record), seen = published(record);
  const std::string told = run("status --record " + record).text;
  for (const std::string who : {"risk      ", "execution "})
    CHECK(told.find(who + "HALTED   operator: ann commanded to halt: drill (until somebody resumes)") != std::string::npos);
  for (const std::string service : {"risk", "execution"})
    if (const int pid = pid_of(service, record); pid > 0) ::kill(pid, SIGKILL);
  wait_for([&] { return published(record) > seen + 300; });
  CHECK(intents(record) == sent);
  CHECK(command("resume").status == 0);
  wait_for([&] { return intents(record) > sent; });
  CHECK(intents(record) > sent);
  trading.join();
  check_balance(result);
  CHECK(result.value("risk_state").starts_with("N"));
}

TEST_CASE("a halt that RISK hangs through is obeyed by EXECUTION, status tells it of EXECUTION alone, and the run ends with what it holds") {
  const temporary_directory place;
  const std::string record = place.path() + "/run";
  outcome result;
  std::jthread trading([&] { result = run(up_arguments(record, "--speed 2")); });
  wait_for([&] { return fills(record) > 0; });
  const int hangs = pid_of("risk", record);
  REQUIRE(hangs > 0);
  ::kill(hangs, SIGSTOP);
  const outcome halted = run("halt --record " + record + " --who ann --reason drill --wait 0");
  const outcome told = run("status --record " + record);
  ::kill(hangs, SIGCONT);
  CAPTURE(halted.text);
  CHECK(WEXITSTATUS(halted.status) == 1);
  CAPTURE(told.text);
  CHECK(told.text.find("risk      NORMAL") != std::string::npos);
  CHECK(told.text.find("execution HALTED   operator: ann commanded to halt: drill (until somebody resumes)") != std::string::npos);
  CHECK(told.text.find("RISK heard nothing, EXECUTION heard halt (ann: drill): give the last command again") != std::string::npos);
  CHECK(run("halt --record " + record + " --who ann --reason drill").status == 0);
  CHECK(run("status --record " + record).text.find("  differ ") == std::string::npos);
  trading.join();
  CHECK(result.value("execution_state") == "HALTED");
  CHECK(result.value("SIMUSDT", "held") == result.value("exchange", "position"));  // a halt keeps exits in
}

TEST_CASE("a recorded journal replays to the same decisions, and says so") {
  const temporary_directory place;
  check_balance(run(up_arguments(place.path() + "/run", "--speed 5")));
  for (const std::string service : {"signal", "risk", "execution", "exchange"}) {
    const outcome again = run("replay --config " REMORA_SOURCE_DIR "/config --profile demo" + override_arguments() + " --record " + place.path() + "/run --service " + service);
    CAPTURE(again.text);
    CHECK(again.status == 0);
  }
  const outcome rows = run("query --record " + place.path() + "/run --format csv \"select count(*) from trade\"");
  CHECK(rows.status == 0);
  CHECK(run("report --record " + place.path() + "/run").status == 0);
  CHECK(run("tail --record " + place.path() + "/run signal.whale").status == 0);
}

TEST_CASE("K1: a service with another configuration than its peers ends and says so, before it does anything") {
  const temporary_directory place;
  const std::string common = " --config " REMORA_SOURCE_DIR "/config --profile demo --bus " + place.path() + "/bus --data " + place.path() + "/";
  const std::string bin = REMORA_BINARY_DIR;
  const outcome ended = shell(bin + "/remora-exchange" + common + "exchange & peer=$!; timeout 60 " + bin + "/remora-execution" + common +
                              "execution --set execution.max_orders=50; status=$?; kill $peer; wait $peer; exit $status");
  CAPTURE(ended.text);
  CHECK(WEXITSTATUS(ended.status) == 1);
  CHECK(ended.text.find("foreign_service") != std::string::npos);
}

TEST_CASE("a benchmark that nothing can list is refused before anything starts, and a recording may list one that nobody configured") {
  const temporary_directory place;
  const std::string unknown = " --set risk.benchmark=ABCUSDT";
  for (const outcome& refused : {run("check-config --config " REMORA_SOURCE_DIR "/config" + unknown), run(up_arguments(place.path() + "/none", unknown))}) {
    CAPTURE(refused.text);
    CHECK(WEXITSTATUS(refused.status) != 0);
    CHECK(refused.text.find("risk.benchmark is ABCUSDT (--set risk.benchmark=ABCUSDT), and no configured instrument has that symbol") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(place.path() + "/none"));
  const std::string trades = place.path() + "/ABCUSDT-trades-2024-01-01.csv";
  std::ofstream(trades) << "1,100.5,2,201,1704067200000,false,true\n2,100.6,1,100.6,1704067200500,true,true\n";
  const outcome played = run(up_arguments(place.path() + "/run", "--speed max --replay " + trades + unknown));
  CAPTURE(played.text);
  CHECK(played.status == 0);
  CHECK(shell("cat " + place.path() + "/run/log/gateway.log").text.find("benchmark_not_listed") == std::string::npos);
}

TEST_CASE("a pipe in the place of a log is refused, and nobody waits for its reader") {
  const temporary_directory place;
  const std::string record = place.path() + "/run";
  std::filesystem::create_directories(record + "/log");
  REQUIRE(::mkfifo((record + "/log/risk.log").c_str(), 0600) == 0);
  const outcome refused = shell("timeout 60 " REMORA_BINARY_DIR "/remora " + up_arguments(record, "--speed max"));
  CHECK(WEXITSTATUS(refused.status) == 1);
  CHECK(refused.text.find("cannot open the log '" + record + "/log/risk.log'") != std::string::npos);
}

TEST_CASE("what cannot be replayed is refused before anything starts") {
  const temporary_directory place;
  const auto refused = [&](const std::string& file) {
    const outcome result = run(up_arguments(place.path() + "/" + std::to_string(std::rand()), "--speed max --replay " + file));
    CAPTURE(result.text);
    CHECK(result.status != 0);
    CHECK(result.text.find(file) != std::string::npos);
  };
  std::ofstream(place.path() + "/empty.dat");
  std::ofstream(place.path() + "/binary.dat") << std::string(5000, '\0') + "\x7f" "ELF";
  refused(place.path() + "/empty.dat");
  refused(place.path() + "/binary.dat");
  refused(place.path());
  refused(place.path() + "/absent.dat");
}
