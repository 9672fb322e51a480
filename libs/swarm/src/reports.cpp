#include "remora/swarm/swarm_engine.hpp"

#include "remora/swarm/client_id.hpp"

/// What comes back from the venue to swarm_engine, and what is concluded where it is silent.
namespace remora {
namespace {

using swarm::child;
using swarm::parent;

quantity signed_size(side direction, quantity size) { return direction == side::buy ? size : -size; }

}  // namespace

void swarm_engine::on(const execution_reported& message, const context& ctx, outputs_type& out) {
  const answer to{ctx.now, ctx.from, out};
  const auto key = swarm::decode(message.id);
  if (!key || key->journal != settings_.journal_id) return;
  const auto found = parents_.find(key->parent);
  if (found == parents_.end()) return book_orphan(key->parent, message, to);
  parent& p = found->second;
  if (const auto ended = p.ended().find(key->child); ended != p.ended().end()) return book_late(p, ended->second, message, to);
  const auto live = p.live().find(key->child);
  if (live == p.live().end()) return;
  const auto news = live->second.apply(message);
  if (news.new_fill) book(p, message, nullptr, to);
  if (news.changed) to.emit(update_of(live->second, message.reason));
  settle(p, key->child, to);
  advance(key->parent, to);
}

void swarm_engine::book(parent& p, const execution_reported& report, const swarm::ended_child* late, const answer& to) {
  const auto& order = p.order();
  if (!ledgers_[order.instrument].take(report.fill_id)) return;
  const auto notional = notional_of(markets_.find(order.instrument)->second.what, report.last_price, report.last_size);
  const amount worth = notional ? absolute(*notional) : amount{};
  const swarm::paid fill{report.last_price, report.last_size};
  if (late != nullptr) p.book_late(*late, fill, worth, report.fee);
  else p.book(fill, worth, report.fee);
  tell_fill(order.id, report, to);
}

/// The venue filled what we held for over. It is booked like any other, its lots are not bought twice, and the account is asked for.
void swarm_engine::book_late(parent& p, swarm::ended_child& ended, const execution_reported& report, const answer& to) {
  const auto news = ended.order.apply(report);
  if (!news.new_fill) return;
  book(p, report, &ended, to);
  to.emit(update_of(ended.order, "a fill came after its end"));
  cancel_unwanted(p, "as much was filled late", to);
  suspect(to);
  advance(p.order().id, to);
}

/// A fill of a parent that is gone: told once, by the venue's id.
void swarm_engine::book_orphan(parent_id id, const execution_reported& report, const answer& to) {
  if (report.last_size.lots <= 0 || id > last_parent_ || !markets_.contains(report.instrument)) return;
  if (!ledgers_[report.instrument].take(report.fill_id)) return;
  tell_fill(id, report, to);
  suspect(to);
}

void swarm_engine::tell_fill(parent_id id, const execution_reported& report, const answer& to) {
  positions_[report.instrument] += signed_size(report.direction, report.last_size);
  to.emit(order_filled{report.fill_id, report.id, id, report.instrument, report.direction, report.last_price, report.last_size, report.fee,
                       report.role});
}

void swarm_engine::settle(parent& p, std::uint32_t number, const answer& to) {
  const child& order = p.live().find(number)->second;
  if (!order.settled()) return;
  if (order.state() == order_state::rejected) p.count_rejection();
  p.remove(number, true);
  if (p.rejected() >= settings_.max_rejections) stop(p, "the venue refuses its orders", to);
}

/// Something happened that should not have: the account tells whether all is known.
void swarm_engine::suspect(const answer& to) {
  if (to.now >= requested_at_ + settings_.doubt_after) request_account(to);
}

void swarm_engine::on(const funding_reported& message, const context& ctx, outputs_type& out) {
  std::uint64_t& last = funding_[message.instrument];
  if (message.funding_id <= last) return;
  last = message.funding_id;
  out.emit(funding_charged(message), ctx.from);
}

void swarm_engine::on(const account_reported& message, const context& ctx, outputs_type& out) {
  if (message.request == 0 || message.request > request_) return;
  const answer to{ctx.now, ctx.from, out};
  const auto found = swarm::differences(message, {settings_.journal_id, parents_, positions_});
  if (message.request == request_) judge_account(message, found, to);
  resolve_doubt(message, found, to);  // an older answer proves as much of the children that left before its request
}

void swarm_engine::judge_account(const account_reported& message, const std::vector<swarm::difference>& found, const answer& to) {
  account_reconciled outcome{message.request, found.empty(), {}};
  for (const swarm::difference& each : found) outcome.differences.push_back(each.text);
  to.emit(std::move(outcome));
  if (found.empty()) {
    reconciling_ = false;
    return;
  }
  halted_ = true;
  stop_entries("the venue's account differs from ours", to);
}

/// What is in doubt and provably never reached the venue is over. Its lots are not sent again.
void swarm_engine::resolve_doubt(const account_reported& account, const std::vector<swarm::difference>& disputed, const answer& to) {
  const auto lost = swarm::never_taken(account, parents_, disputed, to.now - settings_.lost_after);
  for (const auto& [id, number] : lost) {
    parent& p = parents_.find(id)->second;
    child& order = p.live().find(number)->second;
    order.give_up();
    to.emit(update_of(order, "the venue never took it"));
    p.remove(number, false);
  }
  for (const auto& [id, number] : lost) {
    if (parents_.contains(id)) advance(id, to);
  }
}

}  // namespace remora
