#include "remora/swarm/swarm_engine.hpp"

#include "remora/base/assert.hpp"
#include "remora/swarm/client_id.hpp"

#include <algorithm>

namespace remora {
namespace {

using swarm::child;
using swarm::parent;

/// What a timer's outputs come from: the market record of the parent, without a receive time.
origin origin_of(const parent& p) { return {p.cause(), 0}; }

}  // namespace

swarm_engine::swarm_engine(swarm_settings settings) : settings_(std::move(settings)) {
  REMORA_ASSERT(swarm::is_journal_id(settings_.journal_id));
  REMORA_ASSERT(settings_.min_orders >= 1 && settings_.min_orders <= settings_.max_orders && settings_.max_orders < 1 << 14);
  REMORA_ASSERT(settings_.participation > 0 && settings_.participation <= 0.1);
}

void swarm_engine::on(const instrument_listed& message, const context&, outputs_type&) { markets_[message.what.id].what = message.what; }

void swarm_engine::on(const quote_seen& message, const context& ctx, outputs_type&) {
  const auto found = markets_.find(message.instrument);
  if (found != markets_.end()) found->second.on_quote(message, ctx.now);
}

void swarm_engine::on(const trade_seen& message, const context& ctx, outputs_type& out) {
  const auto found = markets_.find(message.instrument);
  if (found == markets_.end() || message.size.lots <= 0) return;
  found->second.on_trade(message, ctx.now);
  std::vector<std::pair<parent_id, origin>> due;
  for (auto& [id, p] : parents_) {
    if (p.order().instrument != message.instrument || !p.waits_for_volume()) continue;
    p.see_volume(message.size, ctx.now);
    if (p.next_wake() <= ctx.now) due.emplace_back(id, origin_of(p));
  }
  for (const auto& [id, from] : due) advance(id, {ctx.now, from, out});
}

void swarm_engine::on(const bar_closed& message, const context&, outputs_type&) {
  const auto found = markets_.find(message.instrument);
  if (found != markets_.end()) found->second.profile.learn(message);
}

void swarm_engine::on(const feed_changed& message, const context&, outputs_type&) {
  const auto found = markets_.find(message.instrument);
  if (found != markets_.end()) found->second.feed = message.state;
}

void swarm_engine::on(const stream_ended&, const context& ctx, outputs_type& out) {
  ended_ = true;
  stop_entries("the market data ended", {ctx.now, ctx.from, out});
}

void swarm_engine::on(const parent_ordered& message, const context& ctx, outputs_type& out) {
  if (message.id <= last_parent_) return;
  last_parent_ = message.id;
  risk_epoch_ = std::max(risk_epoch_, message.granted.epoch);
  const answer to{ctx.now, ctx.from, out};
  parent& p = parents_.emplace(message.id, parent(message, ctx.from.cause, ctx.now)).first->second;
  if (auto why = refusal(p)) p.stop(std::move(*why));
  else plan(p, markets_.find(message.instrument)->second, ctx.now);
  to.emit(parent_accepted{message.id, static_cast<std::uint32_t>(p.scheduled().size())});
  advance(message.id, to);
}

/// Why nothing of a new parent will ever be sent.
std::optional<std::string> swarm_engine::refusal(const parent& p) const {
  if (!markets_.contains(p.order().instrument)) return "the instrument is not listed";
  if (p.order().granted.epoch < risk_epoch_) return "the grant is of an earlier epoch of RISK";
  if (p.exit()) return std::nullopt;
  if (halted_) return "the venue's account differs from ours";
  if (ended_) return "the market data ended";
  return std::nullopt;
}

void swarm_engine::plan(parent& p, const market_view& market, timestamp now) {
  const auto& order = p.order();
  // An exit must not wait for others to trade.
  const auto kind = p.exit() && settings_.planner == swarm::planner::pov ? swarm::planner::swarm : settings_.planner;
  const swarm::plan_request request{order.id, order.granted.size, order.urgency, order.reference, order.granted.reduce_only, now, &market.profile};
  const auto plan = swarm::plan_of(kind, request, market.what, settings_);
  p.arrive(market.mid(), market.deviation());
  p.schedule(kind, plan, now);
  if (plan.empty()) p.stop("it is smaller than the venue's smallest order");
}

void swarm_engine::on(const grant_revoked& message, const context& ctx, outputs_type& out) {
  const auto found = parents_.find(message.id);
  if (found == parents_.end()) return;
  const answer to{ctx.now, ctx.from, out};
  stop(found->second, "revoked: " + message.reason, to);
  advance(message.id, to);
}

void swarm_engine::on(const parent_amended& message, const context& ctx, outputs_type& out) {
  const auto found = parents_.find(message.id);
  if (found == parents_.end()) return;
  const answer to{ctx.now, ctx.from, out};
  found->second.amend(message.size, message.reason);
  cancel_unwanted(found->second, "amended: " + message.reason, to);
  advance(message.id, to);
}

void swarm_engine::on(const grants_affirmed& message, const context& ctx, outputs_type& out) {
  if (message.epoch < risk_epoch_) return;
  risk_epoch_ = message.epoch;
  const answer to{ctx.now, ctx.from, out};
  std::vector<parent_id> disowned;
  for (auto& [id, p] : parents_) {
    if (std::find(message.ids.begin(), message.ids.end(), id) != message.ids.end()) p.affirm(message.epoch);
    else if (p.order().granted.epoch < message.epoch) disowned.push_back(id);
  }
  for (const parent_id id : disowned) {
    stop(parents_.find(id)->second, "RISK began anew and does not stand by it", to);
    advance(id, to);
  }
}

void swarm_engine::on(const operator_commanded& message, const context& ctx, outputs_type& out) {
  const answer to{ctx.now, ctx.from, out};
  if (message.action == operator_action::flatten) return flatten(message.reason, to);
  if (message.action == operator_action::resume) return resume(message.reason);
  halt_reason_ = "an operator halted trading: " + message.reason;
  for (auto& [id, p] : parents_) cancel_resting(p, halt_reason_, to);
}

/// RISK's exits have to leave, and nothing else, whether RISK heard it or not.
void swarm_engine::flatten(const std::string& reason, const answer& to) {
  halt_reason_.clear();
  entries_off_ = true;
  stop_entries("an operator leaves every position: " + reason, to);
}

void swarm_engine::resume(const std::string& reason) {
  if (reason.empty()) return;  // RISK refuses it as well
  halt_reason_.clear();
  entries_off_ = false;
  if (halted_) reconciling_ = false;  // somebody has looked at the difference
  halted_ = false;
}

void swarm_engine::start(bool lock_step, const context& ctx, outputs_type& out) {
  reconciling_ = !lock_step;
  stopping_ = false;
  request_account({ctx.now, ctx.from, out});
}

void swarm_engine::pause(const context& ctx, outputs_type& out) {
  if (!settings_.cancel_on_stop) return;
  stopping_ = true;
  for (auto& [id, p] : parents_) cancel_resting(p, "EXECUTION is stopping", {ctx.now, ctx.from, out});
}

bool swarm_engine::at_rest() const {
  return std::all_of(parents_.begin(), parents_.end(), [](const auto& each) { return each.second.only_doubt_left(); });
}

void swarm_engine::request_account(const answer& to) {
  requested_at_ = to.now;
  to.emit(account_requested{++request_});
}

std::optional<timestamp> swarm_engine::next_wake() const {
  timestamp next = never;
  for (const auto& [id, p] : parents_) next = std::min(next, p.next_wake());
  return next == never ? std::nullopt : std::optional(next);
}

void swarm_engine::wake(const context& ctx, outputs_type& out) {
  std::vector<std::pair<parent_id, origin>> due;
  for (const auto& [id, p] : parents_) {
    if (p.next_wake() <= ctx.now) due.emplace_back(id, origin_of(p));
  }
  for (const auto& [id, from] : due) advance(id, {ctx.now, from, out});
}

void swarm_engine::advance(parent_id id, const answer& to) {
  const auto found = parents_.find(id);
  parent& p = found->second;
  check_children(p, to);
  if (!p.told()) work(p, to);
  if (p.told() && p.live().empty()) parents_.erase(found);
}

void swarm_engine::work(parent& p, const answer& to) {
  if (to.now >= p.order().granted.valid_until) stop(p, "the grant expired", to);
  adapt(p, to.now);
  send_due(p, to);
  replan(p, to.now);
  if (p.done()) finish(p, to);
}

/// RISK counts what is in doubt on, and may order anew.
void swarm_engine::finish(parent& p, const answer& to) {
  cancel_resting(p, "its outcome is unknown", to);
  p.tell();
  to.emit(p.summary());
  const auto market = markets_.find(p.order().instrument);
  if (market == markets_.end()) return;
  if (auto cost = p.measure(market->second.what, market->second.mid().value_or(p.arrival()))) to.emit(std::move(*cost));
}

void swarm_engine::check_children(parent& p, const answer& to) {
  for (auto& [number, order] : p.live()) {
    if (order.check_at() <= to.now) check(p, order, to);
  }
}

void swarm_engine::check(parent& p, child& order, const answer& to) {
  const bool over = to.now >= order.intent().valid_until + settings_.doubt_after;
  if (over && order.state() == order_state::pending) {
    order.doubt();
    to.emit(update_of(order, "the venue is silent"));
  }
  order.check_at(to.now + settings_.doubt_after);
  if (order.rests() && order.in_doubt()) cancel(order, "its outcome is unknown", to);
  else if (order.rests() && !is_final(order.state())) return cancel(order, p.stopped() ? p.summary().reason : "its time is up", to);
  if (over && order.open()) cancel(order, "it should have ended by itself", to);
  if (to.now >= requested_at_ + settings_.doubt_after) request_account(to);
}

void swarm_engine::cancel(child& order, std::string reason, const answer& to) {
  to.emit(cancel_intended{order.intent().id, order.intent().instrument, std::move(reason)});
  order.check_at(to.now + settings_.doubt_after);
}

/// An order that takes ends by itself.
void swarm_engine::cancel_resting(parent& p, const std::string& reason, const answer& to) {
  for (auto& [number, order] : p.live()) {
    if (order.rests() && !is_final(order.state())) cancel(order, reason, to);
  }
}

/// As many resting children as hold what is not wanted any more, the newest first.
void swarm_engine::cancel_unwanted(parent& p, const std::string& reason, const answer& to) {
  quantity unwanted = p.unwanted();
  for (auto each = p.live().rbegin(); each != p.live().rend() && unwanted.lots > 0; ++each) {
    child& order = each->second;
    if (!order.rests() || is_final(order.state())) continue;
    cancel(order, reason, to);
    unwanted -= order.rest();
  }
}

void swarm_engine::stop(parent& p, const std::string& reason, const answer& to) {
  if (p.stopped()) return;
  p.stop(reason);
  cancel_resting(p, reason, to);
}

void swarm_engine::stop_entries(const std::string& reason, const answer& to) {
  std::vector<parent_id> entries;
  for (auto& [id, p] : parents_) {
    if (!p.exit()) entries.push_back(id);
  }
  for (const parent_id id : entries) {
    stop(parents_.find(id)->second, reason, to);
    advance(id, to);
  }
}

}  // namespace remora
