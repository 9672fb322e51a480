#include "remora/risk/entries.hpp"

#include "remora/market/grant.hpp"
#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <cmath>

namespace remora::risk {
namespace {

sizing_view sizing_view_of(const account& from, const market_view& m, const signal_raised& signal, const risk_settings& settings, bool reduced) {
  const price reference = *m.touch(signal.direction);
  const double atr = m.range.atr_ticks(reference, settings.stops.atr_min_bp);
  sizing_view v{signal.score, m.market_regime, from.positions().equity()};
  v.held = std::max(amount{}, from.reached(m, signal.direction));
  v.reference = reference;
  v.stop_distance = {distance_of(atr, settings.stops.stop_loss_atr)};
  v.volatility = volatility_of(atr / static_cast<double>(reference.ticks));
  v.reduced = reduced;
  const bet prior = prior_of(settings.sizing, signal.score);
  v.learned = from.edge.judge({prior.win_probability, prior.payoff_ratio, 0});
  return v;
}

/// A spot account sells what it holds and no more.
void keep_to_inventory(order_request& r, const account& from, const market_view& m) {
  if (m.what.account != account_type::spot || r.direction != side::sell) return;
  r.size = std::min(r.size, std::max(quantity{}, from.positions().at(m.what.id).size));
  r.reduce_only = true;
}

/// How far everything hangs on few names, by worst cases, without and with the order.
void add_concentration(gate_view& v, const stakes& all) {
  concentration_sums after = all.concentration();
  v.index_before = after.index();
  after.take_away(v.worst_before);
  after.add(v.worst_after);
  v.index_after = after.index();
  v.names_after = after.names();
}

void add_exposure(gate_view& v, const account& from, const market_view& m, const order_request& asked, const risk_settings& settings) {
  const auto range = from.range_of(m.what.id);
  v.position = from.positions().at(m.what.id).size;
  if (const auto* exit = from.open().open_exit(m.what.id)) v.open_parent = exit->purpose();
  else if (const auto* entry = from.open().open_entry(m.what.id)) v.open_parent = entry->purpose();
  v.worst_before = from.value_of(m, range.worst());
  v.worst_after = from.value_of(m, range.with(asked.direction, asked.size).worst());
  v.gross_before = from.stakes().gross();
  v.gross_after = v.gross_before - v.worst_before + v.worst_after;
  v.exposure_known = v.gross_before < beyond_measure;
  if (is_exit(asked.purpose)) return;
  add_concentration(v, from.stakes());
  v.holdings = from.linked_with(m, asked.direction);
  if (!asked.reference) return;
  v.notional = absolute(notional_of(m.what, *asked.reference, asked.size).value_or(beyond_measure));
  v.notional_max = absolute(notional_of(m.what, collar_of(*asked.reference, settings.grants.price_collar_bp).high, asked.size).value_or(beyond_measure));
  v.fee_max = fee_of(v.notional_max, m.what.taker_fee_e6);
  if (m.what.account == account_type::spot) v.spot_cash = from.spot_cash();
}

/// EXECUTION will judge each child by `violation_of`; here it judges the whole order as one child at the dearest price.
void add_grant(gate_view& v, const market_view& m, const order_request& asked, const grant_settings& settings) {
  v.granted = grant_of(m.what, asked, settings, v.now);
  if (asked.size.lots <= 0) return;  // other rules say so
  const child_order whole{asked.direction, v.granted.collar_high, asked.size, asked.reduce_only};
  v.grant_violation = violation_of(v.granted, {{}, {}, 0, v.now}, whole, m.what).value_or("");
}

}  // namespace

order_request entry_from(const account& from, const market_view& m, const signal_raised& signal, const risk_settings& settings, bool reduced) {
  order_request r{order_purpose::entry, signal.direction, {}, m.touch(signal.direction), settings.grants.entry_urgency, signal.score, false, signal.valid_until};
  if (!r.reference) return r;
  const amount wanted = wanted_size(settings.sizing, sizing_view_of(from, m, signal, settings, reduced));
  const amount room = from.room_for(m, signal.direction, settings.limits);
  const amount fitted = wanted.nanos <= 0 ? amount{} : std::max(settings.sizing.min_size, std::min(wanted, room));
  r.size = quantity_for(m.what, collar_of(*r.reference, settings.grants.price_collar_bp).high, fitted);
  if (m.what.quantity_max.lots > 0) r.size = std::min(r.size, m.what.quantity_max);
  keep_to_inventory(r, from, m);
  return r;
}

gate_view view_of(const account& from, const market_view& m, const order_request& asked, const risk_settings& settings, timestamp now) {
  gate_view v;
  v.limits = settings.limits;
  v.now = now;
  v.direction = asked.direction;
  v.purpose = asked.purpose;
  v.size = asked.size;
  v.score = asked.score;
  v.orders_per_second = settings.grants.orders_per_second;
  v.valid_until = asked.valid_until;
  v.listed = from.markets().contains(m.what.id);
  v.account = m.what.account;
  v.quantity_min = m.what.quantity_min;
  v.quantity_max = m.what.quantity_max;
  v.notional_min = m.what.notional_min;
  v.feed = m.feed;
  v.heard = m.heard;
  v.reference = asked.reference;
  v.bid = m.bid();
  v.ask = m.ask();
  v.last = m.last();
  v.market_regime = m.market_regime;
  v.equity = from.positions().equity();
  v.order_rate = from.open().order_rate(now);
  v.parents_within_minute = m.pace.within_minute(now);
  v.signal_used = m.pace.acted_on(asked.direction, asked.valid_until);
  if (v.listed) add_exposure(v, from, m, asked, settings);
  if (v.reference) add_grant(v, m, asked, settings.grants);
  return v;
}

}  // namespace remora::risk
