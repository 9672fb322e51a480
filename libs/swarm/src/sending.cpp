#include "remora/swarm/swarm_engine.hpp"

#include "remora/swarm/client_id.hpp"
#include "remora/swarm/draws.hpp"
#include "remora/swarm/pause.hpp"

#include <algorithm>
#include <cmath>

/// How children of swarm_engine leave.
namespace remora {

using swarm::child;
using swarm::parent;

void swarm_engine::send_due(parent& p, const answer& to) {
  while (!p.scheduled().empty() && p.scheduled().front().due <= to.now && !p.held(to.now)) {
    if (!send_first(p, to)) return;
  }
}

/// Why nothing of this parent may be sent now, whatever the price.
std::optional<std::string> swarm_engine::obstacle(const parent& p, timestamp now) const {
  const market_view& market = markets_.find(p.order().instrument)->second;
  if (!halt_reason_.empty()) return halt_reason_;
  if (stopping_) return "EXECUTION is stopping";
  if (!market.bid && !market.ask) return "there is no quote";
  if (p.exit()) return std::nullopt;
  if (entries_off_) return "an operator leaves every position";
  if (market.feed != feed_state::live) return "the feed is not live";
  if (reconciling_) return "the venue's account has not been compared yet";
  if (risk_silent_) return "RISK is silent";
  swarm::pause_view view{market.spread(), market.spread_median(), market.deviation(), 0, p.slippage(), {}};
  view.seconds = static_cast<double>((now - p.started()).count()) * 1e-9;
  const bool buys = p.order().granted.direction == side::buy;
  if (const auto& touch = buys ? market.ask : market.bid) {
    view.touch_cost = static_cast<double>(sign_of(p.order().granted.direction) * (touch->at.ticks - p.arrival().ticks));
  }
  return swarm::pause_of(view);
}

/// How long a child of this parent would rest: less the more urgent it is, and not beyond the window.
nanoseconds swarm_engine::resting_time(const parent& p, timestamp now) const {
  const nanoseconds left = std::max(nanoseconds{0}, p.started() + settings_.time_window - now);
  const double longest = static_cast<double>(std::min<nanoseconds>(settings_.passive_age, left).count());
  return nanoseconds(std::llround(longest * (1 - std::clamp(p.order().urgency, 0.0, 1.0))));
}

/// Less is filled, or on its way to be, than of the window has passed, the time that a child may rest put aside. Volume that is waited for has
/// no clock; without a window everything is due.
bool swarm_engine::lags(const parent& p, timestamp now) const {
  if (p.planned_by() == swarm::planner::pov) return false;
  const nanoseconds window = settings_.time_window;
  if (window <= nanoseconds{0}) return true;
  const double passed = static_cast<double>((now - p.started() - resting_time(p, now)).count()) / static_cast<double>(window.count());
  return static_cast<double>((p.filled() + p.taking()).lots) < passed * static_cast<double>(p.order().granted.size.lots);
}

swarm::slice_view swarm_engine::slice_of(const parent& p, const market_view& market, timestamp now) const {
  const grant& allowed = p.order().granted;
  swarm::slice_view s;
  s.direction = allowed.direction;
  if (market.bid) s.bid = market.bid->at;
  if (market.ask) s.ask = market.ask->at;
  s.collar_low = allowed.collar_low;
  s.collar_high = allowed.collar_high;
  s.deviation = market.deviation();
  s.adverse_move = market.adverse_move();
  s.fee_saved = swarm::fee_saved_at(market.what, p.order().reference);
  s.latency = static_cast<double>(settings_.latency.count()) * 1e-6;
  s.cross_ticks = settings_.cross_ticks;
  s.patient = p.scheduled().front().force == time_in_force::post_only && force_of(p, now) == time_in_force::post_only;
  // One or two children have no gaps worth the name: they count as the fewest that a plan should have.
  const nanoseconds gap = nanoseconds(settings_.time_window) / std::max(settings_.min_orders, p.planned());
  s.lags = lags(p, now);
  s.must_end = p.cannot_wait() || allowed.valid_until - now < 2 * gap;
  const auto& queue = allowed.direction == side::buy ? market.bid : market.ask;
  const auto flow = market.flow(opposite(allowed.direction), now);
  const double rest_seconds = static_cast<double>(resting_time(p, now).count()) * 1e-9;
  // Each live child may come back and need another order; what rests in vain and has none is lost to the parent.
  const bool again = s.patient || p.sent() + p.live().size() + p.scheduled().size() < settings_.max_orders;
  if (!again) s.fill_probability = 0;
  else if (queue && flow) s.fill_probability = swarm::fill_probability_of({queue->size, p.scheduled().front().size, *flow, rest_seconds});
  return s;
}

order_intended swarm_engine::draft(const parent& p, const market_view& market, const swarm::style& how, timestamp now) const {
  const grant& allowed = p.order().granted;
  const amount left = allowed.notional_max - p.usage(market.what, now, risk_epoch_).committed_notional;
  const std::uint32_t number = p.sent() + 1;
  order_intended intent;
  intent.id = swarm::encode({settings_.journal_id, p.order().id, number});
  intent.parent = p.order().id;
  intent.child = number;
  intent.instrument = p.order().instrument;
  intent.direction = allowed.direction;
  intent.force = how.force;
  intent.limit = how.limit;
  intent.size = std::min(p.scheduled().front().size, quantity_for(market.what, how.limit, left));
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
  if (auto why = obstacle(p, to.now)) return put_off(std::move(*why), retry);
  if (const timestamp at = p.rate_allows_at(to.now); at > to.now) return put_off("the grant's order rate is used up", at);
  const market_view& market = markets_.find(p.order().instrument)->second;
  const auto how = swarm::style_of(slice_of(p, market, to.now));
  if (!how) return put_off("the market is outside the collar", retry);
  order_intended intent = draft(p, market, *how, to.now);
  if (intent.size.lots <= 0) return put_off("the grant's money is used up", retry);
  if (!intent.reduce_only && intent.size < swarm::limits_of(market.what, how->limit).min) {
    p.take_first({});  // too small at this price: back to rest, from where it goes out together with others
    return true;
  }
  const child_order child{intent.direction, intent.limit, intent.size, intent.reduce_only};
  if (auto why = violation_of(p.order().granted, p.usage(market.what, to.now, risk_epoch_), child, market.what)) return put_off(std::move(*why), retry);
  p.take_first(intent.size);
  send(p, std::move(intent), to);
  return true;
}

void swarm_engine::send(parent& p, order_intended intent, const answer& to) {
  const bool rests = intent.force == time_in_force::post_only;
  const timestamp aged = to.now + std::max<nanoseconds>(settings_.retry_gap, resting_time(p, to.now));
  const timestamp check_at = rests ? aged : intent.valid_until + settings_.doubt_after;
  to.emit(intent);
  to.emit(order_updated{intent.id, intent.parent, intent.instrument, intent.direction, order_state::pending, intent.size, {}, ""});
  p.send(child(std::move(intent), check_at, request_), to.now);
}

/// The market is not what it was when the plan was made: σ has doubled or halved. Kappa goes with σ, so urgency does, and what is unsent is cut
/// anew over the rest of the window. Volume that is waited for is no matter of σ.
void swarm_engine::adapt(parent& p, timestamp now) {
  const market_view* market = markets_.contains(p.order().instrument) ? &markets_.find(p.order().instrument)->second : nullptr;
  if (market == nullptr || p.stopped() || p.scheduled().size() < 2 || p.planned_by() == swarm::planner::pov || p.order().urgency <= 0) return;
  const auto before = p.deviation(), after = market->deviation();
  const nanoseconds left = p.started() + settings_.time_window - now;
  if (!before || !after || *before <= 0 || left <= nanoseconds{0} || (*after < 2 * *before && *after > *before / 2)) return;
  swarm_settings s = settings_;
  s.time_window = std::chrono::duration_cast<milliseconds>(left);
  s.min_orders = s.max_orders = static_cast<std::uint32_t>(p.scheduled().size());
  const double urgency = std::clamp(p.order().urgency * *after / *before, 0.0, 1.0);
  p.unschedule(*after);
  const auto& order = p.order();
  const swarm::plan_request request{order.id, p.rest(), urgency, order.reference, order.granted.reduce_only, now, &market->profile, p.sent()};
  p.schedule(p.planned_by(), swarm::plan_of(p.planned_by(), request, market->what, s), now);
}

/// Where few orders are left they are spread over what is left of the window, so that the market has time to fill up again. An exit does not wait.
nanoseconds swarm_engine::retry_gap_of(const parent& p, timestamp now) const {
  const nanoseconds shortest = settings_.retry_gap;
  const std::size_t used = p.sent() + p.scheduled().size();
  if (p.exit() || used >= settings_.max_orders) return shortest;
  const nanoseconds left = p.started() + settings_.time_window - now;
  return std::max(shortest, left / static_cast<std::int64_t>(settings_.max_orders - used + 1));
}

/// Plans what came back as further children, at a time nobody can guess.
void swarm_engine::replan(parent& p, timestamp now) {
  if (p.stopped() || p.rest().lots <= 0) return;
  auto limits = swarm::limits_of(markets_.find(p.order().instrument)->second.what, p.order().reference);
  if (p.order().granted.reduce_only) limits.min = quantity{1};
  philox random = swarm::draws_of({settings_.seed, p.order().id, p.sent()}, swarm::draw::retry);
  const double wait = static_cast<double>(retry_gap_of(p, now).count()) * (0.5 + random.uniform());
  p.replan(now + nanoseconds(std::llround(wait)), force_of(p, now), limits, settings_.max_orders);
}

/// Patient parents rest until too little of the window is left for it.
time_in_force swarm_engine::force_of(const parent& p, timestamp now) const {
  const bool patient = p.order().urgency < settings_.passive_below;
  return patient && now < p.started() + settings_.time_window - settings_.retry_gap ? time_in_force::post_only : time_in_force::ioc;
}

}  // namespace remora
