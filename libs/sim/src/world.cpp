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

void world::release(market_source& source, const round_closed& round, const observer& observe) {
  while (next_ && next_->event_time < round.until) {
    event_time_ = std::max(event_time_, next_->event_time);
    for (market_message& message : next_->messages)
      publish({{publisher::gateway, 1, ++gateway_position_}, event_time_, next_->seen_time, 0, {},
               std::visit([](auto& m) { return proto::body(std::move(m)); }, message)},
              observe);
    next_ = source.next();
  }
  event_time_ = std::max(event_time_, round.until);
  publish({{publisher::gateway, 1, ++gateway_position_}, event_time_, event_time_, 0, {}, round}, observe);
}

void world::play_round(seat& at, const observer& observe) {
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
      publish({{at.part.who, 1, ++at.position}, draft.event_time, draft.event_time, 0, draft.from.cause, std::move(draft.body)}, observe);
    }
    drafts.clear();
  }
}

std::uint64_t world::run(market_source& source, const observer& observe) {
  next_ = source.next();
  while (const auto round = clock_.open(next_ ? std::optional(next_->event_time) : std::nullopt)) {
    release(source, *round, observe);
    for (seat& each : seats_) play_round(each, observe);
  }
  return clock_.round();
}

}  // namespace remora::sim
