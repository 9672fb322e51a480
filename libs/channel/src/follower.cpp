#include "remora/channel/follower.hpp"

#include <algorithm>
#include <utility>

namespace remora::channel {

bool follower::admit(const place& at) noexcept {
  if (at.epoch < epoch_) {
    ++counts_.zombies;
    return false;
  }
  epoch_ = at.epoch;
  return true;
}

void follower::deliver(proto::record record, std::vector<proto::record>& ready) {
  ++next_;
  ready.push_back(std::move(record));
}

void follower::release_held(std::vector<proto::record>& ready) {
  while (!held_.empty() && held_.begin()->first <= next_) {
    auto first = held_.extract(held_.begin());
    if (first.key() == next_) deliver(std::move(first.mapped()), ready);
  }
}

void follower::push(proto::record record, std::vector<proto::record>& ready) {
  if (!admit(record.at)) return;
  const std::uint64_t position = record.at.position;
  head_ = std::max(head_, position);
  if (position < next_) {
    ++counts_.duplicates;
  } else if (position == next_) {
    deliver(std::move(record), ready);
    release_held(ready);
  } else if (held_.size() < held_max) {
    if (held_.empty()) ++counts_.gaps;
    held_.emplace(position, std::move(record));
  } else {
    ++counts_.dropped_beyond_gap;
  }
}

void follower::pulled(pull_answer answer, std::vector<proto::record>& ready) {
  head_ = std::max(head_, answer.head);
  // Asked for what follows the records we have, a publisher that does not have these itself has lost them.
  if (answer.head + 1 < answer.from) forked_ = true;
  const std::uint64_t before = next_;
  for (proto::record& record : answer.records) {
    // Pulled history keeps the epochs it was written in: only a push can be a zombie's.
    epoch_ = std::max(epoch_, record.at.epoch);
    if (record.at.position == next_) deliver(std::move(record), ready);
    else ++counts_.duplicates;
  }
  release_held(ready);
  if (next_ > before) asked_at_ms_ = -1;  // an answer that brings nothing is not asked for again at once
}

void follower::heard(std::uint64_t epoch, std::uint64_t head) noexcept {
  if (epoch < epoch_) {
    ++counts_.zombies;
    return;
  }
  // Within an epoch a lower head is merely old: it was overtaken by an answer to a pull.
  if (epoch > epoch_ && head + 1 < next_) forked_ = true;
  epoch_ = epoch;
  head_ = std::max(head_, head);
}

std::optional<pull_request> follower::wanted(std::int64_t now_ms) noexcept {
  const std::uint64_t known = held_.empty() ? head_ : held_.begin()->first - 1;
  if (known < next_) return std::nullopt;
  if (asked_at_ms_ >= 0 && now_ms - asked_at_ms_ < retry_ms) return std::nullopt;
  asked_at_ms_ = now_ms;
  ++counts_.pulls;
  return pull_request{next_, static_cast<std::uint32_t>(std::min<std::uint64_t>(known - next_ + 1, credit_max))};
}

}  // namespace remora::channel
