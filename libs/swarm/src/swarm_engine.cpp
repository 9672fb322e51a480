#include "remora/swarm/swarm_engine.hpp"

#include "remora/base/assert.hpp"
#include "remora/base/random.hpp"
#include "remora/swarm/client_id.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace remora {
namespace {

using swarm::child;
using swarm::parent;

/// What a timer's outputs come from: the market record of the parent, without a receive time.
origin origin_of(const parent& p) { return {p.cause(), 0}; }

quantity signed_size(side direction, quantity size) { return direction == side::buy ? size : -size; }

}  // namespace

swarm_engine::swarm_engine(swarm_settings settings) : settings_(std::move(settings)) {
  REMORA_ASSERT(swarm::is_journal_id(settings_.journal_id));
  REMORA_ASSERT(settings_.min_orders >= 1 && settings_.min_orders <= settings_.max_orders);
}

void swarm_engine::on(const instrument_listed& message, const context&, outputs_type&) { markets_[message.what.id].what = message.what; }

void swarm_engine::on(const quote_seen& message, const context&, outputs_type&) {
  const auto found = markets_.find(message.instrument);
  if (found == markets_.end()) return;
  const auto present = [](level l) { return l.size.lots > 0 ? std::optional(l) : std::nullopt; };
  found->second.bid = present(message.bid);
  found->second.ask = present(message.ask);
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
  const answer to{ctx.now, ctx.from, out};
  parent& p = parents_.emplace(message.id, parent(message, ctx.from.cause, ctx.now)).first->second;
  const auto market = markets_.find(message.instrument);
  if (market == markets_.end()) {
    p.stop("the instrument is not listed");
  } else if (!p.exit() && (halted_ || ended_)) {
    p.stop(halted_ ? "the venue's account differs from ours" : "the market data ended");
  } else {
    const auto& g = message.granted;
    swarm::plan_request request{message.id, g.size, message.urgency, message.reference, g.reduce_only};
    request.start = ctx.now;
    const auto plan = swarm::plan_of(settings_.planner, request, market->second.what, settings_);
    p.schedule(plan);
    if (plan.empty()) p.stop("it is smaller than the venue's smallest order");
  }
  to.emit(parent_accepted{message.id, static_cast<std::uint32_t>(p.scheduled().size())});
  advance(message.id, to);
}

void swarm_engine::on(const grant_revoked& message, const context& ctx, outputs_type& out) {
  const auto found = parents_.find(message.id);
  if (found == parents_.end()) return;
  const answer to{ctx.now, ctx.from, out};
  stop(found->second, "revoked: " + message.reason, to);
  advance(message.id, to);
}

void swarm_engine::on(const execution_reported& message, const context& ctx, outputs_type& out) {
  const answer to{ctx.now, ctx.from, out};
  const auto key = swarm::decode(message.id);
  if (!key || key->journal != settings_.journal_id) return;
  const auto found = parents_.find(key->parent);
  if (found == parents_.end()) return suspect(message, to);
  parent& p = found->second;
  const auto live = p.live().find(key->child);
  if (live == p.live().end()) return suspect(message, to);
  child& order = live->second;
  const auto news = order.apply(message);
  if (news.new_fill) book(p, order, message, to);
  if (news.changed) {
    const auto& intent = order.intent();
    to.emit(order_updated{intent.id, intent.parent, intent.instrument, intent.direction, order.state(), intent.size, order.filled(),
                          message.reason});
  }
  settle(p, key->child, to);
  advance(key->parent, to);
}

void swarm_engine::on(const account_reported& message, const context& ctx, outputs_type& out) {
  if (message.request != request_) return;
  const answer to{ctx.now, ctx.from, out};
  const auto found = swarm::differences(message, {settings_.journal_id, parents_, positions_});
  account_reconciled outcome{message.request, found.empty(), {}};
  for (const swarm::difference& each : found) outcome.differences.push_back(each.text);
  to.emit(std::move(outcome));
  if (found.empty()) {
    reconciling_ = false;
  } else {
    halted_ = true;
    stop_entries("the venue's account differs from ours", to);
  }
  resolve_doubt(message, found, to);
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
  return std::all_of(parents_.begin(), parents_.end(), [](const auto& each) { return each.second.live().empty(); });
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
  if (to.now >= p.order().granted.valid_until) stop(p, "the grant expired", to);
  check_children(p, to);
  send_due(p, to);
  replan(p, to.now);
  if (!p.done()) return;
  to.emit(p.summary());
  parents_.erase(found);
}

void swarm_engine::check_children(parent& p, const answer& to) {
  for (auto& [number, order] : p.live()) {
    if (order.check_at() <= to.now) check(p, order, to);
  }
}

void swarm_engine::check(parent& p, child& order, const answer& to) {
  const bool silent = to.now >= order.intent().valid_until + settings_.doubt_after && order.state() == order_state::pending;
  const bool resting = order.intent().force != time_in_force::ioc && !is_final(order.state());
  order.check_at(to.now + settings_.doubt_after);
  if (resting && !silent) return cancel(order, p.stopped() ? p.summary().reason : "its time is up", to);
  if (to.now >= requested_at_ + settings_.doubt_after) request_account(to);
}

void swarm_engine::send_due(parent& p, const answer& to) {
  while (!p.scheduled().empty() && p.scheduled().front().due <= to.now && !p.held(to.now)) {
    if (!send_first(p, to)) return;
  }
}

/// Why nothing of this parent may be sent now, whatever the price.
std::optional<std::string> swarm_engine::obstacle(const parent& p) const {
  const market_view& market = markets_.find(p.order().instrument)->second;
  if (stopping_) return "EXECUTION is stopping";
  if (!market.bid && !market.ask) return "there is no quote";
  if (p.exit()) return std::nullopt;
  if (market.feed != feed_state::live) return "the feed is not live";
  if (reconciling_) return "the venue's account has not been compared yet";
  if (risk_silent_) return "RISK is silent";
  return std::nullopt;
}

/// The child's limit inside the collar; none if it could not trade there.
std::optional<price> swarm_engine::limit_of(const parent& p, const market_view& market, time_in_force force) const {
  const grant& allowed = p.order().granted;
  const bool buys = allowed.direction == side::buy;
  const bool takes = force == time_in_force::ioc;
  const auto& touch = buys == takes ? market.ask : market.bid;
  if (!touch) return std::nullopt;
  const price wanted{touch->at.ticks + (takes ? sign_of(allowed.direction) * settings_.cross_ticks : 0)};
  if (allowed.collar_low > allowed.collar_high) return std::nullopt;
  const price limit = std::clamp(wanted, allowed.collar_low, allowed.collar_high);
  const bool reaches = buys ? limit >= touch->at : limit <= touch->at;
  const bool improves = !takes && (buys ? limit > touch->at : limit < touch->at);
  if (improves || (takes && !reaches)) return std::nullopt;
  return limit;
}

order_intended swarm_engine::draft(const parent& p, const market_view& market, time_in_force force, price limit, timestamp now) const {
  const grant& allowed = p.order().granted;
  const amount left = allowed.notional_max - p.usage(market.what, now).committed_notional;
  const std::uint32_t number = p.sent() + 1;
  order_intended intent;
  intent.id = swarm::encode({settings_.journal_id, p.order().id, number});
  intent.parent = p.order().id;
  intent.child = number;
  intent.instrument = p.order().instrument;
  intent.direction = allowed.direction;
  intent.force = force;
  intent.limit = limit;
  intent.size = std::min(p.scheduled().front().size, quantity_for(market.what, limit, left));
  intent.valid_until = std::min(now + settings_.order_validity, allowed.valid_until);
  intent.reduce_only = allowed.reduce_only;
  return intent;
}

/// Sends the first scheduled child, or puts it off; true if the next one may be tried.
bool swarm_engine::send_first(parent& p, const answer& to) {
  const auto put_off = [&](std::string reason, timestamp until) {
    p.hold(until, std::move(reason));
    return false;
  };
  const timestamp retry = to.now + settings_.retry_gap;
  if (auto why = obstacle(p)) return put_off(std::move(*why), retry);
  if (const timestamp at = p.rate_allows_at(to.now); at > to.now) return put_off("the grant's order rate is used up", at);
  const market_view& market = markets_.find(p.order().instrument)->second;
  const time_in_force force = p.scheduled().front().force == time_in_force::ioc ? time_in_force::ioc : force_of(p, to.now);
  const auto limit = limit_of(p, market, force);
  if (!limit) return put_off("the market is outside the collar", retry);
  order_intended intent = draft(p, market, force, *limit, to.now);
  if (intent.size.lots <= 0) return put_off("the grant's money is used up", retry);
  if (!intent.reduce_only && intent.size < swarm::limits_of(market.what, *limit).min) {
    p.take_first({});  // too small at this price: back to rest, from where it goes out together with others
    return true;
  }
  const child_order child{intent.direction, intent.limit, intent.size, intent.reduce_only};
  if (auto why = violation_of(p.order().granted, p.usage(market.what, to.now), child, market.what)) return put_off(std::move(*why), retry);
  p.take_first(intent.size);
  send(p, std::move(intent), to);
  return true;
}

void swarm_engine::send(parent& p, order_intended intent, const answer& to) {
  const timestamp window_end = p.started() + settings_.time_window;
  const timestamp aged = std::min(to.now + settings_.passive_age, std::max(window_end, to.now + settings_.retry_gap));
  const timestamp check_at = intent.force == time_in_force::ioc ? intent.valid_until + settings_.doubt_after : aged;
  to.emit(intent);
  to.emit(order_updated{intent.id, intent.parent, intent.instrument, intent.direction, order_state::pending, intent.size, {}, ""});
  p.send(child(std::move(intent), check_at, request_), to.now);
}

/// Plans what came back as further children, at a time nobody can guess.
void swarm_engine::replan(parent& p, timestamp now) {
  if (p.stopped() || p.rest().lots <= 0) return;
  auto limits = swarm::limits_of(markets_.find(p.order().instrument)->second.what, p.order().reference);
  if (p.order().granted.reduce_only) limits.min = quantity{1};
  const auto stream = static_cast<std::uint64_t>(p.order().id);
  philox random(~settings_.seed - p.sent(), stream);
  const double wait = static_cast<double>(nanoseconds(settings_.retry_gap).count()) * (0.5 + random.uniform());
  p.replan(now + nanoseconds(std::llround(wait)), force_of(p, now), limits, settings_.max_orders);
}

/// Patient parents rest until too little of the window is left for it.
time_in_force swarm_engine::force_of(const parent& p, timestamp now) const {
  const bool patient = p.order().urgency < settings_.passive_below;
  return patient && now < p.started() + settings_.time_window - settings_.retry_gap ? time_in_force::post_only : time_in_force::ioc;
}

void swarm_engine::cancel(child& order, std::string reason, const answer& to) {
  to.emit(cancel_intended{order.intent().id, order.intent().instrument, std::move(reason)});
  order.check_at(to.now + settings_.doubt_after);
}

/// An IOC order ends by itself.
void swarm_engine::cancel_resting(parent& p, const std::string& reason, const answer& to) {
  for (auto& [number, order] : p.live()) {
    if (order.intent().force != time_in_force::ioc && !is_final(order.state())) cancel(order, reason, to);
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

void swarm_engine::book(parent& p, const child& order, const execution_reported& report, const answer& to) {
  const auto& intent = order.intent();
  const auto notional = notional_of(markets_.find(intent.instrument)->second.what, report.last_price, report.last_size);
  p.book(report.last_size, notional ? absolute(*notional) : amount{});
  positions_[intent.instrument] += signed_size(intent.direction, report.last_size);
  to.emit(order_filled{report.fill_id, intent.id, intent.parent, intent.instrument, intent.direction, report.last_price, report.last_size,
                       report.fee, report.role});
}

void swarm_engine::settle(parent& p, std::uint32_t number, const answer& to) {
  const child& order = p.live().find(number)->second;
  if (!order.settled()) return;
  if (order.state() == order_state::rejected) p.count_rejection();
  p.remove(number, true);
  if (p.rejected() >= settings_.max_rejections) stop(p, "the venue refuses its orders", to);
}

/// A fill of an order that is over with us: it is told again, or money moved that was not booked. The account tells which.
void swarm_engine::suspect(const execution_reported& message, const answer& to) {
  if (message.last_size.lots > 0 && to.now >= requested_at_ + settings_.doubt_after) request_account(to);
}

/// What is in doubt and provably never reached the venue is over. Its lots are not sent again.
void swarm_engine::resolve_doubt(const account_reported& account, const std::vector<swarm::difference>& disputed, const answer& to) {
  const auto lost = swarm::never_taken(account, parents_, disputed, to.now - settings_.doubt_after);
  for (const auto& [id, number] : lost) {
    parent& p = parents_.find(id)->second;
    child& order = p.live().find(number)->second;
    order.give_up();
    const auto& intent = order.intent();
    to.emit(order_updated{intent.id, id, intent.instrument, intent.direction, order.state(), intent.size, {}, "the venue never took it"});
    p.remove(number, false);
  }
  for (const auto& [id, number] : lost) {
    if (parents_.contains(id)) advance(id, to);
  }
}

}  // namespace remora
