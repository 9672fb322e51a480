#include "remora/channel/arrival_order.hpp"

#include <algorithm>
#include <utility>

namespace remora::channel {

void arrival_order::follow_script(std::vector<input_run> runs) { script_.insert(script_.end(), runs.begin(), runs.end()); }

void arrival_order::arrived(proto::record record) {
  const publisher who = record.at.who;
  by_publisher_[index_of(who)].push_back(std::move(record));
  arrivals_.push_back(who);
}

/// The places it had in the order before are passed over then.
void arrival_order::hurry(publisher who) { arrivals_.insert(arrivals_.begin(), by_publisher_[index_of(who)].size(), who); }

step arrival_order::taken(proto::record record) {
  now_ = std::max(now_, record.event_time);
  return input_step{std::move(record), now_};
}

std::optional<step> arrival_order::next_of_script() {
  input_run& run = script_.front();
  if (run.who == publisher::none) {
    now_ = std::max(now_, run.now);
    script_.pop_front();
    return timer_step{now_};
  }
  auto& records = by_publisher_[index_of(run.who)];
  while (!records.empty() && records.front().at.position < run.first) records.pop_front();
  if (records.empty()) return std::nullopt;
  proto::record record = std::move(records.front());
  records.pop_front();
  ++run.first;
  if (--run.count == 0) script_.pop_front();
  return taken(std::move(record));
}

std::optional<step> arrival_order::next() {
  if (!script_.empty()) return next_of_script();
  while (!arrivals_.empty()) {
    auto& records = by_publisher_[index_of(arrivals_.front())];
    arrivals_.pop_front();
    if (records.empty()) continue;  // was taken by the script
    proto::record record = std::move(records.front());
    records.pop_front();
    return taken(std::move(record));
  }
  return std::nullopt;
}

}  // namespace remora::channel
