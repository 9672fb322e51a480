#include "remora/market/book_sync.hpp"

#include <iterator>
#include <utility>

namespace remora {

sync_rule rule_of(venue where) noexcept {
  switch (where) {
    case venue::binance_usdm:
    case venue::binance_coinm: return sync_rule::chained;
    case venue::coinbase:
    case venue::dydx: return sync_rule::ordered;
    case venue::none:
    case venue::binance_spot:
    case venue::simulated: break;
  }
  return sync_rule::consecutive;
}

bool book_sync::stale(const depth_update& update) const noexcept {
  // Futures accept an update that ends at the snapshot's id as the first one.
  if (rule_ == sync_rule::chained && state_ == state::bridging) return update.update_id < last_id_;
  return update.update_id <= last_id_;
}

bool book_sync::follows(const depth_update& update) const noexcept {
  if (rule_ == sync_rule::ordered) return true;
  const bool touches = update.first_update_id == 0 || update.first_update_id - 1 <= last_id_;
  if (rule_ == sync_rule::consecutive || !update.previous_update_id) return touches;
  // The ids between `pu` and `U` are other instruments', so a snapshot taken between the two is followed as well.
  return state_ == state::bridging ? *update.previous_update_id <= last_id_ : *update.previous_update_id == last_id_;
}

sync_verdict book_sync::judge(const depth_update& update) noexcept {
  if (stale(update)) {
    ++counters_.ignored;
    return sync_verdict::ignore;
  }
  if (!follows(update)) return sync_verdict::gap;
  if (state_ == state::bridging) ++counters_.bridged;
  state_ = state::in_step;
  last_id_ = update.update_id;
  ++counters_.applied;
  return sync_verdict::apply;
}

sync_verdict book_sync::take(const depth_update& update) {
  if (state_ == state::waiting) {
    keep(update);
    return sync_verdict::buffered;
  }
  sync_verdict verdict = judge(update);
  if (verdict == sync_verdict::apply) ignored_.clear();
  if (verdict == sync_verdict::ignore && ignored_.add(update.update_id, ignored_max)) verdict = sync_verdict::gap;
  if (verdict == sync_verdict::gap) {
    ++counters_.gaps;
    reset();
    keep(update);
  }
  return verdict;
}

snapshot_answer book_sync::take(const depth_snapshot& snapshot) {
  const bool replaces = rule_ == sync_rule::ordered || state_ == state::waiting ||
                        (state_ == state::bridging && snapshot.update_id > last_id_);
  if (!replaces) return {};

  const sync_counters before = counters_;
  std::deque<depth_update> pending = std::exchange(buffer_, {});
  snapshot_answer answer{snapshot_verdict::adopted, {}};
  state_ = state::bridging;
  last_id_ = snapshot.update_id;
  for (auto update = pending.begin(); update != pending.end(); ++update) {
    const sync_verdict verdict = judge(*update);
    if (verdict == sync_verdict::apply) answer.updates.push_back(std::move(*update));
    if (verdict != sync_verdict::gap) continue;
    counters_ = before;
    if (!answer.updates.empty()) ++counters_.gaps;  // a hole among the buffered ones, not just an old snapshot
    reset();
    buffer_.assign(std::make_move_iterator(update), std::make_move_iterator(pending.end()));
    return {snapshot_verdict::unlinked, {}};
  }
  if (rule_ == sync_rule::ordered && state_ == state::bridging) {
    state_ = state::in_step;
    ++counters_.bridged;
  }
  return answer;
}

void book_sync::book_crossed() noexcept {
  ++counters_.crossed;
  reset();
}

void book_sync::reset() noexcept {
  state_ = state::waiting;
  last_id_ = 0;
  ignored_.clear();
  buffer_.clear();
}

void book_sync::keep(const depth_update& update) {
  if (buffer_.size() == buffer_max) {
    buffer_.pop_front();
    ++counters_.overflowed;
  }
  buffer_.push_back(update);
}

}  // namespace remora
