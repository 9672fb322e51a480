#include "temporary_directory.hpp"

#include "remora/bus/command_server.hpp"
#include "remora/bus/endpoints.hpp"

#include <doctest/doctest.h>
#include <vector>

using namespace remora;

namespace {

std::string endpoint_in(const std::string& directory) { return bus::endpoints_of(directory, publisher::risk)->command; }

const operator_commanded halt{operator_action::halt, "ann", "the market makes no sense"};

}  // namespace

TEST_CASE("a command is obeyed once and answered") {
  const temporary_directory place;
  std::vector<operator_commanded> seen;
  auto server = bus::command_server::start({place.path(), publisher::risk, [&](const operator_commanded& command) -> bus::command_answer {
                                              seen.push_back(command);
                                              return "at position 7";
                                            }});
  REQUIRE(server);
  const auto answer = bus::send_command(endpoint_in(place.path()), halt, std::chrono::seconds(10));
  REQUIRE(answer);
  CHECK(*answer == "at position 7");
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].action == operator_action::halt);
  CHECK(seen[0].who == "ann");
  CHECK(seen[0].reason == "the market makes no sense");
}

TEST_CASE("a refusal comes back with its sentence, and the server goes on") {
  const temporary_directory place;
  auto server = bus::command_server::start({place.path(), publisher::risk, [](const operator_commanded& command) -> bus::command_answer {
                                              if (command.action == operator_action::halt) return fail(errc::refused, "this run is over");
                                              return "resumed";
                                            }});
  REQUIRE(server);
  const auto refused = bus::send_command(endpoint_in(place.path()), halt, std::chrono::seconds(10));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text == "this run is over");
  CHECK(bus::send_command(endpoint_in(place.path()), {operator_action::resume, "ann", "seen to"}, std::chrono::seconds(10)).value() == "resumed");
}

TEST_CASE("what could not be taken up yet is no refusal: it may be sent again") {
  const temporary_directory place;
  for (const errc code : {errc::io, errc::limit}) {
    auto server = bus::command_server::start({place.path(), publisher::risk, [&](const operator_commanded&) -> bus::command_answer { return fail(code, "it waits"); }});
    REQUIRE(server);
    const auto answer = bus::send_command(endpoint_in(place.path()), halt, std::chrono::seconds(10));
    REQUIRE_FALSE(answer);
    CHECK(answer.error() == error{errc::io, "it waits"});
  }
}

TEST_CASE("a reason that is none, too long, or no plain line is refused before it is sent") {
  const temporary_directory place;
  for (const std::string& reason : {std::string(), std::string("  "), std::string(1'001, 'x'), std::string("red\x1b[31m"), std::string("two\nlines"), std::string("\xff\xfe")}) {
    const auto answer = bus::send_command(endpoint_in(place.path()), {operator_action::halt, "ann", reason}, std::chrono::seconds(10));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == errc::refused);
  }
}

TEST_CASE("nobody there, or nobody who answers, is told in time") {
  const temporary_directory place;
  const auto absent = bus::send_command(endpoint_in(place.path()), halt, std::chrono::milliseconds(50));
  REQUIRE_FALSE(absent);
  CHECK(absent.error().code == errc::io);
  CHECK(absent.error().text.find("no answer within 50 ms") != std::string::npos);
}
