#include "remora/sim/world.hpp"

#include <algorithm>
#include <utility>

namespace remora::sim {
namespace {

std::vector<publisher> names_of(const std::vector<member>& members) {
  std::vector<publisher> names;
  for (const member& each : members) names.push_back(each.who);
  return names;
}

}  // namespace

world::world(std::vector<member> members, nanoseconds round) : round_(round), clock_(names_of(members), round) {
  for (member& each : members) {
    channel::round_order order(each.upstream, round);
    seats_.push_back({std::move(each), std::move(order), 0});
  }
}

void world::publish(proto::record record, const observer& observe) {
  observe(record);
  for (seat& other : seats_)
    if (std::find(other.part.upstream.begin(), other.part.upstream.end(), record.at.who) != other.part.upstream.end()) other.order.arrived(record);
}

/// GATEWAY's word.
void world::state(proto::body body, timestamp seen_time, const observer& observe) {
  publish({{publisher::gateway, 1, ++gateway_position_}, event_time_, seen_time, 0, {}, std::move(body)}, observe);
}

void world::feel(source_reader& source, const proto::record& record, const observer& observe) {
  const auto* report = std::get_if<execution_reported>(&record.body);
  const auto taken = report != nullptr ? taken_by(*report, record.event_time + round_) : std::nullopt;
  if (taken && source.feel(*taken)) state(trade_felt{*taken, record.at, source_line_}, event_time_, observe);
}

void world::release(source_reader& source, const round_closed& round, const observer& observe) {
  for (auto at = source.next_time(); at && *at < round.until; at = source.next_time()) {
    auto batch = source.next();
    event_time_ = std::max(event_time_, batch->event_time);
    source_line_ = batch->so_far.lines;
    for (market_message& message : batch->messages)
      state(std::visit([](auto& m) { return proto::body(std::move(m)); }, message), batch->seen_time, observe);
  }
  event_time_ = std::max(event_time_, round.until);
  state(round_closed{round.index, round.until, source_line_}, event_time_, observe);
}

void world::play_round(seat& at, source_reader& source, const observer& observe) {
  std::vector<channel::draft> drafts;
  std::optional<timestamp> first_output;
  timestamp now{};
  while (auto step = at.order.next(at.part.node->next_wake())) {
    if (const auto* done = std::get_if<channel::round_step>(&*step)) {
      std::optional<timestamp> wake = at.part.node->next_wake();
      const auto sooner = [&](std::optional<timestamp> other) {
        if (other && (!wake || *other < *wake)) wake = other;
      };
      sooner(at.order.earliest_waiting());
      if (first_output) sooner(*first_output + round_);
      publish({{at.part.who, 1, ++at.position}, now, now, 0, {}, round_done{done->index, wake}}, observe);
      clock_.done(at.part.who, {done->index, wake});
      return;
    }
    if (const auto* input = std::get_if<channel::input_step>(&*step)) {
      now = input->now;
      at.part.node->take(input->record, input->now, drafts);
    } else {
      now = std::get<channel::timer_step>(*step).now;
      at.part.node->wake(now, drafts);
    }
    for (channel::draft& draft : drafts) {
      if (!first_output) first_output = draft.event_time;
      const proto::record record{{at.part.who, 1, ++at.position}, draft.event_time, draft.event_time, 0, draft.from.cause, std::move(draft.body)};
      publish(record, observe);
      feel(source, record, observe);
    }
    drafts.clear();
  }
}

std::uint64_t world::run(market_source& source, const observer& observe) {
  source_reader reader(source);
  while (const auto round = clock_.open(reader.next_time())) {
    release(reader, *round, observe);
    for (seat& each : seats_) play_round(each, reader, observe);
  }
  return clock_.round();
}

}  // namespace remora::sim
