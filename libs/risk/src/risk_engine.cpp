#include "remora/risk/risk_engine.hpp"

#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace remora {
namespace {

using risk::beyond_measure;
using risk::magnitude;
using risk::market_view;

/// EXECUTION ends a parent at the end of its grant by itself; only one that is later than this is revoked.
constexpr seconds overdue_after{1};

std::optional<price> present(const level& l) { return l.size.lots > 0 ? std::optional(l.at) : std::nullopt; }

}  // namespace

risk_engine::risk_engine(risk_settings settings) : settings_(std::move(settings)), account_(settings_.starting_balance) {}

void risk_engine::on(const instrument_listed& message, const context& ctx, outputs_type& out) {
  begin(ctx, out);
  account_.list(message.what, settings_.stops.atr_period);
}

void risk_engine::on(const trade_seen& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) return;
  m->last = message.at;
  price_moved(*m, to);
}

void risk_engine::on(const quote_seen& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) return;
  m->show(present(message.bid), present(message.ask));
  price_moved(*m, to);
}

void risk_engine::on(const bar_closed& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) return;
  m->range.push(message);
  if (message.period != std::chrono::minutes(1)) return;
  m->returns.push(message, settings_.limits.correlation_window);
  if (message.open_time <= reported_minute_ || (account_.positions.flat() && !changed_)) return;
  reported_minute_ = message.open_time;
  report(to);
}

void risk_engine::on(const feed_changed& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) return;
  m->feed = message.state;
  if (message.state == feed_state::live) return;
  if (message.state != feed_state::ended) m->show(std::nullopt, std::nullopt);
  revoke_entries(message.instrument, "the feed is not live", to);
}

void risk_engine::on(const stream_ended&, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  ended_ = true;
  revoke_entries(std::nullopt, "the market data ended", to);
  consider_all_exits(to);
  report(to);
}

void risk_engine::on(const signal_raised& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) {
    market_view unknown;
    unknown.what.id = message.instrument;
    submit(unknown, {.direction = message.direction, .valid_until = message.valid_until}, to);
    return;
  }
  m->market_regime = message.market_regime;
  submit(*m, entry_from(*m, message), to);
}

void risk_engine::on(const regime_changed& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) return;
  m->market_regime = message.after;
  if (message.after == regime::crisis) revoke_entries(message.instrument, "the regime is CRISIS", to);
  consider_exit(*m, to);
}

void risk_engine::on(const order_updated& message, const context& ctx, outputs_type& out) {
  begin(ctx, out);
  account_.open.apply(message);
  changed_ = true;
}

void risk_engine::on(const order_filled& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  const auto booked = account_.positions.book(message, ctx.now);
  if (!booked) return fail_accounting(booked.error(), to);
  if (!*booked) return;
  account_.open.apply(message);
  to.emit(fill_booked{message.fill_id, message.order, message.parent, message.instrument, message.direction, message.at, message.size, message.fee,
                      (*booked)->realised, (*booked)->position_after});
  market_view& m = *account_.find(message.instrument);
  m.cause = ctx.from.cause;
  position_changed(m, **booked, to);
}

void risk_engine::on(const parent_finished& message, const context& ctx, outputs_type& out) {
  begin(ctx, out);
  const auto ended = account_.open.finish(message, ctx.now);
  market_view* m = account_.find(message.instrument);
  if (!ended || m == nullptr) return;
  changed_ = true;
  if (!is_exit(ended->purpose()) || account_.positions.at(message.instrument).flat()) return;
  m->cause = ctx.from.cause;
  m->failures = ended->booked().lots > 0 ? 0 : m->failures + 1;
  retry_later(*m, ctx.now);
}

risk_engine::answer risk_engine::begin(const context& ctx, outputs_type& out) {
  if (daily_loss_.roll(ctx.now, account_.positions.equity())) changed_ = true;
  return {ctx.now, ctx.from, out};
}

std::optional<timestamp> risk_engine::next_wake() const {
  timestamp next = never;
  for (const auto& [id, r] : account_.open.reservations()) {
    if (!r.finished() && !r.revoked()) next = std::min(next, r.valid_until() + overdue_after);
  }
  for (const auto& [id, m] : account_.markets) next = std::min(next, next_exit_check(m));
  return next == never ? std::nullopt : std::optional(next);
}

timestamp risk_engine::next_exit_check(const market_view& m) const {
  const auto& held = account_.positions.at(m.what.id);
  if (held.flat() || !may_leave(m)) return never;
  if (m.retry_at) return *m.retry_at;
  return settings_.stops.max_holding ? held.opened_at + *settings_.stops.max_holding : never;
}

void risk_engine::wake(const context& ctx, outputs_type& out) {
  begin(ctx, out);
  revoke_overdue({ctx.now, {}, out});
  for (auto& [id, m] : account_.markets) {
    if (next_exit_check(m) <= ctx.now) consider_exit(m, {ctx.now, {m.cause, 0}, out});
  }
}

void risk_engine::revoke_overdue(const answer& to) {
  std::vector<parent_id> overdue;
  for (const auto& [id, r] : account_.open.reservations()) {
    if (r.finished() || r.revoked() || r.valid_until() + overdue_after > to.now) continue;
    to.out.emit(grant_revoked{id, "the grant expired"}, {r.cause(), 0});
    overdue.push_back(id);
  }
  for (const parent_id id : overdue) account_.open.revoke(id);
}

risk_engine::request risk_engine::entry_from(const market_view& m, const signal_raised& signal) const {
  const amount equity = account_.positions.equity();
  request r{order_purpose::entry, signal.direction, {}, m.touch(signal.direction), settings_.grants.entry_urgency, signal.score, false, signal.valid_until};
  if (!r.reference) return r;
  const amount wanted = risk::wanted_size(settings_.sizing, {signal.score, m.market_regime, equity});
  // An order that does not fit is cut down as far as the smallest size; what does not fit even so is refused by the rule it violates.
  const amount room = account_.room_for(m, signal.direction, settings_.limits);
  const amount fitted = wanted.nanos <= 0 ? amount{} : std::max(settings_.sizing.min_size, std::min(wanted, room));
  r.size = quantity_for(m.what, collar_of(*r.reference).high, fitted);
  if (m.what.account == account_type::spot && signal.direction == side::sell) {
    r.size = std::min(r.size, std::max(quantity{}, account_.positions.at(m.what.id).size));
    r.reduce_only = true;
  }
  return r;
}

risk::gate_view risk_engine::view_of(const market_view& m, const request& r, timestamp now) const {
  risk::gate_view v;
  v.limits = settings_.limits;
  v.now = now;
  v.direction = r.direction;
  v.purpose = r.purpose;
  v.size = r.size;
  v.orders_per_second = settings_.grants.orders_per_second;
  v.valid_until = r.valid_until;
  v.listed = account_.markets.contains(m.what.id);
  v.account = m.what.account;
  v.quantity_min = m.what.quantity_min;
  v.notional_min = m.what.notional_min;
  v.feed = m.feed;
  v.quote_known = r.reference.has_value();
  v.stream_ended = ended_;
  v.market_regime = m.market_regime;
  v.breaker = !fault_.empty() ? "accounting" : daily_loss_.tripped() ? "daily_loss" : "";
  v.order_rate = account_.open.order_rate(now);
  if (v.listed) add_exposure(v, m, r);
  return v;
}

void risk_engine::add_exposure(risk::gate_view& v, const market_view& m, const request& r) const {
  const auto range = account_.range_of(m.what.id);
  v.position = account_.positions.at(m.what.id).size;
  if (const auto* exit = account_.open.open_exit(m.what.id)) v.open_parent = exit->purpose();
  else if (const auto* entry = account_.open.open_entry(m.what.id)) v.open_parent = entry->purpose();
  v.worst_before = account_.value_of(m, range.worst());
  v.worst_after = account_.value_of(m, range.with(r.direction, r.size).worst());
  v.gross_before = account_.worst_case();
  v.gross_after = v.gross_before - v.worst_before + v.worst_after;
  v.exposure_known = v.gross_before < beyond_measure;
  v.equity = account_.positions.equity();
  v.day_start_equity = daily_loss_.day_start_equity();
  v.holdings = account_.beside(m, r.direction, settings_.limits.correlation_observations_min);
  if (!r.reference) return;
  const auto money = [&](price at) { return notional_of(m.what, at, r.size).value_or(beyond_measure); };
  v.notional = money(*r.reference);
  v.notional_max = money(collar_of(*r.reference).high);
}

/// Sends the order through the gate: it is ordered and reserved, or denied.
bool risk_engine::submit(const market_view& m, const request& r, const answer& to) {
  const auto view = view_of(m, r, to.now);
  if (!is_exit(r.purpose)) {
    const auto unjudged = [](const risk::correlated_holding& h) { return !h.correlation; };
    correlations_unjudged_ += static_cast<std::uint64_t>(std::count_if(view.holdings.begin(), view.holdings.end(), unjudged));
  }
  if (auto refused = risk::first_refusal(view)) {
    to.emit(parent_denied{m.what.id, r.direction, r.purpose, std::string(refused->rule), std::move(refused->why.reason), std::move(refused->why.numbers)});
    return false;
  }
  last_parent_ = static_cast<parent_id>(static_cast<std::uint64_t>(last_parent_) + 1);
  const parent_ordered order{last_parent_, m.what.id, r.purpose, grant_of(m, r, to.now), r.urgency, r.score, *r.reference};
  account_.open.reserve(order, to.from.cause);
  changed_ = true;
  to.emit(order);
  return true;
}

grant risk_engine::grant_of(const market_view& m, const request& r, timestamp now) const {
  const auto [low, high] = collar_of(*r.reference);
  const amount notional_max = notional_of(m.what, high, r.size).value_or(beyond_measure);
  return {r.direction, r.size, notional_max, low, high, settings_.grants.orders_per_second, now + settings_.grants.ttl, r.reduce_only};
}

risk_engine::collar risk_engine::collar_of(price reference) const noexcept {
  const auto share = static_cast<std::int64_t>(static_cast<int128>(reference.ticks) * settings_.grants.price_collar_bp / 10'000);
  const price width{std::max<std::int64_t>(1, share)};
  return {std::max(price{1}, reference - width), reference + width};
}

void risk_engine::revoke_entries(std::optional<instrument_id> only, const std::string& reason, const answer& to) {
  std::vector<parent_id> taken_back;
  for (const auto& [id, r] : account_.open.reservations()) {
    if (r.finished() || r.revoked() || is_exit(r.purpose()) || (only && r.instrument() != *only)) continue;
    taken_back.push_back(id);
  }
  for (const parent_id id : taken_back) {
    account_.open.revoke(id);
    to.emit(grant_revoked{id, reason});
  }
}

void risk_engine::price_moved(market_view& m, const answer& to) {
  if (account_.positions.at(m.what.id).flat()) return;
  mark(m, to);
  judge_loss(to);
  consider_exit(m, to);
}

void risk_engine::mark(const market_view& m, const answer& to) {
  if (const auto marked = account_.positions.mark(m.what.id, account_.mark_of(m)); !marked) fail_accounting(marked.error(), to);
}

void risk_engine::judge_loss(const answer& to) {
  if (auto news = daily_loss_.check(account_.positions.equity(), settings_.limits.max_daily_drawdown)) trip(std::move(*news), to);
}

void risk_engine::fail_accounting(const error& what, const answer& to) {
  if (!fault_.empty()) return;
  fault_ = what.text;
  trip({"accounting", what.text, {}}, to);
}

void risk_engine::trip(breaker_tripped news, const answer& to) {
  changed_ = true;
  const std::string reason = "the " + news.breaker + " breaker tripped";
  to.emit(std::move(news));
  revoke_entries(std::nullopt, reason, to);
  consider_all_exits(to);
}

void risk_engine::position_changed(market_view& m, const risk::booking& booked, const answer& to) {
  const auto& held = account_.positions.at(m.what.id);
  if (held.flat()) {
    m.retry_at.reset();
    m.failures = 0;
  } else {
    const bool turned = (booked.position_before.lots > 0) != (held.size.lots > 0);
    if (turned || magnitude(held.size) > magnitude(booked.position_before)) {
      const price average = account_.positions.average(m.what.id);
      m.levels = risk::levels_of(held.held(), average, m.range.atr_ticks(average, settings_.stops.atr_min_bp), settings_.stops);
    }
    mark(m, to);
  }
  judge_loss(to);
  report(to);
  consider_exit(m, to);
}

/// Whatever its price: the data ended, the loss breaker flattens, or it is held for too long.
bool risk_engine::has_to_go(const risk::position& held, timestamp now) const {
  const auto& stops = settings_.stops;
  if (ended_ && stops.close_on_stop) return true;
  if (daily_loss_.tripped() && stops.flatten_on_breaker) return true;
  return stops.max_holding && now >= held.opened_at + *stops.max_holding;
}

/// No exit is at work already, and the end of the data does not forbid one.
bool risk_engine::may_leave(const market_view& m) const {
  if (account_.open.open_exit(m.what.id) != nullptr) return false;
  return !ended_ || (settings_.stops.close_on_stop && m.closing_attempts < settings_.stops.closing_attempts);
}

void risk_engine::consider_exit(market_view& m, const answer& to) {
  const auto& held = account_.positions.at(m.what.id);
  if (held.flat() || !may_leave(m) || (m.retry_at && to.now < *m.retry_at)) return;
  m.retry_at.reset();
  const auto purpose = risk::exit_due({held.held(), account_.mark_of(m), m.levels, m.market_regime, held.unrealised, has_to_go(held, to.now)});
  if (purpose) leave(m, *purpose, to);
}

void risk_engine::consider_all_exits(const answer& to) {
  for (auto& [id, m] : account_.markets) consider_exit(m, to);
}

void risk_engine::leave(market_view& m, order_purpose purpose, const answer& to) {
  const auto& held = account_.positions.at(m.what.id);
  revoke_entries(m.what.id, fmt::format("the position is left ({})", name_of(purpose)), to);
  if (ended_) ++m.closing_attempts;
  const request r{.purpose = purpose, .direction = opposite(held.held()), .size = {magnitude(held.size)}, .reference = account_.mark_of(m), .reduce_only = true};
  if (submit(m, r, to)) return;
  ++m.failures;
  retry_later(m, to.now);
}

/// Twice as long after each failure in a row.
void risk_engine::retry_later(market_view& m, timestamp now) const {
  m.retry_at = now + settings_.stops.exit_retry * (1 << std::min<std::uint32_t>(m.failures, 6));
}

void risk_engine::report(const answer& to) {
  changed_ = false;
  risk_reported r;
  r.equity = account_.positions.equity();
  r.cash = account_.positions.cash();
  r.realised = account_.positions.realised();
  r.unrealised = account_.positions.unrealised();
  r.fees = account_.positions.fees();
  r.worst_case_exposure = account_.worst_case();
  r.drawdown = account_.positions.drawdown();
  r.reduce_only = reduce_only();
  for (const auto& [id, held] : account_.positions.positions()) {
    if (held.flat()) continue;
    r.gross_exposure += account_.value_of(account_.markets.find(id)->second, held.size);
    r.positions.push_back({id, held.size, account_.positions.average(id), held.unrealised});
  }
  to.emit(std::move(r));
}

}  // namespace remora
