#include "temporary_directory.hpp"

#include "remora/bus/endpoints.hpp"
#include "remora/bus/port.hpp"
#include "remora/bus/pull_server.hpp"
#include "remora/journal/writer.hpp"
#include "remora/wire/wire.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <mutex>
#include <optional>

using namespace remora;

namespace {

proto::record record_at(std::uint64_t position) {
  return {{publisher::signal, 3, position}, timestamp_of(5), timestamp_of(6), 0, {}, parent_accepted{parent_id{position}, 1}};
}

struct listener final : bus::port_listener {
  void pushed(proto::record record) override { pushes.push_back(record.at.position); }
  void heard(publisher who, std::uint64_t, const beacon& beat) override { beacons.emplace_back(who, beat.head); }
  void pulled(publisher who, channel::pull_answer answer) override {
    puller = who;
    heads.push_back(answer.head);
    for (const auto& record : answer.records) pulls.push_back(record.at.position);
  }
  void foreign(publisher who) override { strangers.push_back(who); }
  void garbled(const error& problem) override { problems.push_back(problem.text); }

  std::vector<std::uint64_t> pushes, pulls, heads;
  std::vector<std::pair<publisher, std::uint64_t>> beacons;
  std::vector<std::string> problems;
  std::vector<publisher> strangers;
  publisher puller = publisher::none;
};

/// Polls until the condition holds; false after ten seconds.
template <class Condition>
bool poll_until(bus::port& port, listener& into, Condition&& condition) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition() && std::chrono::steady_clock::now() < give_up) port.poll(std::chrono::milliseconds(5), 100, into);
  return condition();
}

}  // namespace

TEST_CASE("records and beacons are pushed to whoever follows") {
  const temporary_directory place;
  auto publisher_port = bus::port::open({.directory = place.path(), .self = publisher::signal, .upstream = {}});
  auto follower_port = bus::port::open({.directory = place.path(), .self = publisher::risk, .upstream = {publisher::signal}});
  REQUIRE(publisher_port);
  REQUIRE(follower_port);
  listener heard;
  std::uint64_t position = 0;
  // Subscribing takes a moment; what is pushed before it is lost, as it may be.
  REQUIRE(poll_until(*follower_port, heard, [&] {
    publisher_port->publish("signal.accepted", wire::encode(record_at(++position)));
    return !heard.pushes.empty();
  }));
  proto::record beat{{publisher::signal, 3, 0}, {}, {}, 0, {}, beacon{position, {}, std::nullopt, false}};
  publisher_port->publish("signal.beacon", wire::encode(beat));
  publisher_port->publish("signal.accepted", "garbage");
  CHECK(poll_until(*follower_port, heard, [&] { return !heard.beacons.empty() && !heard.problems.empty(); }));
  CHECK(heard.beacons.front() == std::pair{publisher::signal, position});
}

TEST_CASE("records are pulled from the journal with credit, and garbage gets no answer") {
  const temporary_directory sockets, files;
  auto writer = journal::writer::open(files.path(), publisher::signal, 1, {});
  REQUIRE(writer);
  for (std::uint64_t i = 1; i <= 50; ++i) REQUIRE(writer->append(80, 5, wire::encode(record_at(i)), false));
  REQUIRE(writer->flush());
  auto server = bus::pull_server::start({sockets.path(), publisher::signal, files.path(), writer->finished()});
  REQUIRE(server);
  auto port = bus::port::open({.directory = sockets.path(), .self = publisher::recorder, .upstream = {publisher::signal}, .push = false});
  REQUIRE(port);
  listener heard;
  auto asked = std::chrono::steady_clock::time_point{};
  REQUIRE(poll_until(*port, heard, [&] {
    if (heard.heads.empty() && std::chrono::steady_clock::now() - asked > std::chrono::milliseconds(200)) {
      asked = std::chrono::steady_clock::now();
      port->pull(publisher::signal, {41, 5});
    }
    return !heard.heads.empty();
  }));
  CHECK(heard.pulls.size() >= 5);
  CHECK(std::vector<std::uint64_t>(heard.pulls.begin(), heard.pulls.begin() + 5) == std::vector<std::uint64_t>{41, 42, 43, 44, 45});
  CHECK(heard.heads.front() == 50);
  CHECK(heard.puller == publisher::signal);
}

TEST_CASE("what the writer has not finished is not handed out, though it stands in the file") {
  const temporary_directory sockets, files;
  auto writer = journal::writer::open(files.path(), publisher::signal, 1, {});
  REQUIRE(writer);
  for (std::uint64_t i = 1; i <= 50; ++i) REQUIRE(writer->append(80, 5, wire::encode(record_at(i)), false));
  REQUIRE(writer->flush());
  const auto finished = std::make_shared<std::atomic<std::uint64_t>>(30);
  auto server = bus::pull_server::start({sockets.path(), publisher::signal, files.path(), finished});
  REQUIRE(server);
  auto port = bus::port::open({.directory = sockets.path(), .self = publisher::recorder, .upstream = {publisher::signal}, .push = false});
  REQUIRE(port);
  listener heard;
  int asked = 0;
  REQUIRE(poll_until(*port, heard, [&] {
    if (++asked % 40 == 1) port->pull(publisher::signal, {28, 10});
    return !heard.heads.empty();
  }));
  CHECK(std::vector<std::uint64_t>(heard.pulls.begin(), heard.pulls.begin() + 3) == std::vector<std::uint64_t>{28, 29, 30});
  CHECK(heard.pulls.size() == 3 * heard.heads.size());
  for (const std::uint64_t head : heard.heads) CHECK(head == 30);
}

TEST_CASE("a journal that cannot be read is told once, with the place, and nothing behind the damage is answered") {
  const temporary_directory sockets, files;
  auto writer = journal::writer::open(files.path(), publisher::signal, 1, {});
  REQUIRE(writer);
  for (std::uint64_t i = 1; i <= 50; ++i) {
    REQUIRE(writer->append(80, 5, wire::encode(record_at(i)), false));
    REQUIRE(writer->commit());
  }
  std::mutex guard;
  std::vector<std::string> told;
  auto server = bus::pull_server::start({sockets.path(), publisher::signal, files.path(), writer->finished(), [&](const error& damage) {
    const std::scoped_lock lock(guard);
    told.push_back(damage.text);
  }});
  REQUIRE(server);
  const std::string segment = "00000000000000000001.journal";
  std::fstream(files.path() + "/" + segment, std::ios::in | std::ios::out | std::ios::binary).seekp(1500) << "not what was written";
  auto port = bus::port::open({.directory = sockets.path(), .self = publisher::recorder, .upstream = {publisher::signal}, .push = false});
  REQUIRE(port);
  listener heard;
  int asked = 0;
  CHECK(poll_until(*port, heard, [&] {
    if (++asked % 10 == 1) port->pull(publisher::signal, {1, 50});
    const std::scoped_lock lock(guard);
    return asked > 50 && !told.empty();
  }));
  for (const std::uint64_t position : heard.pulls) CHECK(position < 30);
  REQUIRE(told.size() == 1);
  CHECK(told.front().find(segment) != std::string::npos);
}

TEST_CASE("a socket directory that is too long is refused in words") {
  const auto where = bus::endpoints_of("/tmp/" + std::string(100, 'x'), publisher::gateway);
  REQUIRE_FALSE(where);
  CHECK(where.error().text.find("bus.directory") != std::string::npos);
}

TEST_CASE("K1: whoever runs another version or with other settings is told from the rest, and taken for nothing else") {
  const temporary_directory place;
  auto old_binary = bus::port::open({.directory = place.path(), .self = publisher::signal, .upstream = {}, .identity = 7});
  auto follower_port = bus::port::open({.directory = place.path(), .self = publisher::risk, .upstream = {publisher::signal}, .identity = 8});
  REQUIRE(old_binary);
  REQUIRE(follower_port);
  listener heard;
  const auto say = [&](std::uint64_t identity) {
    const proto::record beat{{publisher::signal, 3, 0}, {}, {}, 0, {}, beacon{1, {}, std::nullopt, false, identity}};
    old_binary->publish("signal.beacon", wire::encode(beat));
  };
  REQUIRE(poll_until(*follower_port, heard, [&] {
    say(old_binary->identity());
    return !heard.strangers.empty();
  }));
  CHECK(heard.strangers.front() == publisher::signal);
  CHECK(heard.beacons.empty());
  REQUIRE(poll_until(*follower_port, heard, [&] {
    say(8);
    return !heard.beacons.empty();
  }));
}
