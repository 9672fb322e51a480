#include "commands.hpp"
#include "one_line.hpp"
#include "running.hpp"

#include "remora/base/place.hpp"
#include "remora/bus/command_server.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <future>
#include <thread>
#include <unistd.h>

namespace remora::cli {
namespace {

std::string user_name() {
  const char* const name = std::getenv("USER");
  return name != nullptr && *name != '\0' ? name : fmt::format("uid {}", ::getuid());
}

/// Whom a command concerns, the one that acts first in front: a halt is first of all that nothing leaves any more.
std::vector<publisher> addressees_of(operator_action action) {
  if (action == operator_action::halt) return {publisher::execution, publisher::risk};
  return {publisher::risk, publisher::execution};
}

bus::command_answer tell(const std::string& record, publisher who, const operator_commanded& command) {
  constexpr auto patience = std::chrono::seconds(3);
  const std::string endpoint = first_line_of(fmt::format("{}/command/{}", record, name_of(who)));
  if (endpoint.empty()) return fail(errc::not_found, "it never ran in this record");
  return bus::send_command(endpoint, command, patience);
}

/// Asks until it is obeyed or refused: a service that hangs, or leads its past through again, hears it late, but it does. Its endpoint is read
/// anew each time. One try where the service is not there at all, and nobody is there to start it again.
bus::command_answer insist(const std::string& record, publisher who, const operator_commanded& command, std::chrono::seconds wait) {
  const auto give_up = std::chrono::steady_clock::now() + wait;
  bool told = false;
  while (true) {
    auto answer = tell(record, who, command);
    const bool silent = !answer && answer.error().code == errc::io;
    const bool hopeless = !is_running(record, who) && !is_supervised(record);
    if (!silent || hopeless || std::chrono::steady_clock::now() >= give_up) return answer;
    if (!told) fmt::print(stderr, "{} does not obey yet; it is asked again for {} s (Ctrl-C gives up)\n", name_of(who), wait.count());
    told = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

}  // namespace

int command(const record_options& options, const operator_commanded& given, std::chrono::seconds wait) {
  operator_commanded order{given.action, one_line(given.who), one_line(given.reason)};
  if (order.reason.find_first_not_of(' ') == std::string::npos) {
    fmt::print(stderr, "remora {}: give a --reason: it is kept in the record\n", name_of(order.action));
    return 2;
  }
  if (order.who.empty()) order.who = user_name();
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  std::vector<std::pair<publisher, std::future<bus::command_answer>>> asked;
  for (const publisher who : addressees_of(order.action)) asked.emplace_back(who, std::async(std::launch::async, insist, record, who, order, wait));
  std::size_t obeyed = 0;
  for (auto& [who, pending] : asked) {
    const auto answer = pending.get();
    obeyed += answer ? 1 : 0;
    if (answer) fmt::print("{}\n", *answer);
    else fmt::print(stderr, "{} did not confirm: {}\n", name_of(who), answer.error().text);
  }
  if (obeyed == asked.size()) return 0;
  if (obeyed > 0) fmt::print(stderr, "remora {}: RISK and EXECUTION differ now: one has heard it and the other has not. Give it again\n", name_of(order.action));
  else fmt::print(stderr, "remora {}: nobody confirmed it; `remora status` tells who runs\n", name_of(order.action));
  return 1;
}

}  // namespace remora::cli
