#include "temporary_directory.hpp"

#include "remora/journal/reader.hpp"
#include "remora/service/engine_core.hpp"
#include "remora/wire/wire.hpp"

#include <doctest/doctest.h>
#include <thread>

using namespace remora;

namespace {

/// An engine that only remembers what it was given.
struct witness final : channel::node {
  explicit witness(std::vector<place>& into) : taken(into) {}
  void take(const proto::record& input, timestamp, std::vector<channel::draft>&) override {
    if (input.at.who != publisher::risk || std::holds_alternative<operator_commanded>(input.body)) taken.push_back(input.at);
  }
  void wake(timestamp, std::vector<channel::draft>&) override {}
  [[nodiscard]] std::optional<timestamp> next_wake() const override { return std::nullopt; }
  [[nodiscard]] bool at_rest() const override { return true; }
  [[nodiscard]] std::string save() const override { return {}; }
  [[nodiscard]] bool load(std::string_view) override { return true; }

  std::vector<place>& taken;
};

/// An engine that uses no input, and denies whoever asks; two inputs were refused before it was saved.
struct refuser final : channel::node {
  void take(const proto::record& input, timestamp now, std::vector<channel::draft>& drafts) override {
    if (input.at.who == publisher::risk) return;
    ++refused_;
    parent_denied denied;
    denied.rule = "max_leverage";
    candidate_weighed weighed;
    weighed.result = weighing::below_floor;
    drafts.push_back({denied, now, {}});
    drafts.push_back({weighed, now, {}});
    weighed.result = weighing::whale;
    drafts.push_back({weighed, now, {}});
  }
  void wake(timestamp, std::vector<channel::draft>&) override {}
  [[nodiscard]] std::optional<timestamp> next_wake() const override { return std::nullopt; }
  [[nodiscard]] bool at_rest() const override { return true; }
  [[nodiscard]] std::uint64_t refused() const override { return refused_; }
  [[nodiscard]] std::string save() const override { return {}; }
  [[nodiscard]] bool load(std::string_view) override { return true; }

  std::uint64_t refused_ = 2;
};

/// RISK between GATEWAY and SIGNAL, with a journal and sockets of its own, as after a start.
struct risk_core {
  explicit risk_core(const temporary_directory& where, std::unique_ptr<channel::node> engine = nullptr)
      : directory(where.path()), opened(bus::port::open({.directory = directory, .self = publisher::risk, .upstream = {}})) {
    REQUIRE(opened);
    auto writer = journal::writer::open(directory + "/journal", publisher::risk, 1, {});
    REQUIRE(writer);
    service::engine_options options;
    options.self = publisher::risk;
    options.upstream = {publisher::gateway, publisher::signal};
    options.journal_directory = directory + "/journal";
    options.commands = &desk;
    auto made = service::engine_core::open(options, engine ? std::move(engine) : std::make_unique<witness>(taken), std::move(*writer), *opened, measured);
    REQUIRE(made);
    core = std::move(*made);
  }

  /// One record of each publisher in turn: every one is a run of its own.
  void push_in_turn(std::uint64_t positions) const {
    for (std::uint64_t i = 1; i <= positions; ++i)
      for (const publisher who : {publisher::signal, publisher::gateway}) core->pushed({{who, 1, i}, timestamp_of(5), timestamp_of(5), 0, {}, trade_seen{}});
  }

  std::string directory;
  std::vector<place> taken;
  service::metrics measured{publisher::risk};
  service::command_desk desk{[] {}};
  expected<bus::port> opened;
  std::unique_ptr<service::engine_core> core;
};

std::vector<std::size_t> journaled_runs(const std::string& journal) {
  std::vector<std::size_t> counts;
  auto reader = journal::reader::open(journal);
  REQUIRE(reader);
  REQUIRE(reader->for_each(1, [&](const journal::entry& entry) {
    const auto record = wire::decode(entry.body);
    REQUIRE(record);
    if (const auto* inputs = std::get_if<inputs_taken>(&record->body)) counts.push_back(inputs->runs.size());
    return true;
  }));
  return counts;
}

}  // namespace

TEST_CASE("a backlog that alternates between publishers is journaled in pieces, and taken again in the same order") {
  const temporary_directory place_of_run;
  constexpr std::uint64_t positions = 15'000;
  std::vector<place> first;
  {
    risk_core risk(place_of_run);
    risk.push_in_turn(positions);
    REQUIRE(risk.core->work());
    first = risk.taken;
  }
  CHECK(first.size() == 2 * positions);
  const auto runs = journaled_runs(place_of_run.path() + "/journal");
  CHECK(runs.size() > 5);
  for (const std::size_t count : runs) CHECK(count <= 4096);

  risk_core again(place_of_run);
  CHECK(again.core->replaying());
  // All of one publisher first: the script decides, not the arrival.
  for (const publisher who : {publisher::gateway, publisher::signal})
    for (std::uint64_t i = 1; i <= positions; ++i) again.core->pushed({{who, 1, i}, timestamp_of(5), timestamp_of(5), 0, {}, trade_seen{}});
  REQUIRE(again.core->work());
  CHECK(again.taken == first);
  CHECK_FALSE(again.core->replaying());
  CHECK(again.core->caught_up());
}

TEST_CASE("an engine whose script waits for one publisher does not take in the other without end") {
  const temporary_directory place_of_run;
  {
    risk_core risk(place_of_run);
    risk.push_in_turn(1);
    REQUIRE(risk.core->work());
  }
  risk_core again(place_of_run);
  constexpr std::uint64_t many = channel::arrival_order::waiting_max + 1000;
  for (std::uint64_t i = 1; i <= many; ++i) again.core->pushed({{publisher::gateway, 1, i}, timestamp_of(5), timestamp_of(5), 0, {}, trade_seen{}});
  again.core->heard(publisher::gateway, 1, {many, {}, {}, false});
  REQUIRE(again.core->work());
  CHECK(again.taken.empty());
  CHECK_FALSE(again.core->caught_up());
  again.core->pushed({{publisher::signal, 1, 1}, timestamp_of(5), timestamp_of(5), 0, {}, trade_seen{}});
  REQUIRE(again.core->work());
  CHECK(again.taken.size() == 1 + channel::arrival_order::waiting_max);
  CHECK_FALSE(again.core->caught_up());  // what was left out is pulled
}

TEST_CASE("a person's command is durable before it is confirmed, stands before any backlog, and in the same place after a restart") {
  const temporary_directory place_of_run;
  constexpr std::uint64_t positions = 100;
  std::vector<place> first;
  {
    risk_core risk(place_of_run);
    risk.push_in_turn(positions);
    expected<place> confirmed = fail(errc::io, "");
    std::jthread person([&] { confirmed = risk.desk.submit({operator_action::halt, "ann", "enough"}, std::chrono::seconds(60)); });
    while (!risk.desk.waiting()) std::this_thread::yield();
    REQUIRE(risk.core->work());
    person.join();
    REQUIRE(confirmed);
    first = risk.taken;
    REQUIRE(first.size() == 2 * positions + 1);
    CHECK(first.front() == *confirmed);
  }
  risk_core again(place_of_run);
  again.push_in_turn(positions);
  REQUIRE(again.core->work());
  CHECK(again.taken == first);
}

TEST_CASE("what an engine refuses is counted by why: its inputs since this start, and the refusals it states") {
  const temporary_directory place_of_run;
  risk_core risk(place_of_run, std::make_unique<refuser>());
  risk.push_in_turn(3);
  REQUIRE(risk.core->work());
  risk.core->keep_up();
  const std::string text = risk.measured.text();
  CAPTURE(text);
  const auto says = [&](const std::string& line) { return text.find(line) != std::string::npos; };
  CHECK(says("remora_refusals_total{service=\"risk\",kind=\"unusable_input\"} 6\n"));
  CHECK(says("remora_refusals_total{service=\"risk\",kind=\"max_leverage\"} 6\n"));
  CHECK(says("remora_refusals_total{service=\"risk\",kind=\"below_floor\"} 6\n"));
  CHECK_FALSE(says("kind=\"whale\""));
}
