#include "commands.hpp"

#include "remora/base/place.hpp"
#include "remora/bus/command_server.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
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
  std::ifstream file(fmt::format("{}/command/{}", record, name_of(who)));
  std::string endpoint;
  if (!std::getline(file, endpoint)) return fail(errc::not_found, "it never ran in this record");
  return bus::send_command(endpoint, command, patience);
}

}  // namespace

int command(const record_options& options, const operator_commanded& given) {
  operator_commanded order = given;
  if (order.reason.find_first_not_of(" \t\n") == std::string::npos) {
    fmt::print(stderr, "remora {}: give a --reason: it is kept in the record\n", name_of(order.action));
    return 2;
  }
  if (order.who.empty()) order.who = user_name();
  const std::string record = record_or_newest(options.record);
  if (record.empty()) return 2;
  bool all = true;
  for (const publisher who : addressees_of(order.action)) {
    const auto answer = tell(record, who, order);
    all = all && answer.has_value();
    if (answer) fmt::print("{}\n", *answer);
    else fmt::print(stderr, "{} did not confirm: {}\n", name_of(who), answer.error().text);
  }
  if (!all) fmt::print(stderr, "remora {}: not confirmed by all; `remora status` tells who runs\n", name_of(order.action));
  return all ? 0 : 1;
}

}  // namespace remora::cli
