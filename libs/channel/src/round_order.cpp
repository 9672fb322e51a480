#include "remora/channel/round_order.hpp"

#include "remora/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace remora::channel {

round_order::round_order(std::vector<publisher> upstream, nanoseconds link) : link_(link) {
  REMORA_ASSERT(link > nanoseconds(0));
  std::sort(upstream.begin(), upstream.end());
  for (const publisher who : upstream) sources_.push_back({who, {}, 0});
}

void round_order::restore(std::uint64_t done, timestamp now) noexcept {
  round_ = done + 1;
  now_ = now;
  // What the others decided in round `done` takes effect in the next one: it must be heard before that is taken.
  for (source& from : sources_) from.rounds_known = from.who == publisher::gateway || done == 0 ? done : done - 1;
}

void round_order::arrived(proto::record record) {
  const auto from = std::find_if(sources_.begin(), sources_.end(), [&](const source& s) { return s.who == record.at.who; });
  REMORA_ASSERT(from != sources_.end());
  if (const auto* mark = std::get_if<round_closed>(&record.body)) {
    if (mark->index >= round_) closed_.push_back(*mark);
    from->rounds_known = std::max(from->rounds_known, mark->index);
  } else if (const auto* done = std::get_if<round_done>(&record.body)) {
    from->rounds_known = std::max(from->rounds_known, done->index);
  } else if (!proto::is_bookkeeping(record.body)) {
    from->records.push_back({std::move(record), from->rounds_known + 1});
  }
}

timestamp round_order::effective_time(const proto::record& record) const noexcept {
  return record.at.who == publisher::gateway ? record.event_time : record.event_time + link_;
}

bool round_order::round_is_known() const {
  return std::all_of(sources_.begin(), sources_.end(),
                     [&](const source& from) { return from.rounds_known >= (from.who == publisher::gateway ? round_ : round_ - 1); });
}

/// The source whose first record comes first: by effective time, then by publisher, as the sources are sorted.
round_order::source* round_order::earliest() {
  source* best = nullptr;
  for (source& from : sources_)
    if (!from.records.empty() && (best == nullptr || effective_time(from.records.front().record) < effective_time(best->records.front().record))) best = &from;
  return best;
}

std::optional<step> round_order::next(std::optional<timestamp> next_wake) {
  if (closed_.empty() || closed_.front().index != round_ || !round_is_known()) return std::nullopt;
  const timestamp until = closed_.front().until;
  source* const from = earliest();
  const timestamp input_time = from != nullptr ? effective_time(from->records.front().record) : never;
  if (next_wake && *next_wake < until && *next_wake <= input_time) {
    now_ = std::max(now_, *next_wake);
    return timer_step{now_};
  }
  if (input_time < until) {
    proto::record record = std::move(from->records.front().record);
    from->records.pop_front();
    now_ = std::max(now_, input_time);
    return input_step{std::move(record), now_};
  }
  closed_.pop_front();
  return round_step{round_++, until};
}

std::optional<timestamp> round_order::earliest_waiting() const {
  const std::uint64_t finished = round_ - 1;
  std::optional<timestamp> first;
  for (const source& from : sources_) {
    if (from.records.empty() || from.records.front().round >= finished) continue;
    const timestamp at = effective_time(from.records.front().record);
    if (!first || at < *first) first = at;
  }
  return first;
}

}  // namespace remora::channel
