#include "stack.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace remora::cli {
namespace {

using std::chrono::steady_clock;

// From the inside out: whoever is asked is there before whoever asks.
constexpr publisher start_order[] = {publisher::exchange, publisher::recorder, publisher::execution, publisher::risk, publisher::signal, publisher::gateway};
constexpr publisher stop_order[] = {publisher::recorder, publisher::gateway, publisher::signal, publisher::risk, publisher::execution, publisher::exchange};

std::string last_lines(const std::string& file, std::size_t count) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
    if (lines.size() > count) lines.erase(lines.begin());
  }
  std::string out;
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out;
}

/// How a process ended, from the status of child_process::poll.
std::string ending_of(int status) {
  return status > 128 ? fmt::format("was killed by signal {} ({})", status - 128, ::strsignal(status - 128)) : fmt::format("ended with status {}", status);
}

}  // namespace

local_stack::local_stack(const up_options& options, std::string record, std::string binaries, std::string bus)
    : options_(options), record_(std::move(record)), binaries_(std::move(binaries)), bus_(std::move(bus)) {}

std::string local_stack::log_of(publisher who) const { return fmt::format("{}/log/{}.log", record_, name_of(who)); }

std::string local_stack::port_file_of(publisher who) const { return fmt::format("{}/http/{}.port", record_, name_of(who)); }

std::vector<std::string> local_stack::command_of(publisher who) const {
  std::vector<std::string> command = {fmt::format("{}/remora-{}", binaries_, name_of(who)), "--config", options_.config.directory, "--data", record_,
                                      "--bus", bus_, "--http-port-file", port_file_of(who)};
  const auto add = [&](const std::string& option, const std::string& value) {
    command.push_back(option);
    command.push_back(value);
  };
  if (!options_.config.profile.empty()) add("--profile", options_.config.profile);
  for (const std::string& value : options_.config.overrides) add("--set", value);
  if (!options_.simd.empty()) add("--simd", options_.simd);
  if (options_.speed == "max") command.push_back("--lock-step");
  else add("--speed", options_.speed);
  if (who == publisher::gateway) {
    for (const std::string& file : options_.replay) add("--replay", file);
    if (!options_.symbol.empty()) add("--symbol", options_.symbol);
  }
  return command;
}

expected<void> local_stack::launch(publisher who) {
  std::error_code was_not_there;
  std::filesystem::remove(port_file_of(who), was_not_there);
  auto process = child_process::start(command_of(who), log_of(who));
  if (!process) return tl::unexpected(process.error());
  if (const auto known = members_.find(who); known != members_.end()) known->second.process = *process;
  else members_.emplace(who, member{*process, {}});
  return {};
}

expected<void> local_stack::start() {
  for (const publisher who : start_order)
    if (auto launched = launch(who); !launched) return launched;
  return {};
}

expected<std::vector<std::string>> local_stack::mend() {
  constexpr std::size_t deaths_max = 5;
  constexpr auto window = std::chrono::seconds(20);
  std::vector<std::string> restarted;
  for (auto& [who, each] : members_) {
    const auto status = each.process.poll();
    if (!status) continue;
    const auto now = steady_clock::now();
    std::erase_if(each.deaths, [&](steady_clock::time_point death) { return now - death > window; });
    each.deaths.push_back(now);
    const std::string ending = fmt::format("{} {}", name_of(who), ending_of(*status));
    // A mistake of ours (2) or a program that cannot be started (127) will not get better by trying.
    if (*status == 2 || *status == 127 || each.deaths.size() > deaths_max)
      return fail(errc::refused, fmt::format("{} ({} times in {} s); the end of its log {}:\n{}", ending, each.deaths.size(), window.count(), log_of(who),
                                             last_lines(log_of(who), 8)));
    ++restarts_;
    last_restart_ = ending;
    restarted.push_back(fmt::format("{} and is started again; the end of its log {}:\n{}", ending, log_of(who), last_lines(log_of(who), 2)));
    if (auto launched = launch(who); !launched) return tl::unexpected(launched.error());
  }
  return restarted;
}

/// A service writes the port of its HTTP server when it is ready to work.
bool local_stack::serving() const {
  return std::all_of(members_.begin(), members_.end(), [&](const auto& each) { return std::filesystem::exists(port_file_of(each.first)); });
}

std::string local_stack::health_text() {
  std::string down;
  std::size_t up = 0;
  for (auto& [who, each] : members_) {
    if (each.process.poll()) down += fmt::format("   {} is down", name_of(who));
    else ++up;
  }
  const std::string last = last_restart_.empty() ? "" : fmt::format(", the last: {}", last_restart_);
  return fmt::format("{} of {} services up   {} restart{}{}{}", up, members_.size(), restarts_, restarts_ == 1 ? "" : "s", last, down);
}

void local_stack::end_of_data() {
  if (const auto gateway = members_.find(publisher::gateway); gateway != members_.end()) gateway->second.process.signal(SIGUSR1);
}

expected<void> local_stack::stop(bool gave_up) {
  std::string disorderly;
  for (const publisher who : stop_order) {
    const auto found = members_.find(who);
    if (found == members_.end()) continue;
    if (found->second.process.poll() && who != publisher::recorder) continue;  // it died lately: its journal is what it is
    if (found->second.process.poll())
      if (auto again = launch(who); !again) return again;                      // what is left must be written
    found->second.process.signal(SIGTERM);
    const auto patience = who == publisher::recorder && !gave_up ? std::chrono::seconds(120) : std::chrono::seconds(10);
    if (const int status = found->second.process.wait(patience); status != 0)
      disorderly += fmt::format("{}{} {}; the end of its log {}:\n{}", disorderly.empty() ? "" : "\n", name_of(who), ending_of(status), log_of(who),
                                last_lines(log_of(who), 4));
  }
  members_.clear();
  if (!disorderly.empty()) return fail(errc::io, disorderly);
  return {};
}

}  // namespace remora::cli
