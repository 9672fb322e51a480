#include "remora/channel/arrival_order.hpp"
#include "remora/channel/expected_outputs.hpp"
#include "remora/channel/round_clock.hpp"
#include "remora/channel/round_order.hpp"

#include "remora/base/random.hpp"

#include <doctest/doctest.h>

using namespace remora;
using channel::input_step;
using channel::round_step;
using channel::timer_step;

namespace {

constexpr nanoseconds hop_time = milliseconds(1);

timestamp at_ms(std::int64_t ms) { return timestamp(milliseconds(ms)); }

proto::record record_of(publisher who, std::uint64_t position, timestamp when, proto::body body = trade_seen{}) {
  return {{who, 1, position}, when, when, 0, {}, std::move(body)};
}

/// Steps until nothing is possible, as short texts.
std::vector<std::string> steps_of(channel::round_order& order, std::optional<timestamp> wake = std::nullopt) {
  std::vector<std::string> texts;
  while (auto step = order.next(wake)) {
    if (const auto* input = std::get_if<input_step>(&*step))
      texts.push_back(std::string(name_of(input->record.at.who)) + std::to_string(input->record.at.position));
    else if (std::holds_alternative<timer_step>(*step)) texts.emplace_back("timer"), wake.reset();
    else texts.push_back("round" + std::to_string(std::get<round_step>(*step).index));
  }
  return texts;
}

}  // namespace

TEST_CASE("a round is taken when the gateway has closed it and everybody has reported the one before") {
  using enum publisher;
  channel::round_order order({gateway, signal}, hop_time);
  order.arrived(record_of(gateway, 1, at_ms(10)));
  CHECK(steps_of(order).empty());
  order.arrived(record_of(gateway, 2, at_ms(11), round_closed{1, at_ms(11), 1}));
  CHECK(steps_of(order) == std::vector<std::string>{"gateway1", "round1"});
  order.arrived(record_of(gateway, 3, at_ms(12)));
  order.arrived(record_of(gateway, 4, at_ms(13), round_closed{2, at_ms(13), 2}));
  CHECK(steps_of(order).empty());
  order.arrived(record_of(signal, 1, at_ms(10), signal_raised{}));
  order.arrived(record_of(signal, 2, at_ms(11), round_done{1, std::nullopt}));
  CHECK(steps_of(order) == std::vector<std::string>{"signal1", "gateway3", "round2"});
}

TEST_CASE("timers run before inputs of the same time, and not beyond the round") {
  using enum publisher;
  channel::round_order order({gateway}, hop_time);
  order.arrived(record_of(gateway, 1, at_ms(10)));
  order.arrived(record_of(gateway, 2, at_ms(11), round_closed{1, at_ms(11), 1}));
  CHECK(steps_of(order, at_ms(10)) == std::vector<std::string>{"timer", "gateway1", "round1"});
  order.arrived(record_of(gateway, 3, at_ms(12), round_closed{2, at_ms(12), 1}));
  CHECK(steps_of(order, at_ms(12)) == std::vector<std::string>{"round2"});
}

TEST_CASE("the order of a round does not depend on the order of arrival") {
  using enum publisher;
  std::vector<proto::record> gateway_records, signal_records, execution_records;
  for (std::uint64_t i = 1; i <= 20; ++i) gateway_records.push_back(record_of(gateway, i, at_ms(100 + static_cast<std::int64_t>(i / 4))));
  gateway_records.push_back(record_of(gateway, 21, at_ms(106), round_closed{1, at_ms(106), 1}));
  for (std::uint64_t i = 1; i <= 10; ++i) {
    signal_records.push_back(record_of(signal, i, at_ms(99 + static_cast<std::int64_t>(i / 2))));
    execution_records.push_back(record_of(execution, i, at_ms(99 + static_cast<std::int64_t>(i / 3))));
  }
  std::vector<std::string> reference;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    philox random(seed);
    std::array<std::deque<proto::record>, 3> queues = {std::deque<proto::record>(gateway_records.begin(), gateway_records.end()),
                                                       std::deque<proto::record>(signal_records.begin(), signal_records.end()),
                                                       std::deque<proto::record>(execution_records.begin(), execution_records.end())};
    channel::round_order order({gateway, signal, execution}, hop_time);
    while (!queues[0].empty() || !queues[1].empty() || !queues[2].empty()) {
      auto& queue = queues[random.below(3)];
      if (queue.empty()) continue;
      order.arrived(queue.front());
      queue.pop_front();
    }
    const auto steps = steps_of(order);
    if (reference.empty()) reference = steps;
    CHECK(steps == reference);
  }
  CHECK(reference.size() == 41);
}

TEST_CASE("what waits beyond a round is reported only once its author's round is over") {
  using enum publisher;
  channel::round_order order({gateway, signal}, hop_time);
  order.arrived(record_of(gateway, 1, at_ms(10), round_closed{1, at_ms(10), 1}));
  order.arrived(record_of(signal, 1, at_ms(10), signal_raised{}));  // of round 1, arrived early
  CHECK(steps_of(order) == std::vector<std::string>{"round1"});
  CHECK_FALSE(order.earliest_waiting());
}

TEST_CASE("the round clock opens a round at the earliest of market and timers, one span long, and settles when nothing is left") {
  channel::round_clock clock({publisher::signal, publisher::risk}, hop_time);
  REQUIRE(clock.ready());
  const auto first = clock.open(at_ms(5));
  REQUIRE(first);
  CHECK(first->index == 1);
  CHECK(first->until == at_ms(6));
  CHECK_FALSE(clock.ready());
  clock.done(publisher::signal, {1, std::nullopt});
  clock.done(publisher::risk, {1, at_ms(9)});
  REQUIRE(clock.ready());
  CHECK(clock.open(at_ms(50))->until == at_ms(10));
  clock.done(publisher::signal, {2, std::nullopt});
  clock.done(publisher::risk, {2, std::nullopt});
  CHECK_FALSE(clock.open(std::nullopt));
}

TEST_CASE("arrivals are taken as they come, time never running backwards") {
  using enum publisher;
  channel::arrival_order order;
  order.arrived(record_of(gateway, 1, at_ms(10)));
  order.arrived(record_of(risk, 1, at_ms(9)));
  CHECK(std::get<input_step>(*order.next()).now == at_ms(10));
  CHECK(std::get<input_step>(*order.next()).now == at_ms(10));
  CHECK_FALSE(order.next());
  CHECK(order.timer(at_ms(7)) == at_ms(10));
}

TEST_CASE("a script leads through the same inputs again, whatever arrives first") {
  using enum publisher;
  channel::arrival_order order;
  order.follow_script({{risk, 1, 1, at_ms(1)}, {gateway, 1, 2, at_ms(2)}, {none, 0, 1, at_ms(5)}, {risk, 3, 1, at_ms(6)}});
  order.arrived(record_of(gateway, 1, at_ms(2)));
  CHECK_FALSE(order.next());
  order.arrived(record_of(risk, 1, at_ms(1)));
  order.arrived(record_of(risk, 3, at_ms(6)));
  order.arrived(record_of(gateway, 2, at_ms(3)));
  order.arrived(record_of(gateway, 3, at_ms(7)));
  std::vector<std::uint64_t> positions;
  bool timer = false;
  while (auto step = order.next()) {
    if (const auto* input = std::get_if<input_step>(&*step)) positions.push_back(input->record.at.position);
    else timer = std::get<timer_step>(*step).now == at_ms(5);
  }
  CHECK(timer);
  CHECK(positions == std::vector<std::uint64_t>{1, 1, 2, 3, 3});
  CHECK_FALSE(order.replaying());
}

TEST_CASE("decisions that come out as the journal holds them are recognised, others are called by name") {
  channel::expected_outputs known;
  known.expect(record_of(publisher::risk, 8, at_ms(4), parent_accepted{parent_id{3}, 10}));
  known.expect(record_of(publisher::risk, 9, at_ms(5), parent_accepted{parent_id{4}, 10}));
  CHECK(known.recognise(parent_accepted{parent_id{3}, 10}, at_ms(4)) == true);
  const auto other = known.recognise(parent_accepted{parent_id{4}, 11}, at_ms(5));
  REQUIRE_FALSE(other);
  CHECK(other.error().text.find("risk:9") != std::string::npos);
  channel::expected_outputs nothing;
  CHECK(nothing.recognise(parent_accepted{parent_id{3}, 10}, at_ms(4)) == false);
}
