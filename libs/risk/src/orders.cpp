#include "remora/risk/risk_engine.hpp"

#include "remora/risk/entries.hpp"

#include <algorithm>
#include <fmt/format.h>

/// How RISK orders, takes back, and leaves.
namespace remora {

using risk::magnitude;
using risk::market_view;

/// Sends an order through the gate: it is ordered and reserved, or denied with everything that speaks against it.
bool risk_engine::submit(market_view& m, const risk::order_request& r, const answer& to) {
  const auto view = view_of(m, r, to.now);
  auto violations = risk::violations_of(view);
  if (!violations.empty()) {
    rule_violation first = std::move(violations.front());
    violations.erase(violations.begin());
    to.emit(parent_denied{m.what.id, r.direction, r.purpose, std::move(first.rule), std::move(first.reason), std::move(first.numbers), std::move(violations)});
    return false;
  }
  last_parent_ = static_cast<parent_id>(static_cast<std::uint64_t>(last_parent_) + 1);
  const parent_ordered order{last_parent_, m.what.id, r.purpose, view.granted, r.urgency, r.score, *r.reference};
  account_.reserve(order, to.from.cause);
  m.pace.ordered(to.now);
  changed_ = true;
  to.emit(order);
  return true;
}

risk::gate_view risk_engine::view_of(const market_view& m, const risk::order_request& r, timestamp now) const {
  auto view = risk::view_of(account_, m, r, settings_, now);
  view.stream_ended = ended_;
  view.state = state();
  view.causes = causes_.names();
  view.day_start_equity = daily_loss_.day_start_equity();
  view.granted.epoch = epoch_;
  return view;
}

/// Takes back the grants that are open and selected.
template <class Selected>
void risk_engine::revoke(const std::string& reason, const answer& to, Selected selected) {
  std::vector<parent_id> taken_back;
  for (const auto& [id, r] : account_.open().reservations()) {
    if (!r.finished() && !r.revoked() && selected(r)) taken_back.push_back(id);
  }
  for (const parent_id id : taken_back) {
    account_.revoke(id);
    to.emit(grant_revoked{id, reason});
  }
}

void risk_engine::revoke_all(const std::string& reason, const answer& to) {
  revoke(reason, to, [](const risk::reservation&) { return true; });
}

void risk_engine::revoke_entries(std::optional<instrument_id> only, const std::string& reason, const answer& to) {
  revoke(reason, to, [&](const risk::reservation& r) { return !is_exit(r.purpose()) && (!only || r.instrument() == *only); });
}

/// What has not been done of open entries gets smaller with the state.
void risk_engine::reduce_entries(const std::string& reason, const answer& to) {
  for (const auto& [id, r] : account_.open().reservations()) {
    if (r.finished() || r.revoked() || is_exit(r.purpose())) continue;
    const auto less = static_cast<std::int64_t>(static_cast<double>(r.size().lots) * settings_.sizing.reduced_factor);
    to.emit(parent_amended{id, {std::max<std::int64_t>(1, less)}, reason});
  }
}

/// Whoever follows these orders learns that RISK still knows of them; what it took back or has forgotten is not among them.
void risk_engine::affirm_grants(const answer& to) {
  grants_affirmed standing{epoch_, {}};
  for (const auto& [id, r] : account_.open().reservations())
    if (!r.finished() && !r.revoked()) standing.ids.push_back(id);
  to.emit(std::move(standing));
}

void risk_engine::revoke_overdue(const answer& to) {
  std::vector<parent_id> overdue;
  for (const auto& [id, r] : account_.open().reservations()) {
    if (r.finished() || r.revoked() || risk::overdue_at(r.valid_until()) > to.now) continue;
    to.out.emit(grant_revoked{id, "the grant expired"}, {r.cause(), 0});
    overdue.push_back(id);
  }
  for (const parent_id id : overdue) account_.revoke(id);
}

timestamp risk_engine::next_exit_check(const market_view& m) const {
  const auto& held = account_.positions().at(m.what.id);
  if (held.flat() || !may_leave(m)) return never;
  if (m.exit.retry_at()) return *m.exit.retry_at();
  return settings_.stops.max_holding ? held.opened_at + *settings_.stops.max_holding : never;
}

/// Whatever its price: an operator or a deep fall leaves everything, the data ended, the loss breaker flattens, or it is held for too long.
std::optional<order_purpose> risk_engine::has_to_go(const risk::position& held, timestamp now) const {
  const auto& stops = settings_.stops;
  if (flattening()) return order_purpose::flatten;
  if (ended_ && stops.close_on_stop) return order_purpose::close_out;
  if (daily_loss_.tripped() && stops.flatten_on_breaker) return order_purpose::close_out;
  if (stops.max_holding && now >= held.opened_at + *stops.max_holding) return order_purpose::time_stop;
  return std::nullopt;
}

/// RISK may send, no exit is at work already, and the end of the data does not forbid one.
bool risk_engine::may_leave(const market_view& m) const {
  if (state() == risk_state::halted || account_.open().open_exit(m.what.id) != nullptr) return false;
  return !ended_ || (settings_.stops.close_on_stop && m.exit.closing_attempts() < settings_.stops.closing_attempts);
}

void risk_engine::consider_exit(market_view& m, const answer& to) {
  const auto& held = account_.positions().at(m.what.id);
  if (held.flat()) return;
  const price mark = account_.mark_of(m);
  m.exit.see(mark);
  revoke("the market left its collar", to, [&](const risk::reservation& r) {
    return r.instrument() == m.what.id && is_exit(r.purpose()) && !r.reaches(mark);  // the next one follows the market
  });
  if (!may_leave(m) || !m.exit.ready(to.now)) return;
  m.exit.tried();
  const auto purpose = risk::exit_due({held.held(), mark, m.exit.levels(), m.market_regime, held.unrealised, has_to_go(held, to.now)});
  if (purpose) leave(m, *purpose, to);
}

void risk_engine::consider_all_exits(const answer& to) {
  for (auto& [id, m] : account_.markets()) consider_exit(m, to);
}

void risk_engine::leave(market_view& m, order_purpose purpose, const answer& to) {
  const auto& held = account_.positions().at(m.what.id);
  revoke_entries(m.what.id, fmt::format("the position is left ({})", name_of(purpose)), to);
  if (ended_) m.exit.count_closing();
  const risk::order_request r{.purpose = purpose, .direction = opposite(held.held()), .size = {magnitude(held.size)}, .reference = account_.mark_of(m),
                              .reduce_only = true};
  if (!submit(m, r, to)) m.exit.ended(false, to.now, settings_.stops);
}

}  // namespace remora
