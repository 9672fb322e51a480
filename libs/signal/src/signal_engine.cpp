#include "remora/signal/signal_engine.hpp"

#include "remora/signal/size_limit.hpp"

#include <algorithm>

namespace remora {
namespace {

stats::bar_range range_of(const bar_closed& bar) noexcept {
  return {static_cast<double>(bar.high.ticks), static_cast<double>(bar.low.ticks), static_cast<double>(bar.close.ticks)};
}

/// A print of a size and worth that can be: sums of thousands still fit their types.
bool is_usable(const trade_seen& print, const instrument& what) noexcept {
  constexpr amount worth_max = amount::units(1'000'000'000'000'000);
  if (print.size.lots <= 0 || !signal::is_size(print.size) || print.at.ticks <= 0) return false;
  const auto worth = notional_of(what, print.at, print.size);
  return worth && *worth <= worth_max;
}

bool is_usable(const bar_closed& bar) noexcept {
  const bool prices = bar.low.ticks > 0 && bar.low <= bar.open && bar.low <= bar.close && bar.open <= bar.high && bar.close <= bar.high;
  return prices && signal::is_size(bar.volume) && bar.buy_volume.lots >= 0 && bar.buy_volume <= bar.volume;
}

/// A tick and a lot of one are worth a tick and a lot of the other.
bool counts_alike(const instrument& a, const instrument& b) noexcept {
  return a.tick_size == b.tick_size && a.lot_size == b.lot_size && a.multiplier == b.multiplier && a.inverse == b.inverse;
}

/// How long a whale is likely to go on. Metaorders have power-law lengths, P(L >= k) ~ k^-1.5 (Lillo, Mike, Farmer 2005): one that has lasted t
/// lasts 2^(2/3) - 1 = 0.59 t more in half of all cases.
nanoseconds horizon_of(const whale_seen& whale, timestamp now, nanoseconds single) noexcept {
  if (whale.orders <= 1 || now <= whale.since) return single;
  constexpr double median_rest = 0.5874;
  return std::max(single, nanoseconds(static_cast<std::int64_t>(median_rest * static_cast<double>((now - whale.since).count()))));
}

}  // namespace

signal_engine::watch* signal_engine::find(instrument_id id) {
  const auto found = watched_.find(id);
  return found == watched_.end() ? nullptr : &found->second;
}

flow_measured signal_engine::watch::measure(timestamp now) const {
  flow_measured reading = flow.reading(now);
  reading.instrument = what.id;
  return reading;
}

criticality_measured signal_engine::watch::measure_criticality() const {
  const signal::criticality_reading found = critical.reading();
  const signal::regime_measures& judged = state.measures();
  return {what.id, found.soc, found.branching[0], found.branching[1], found.branching[2], found.fano, found.autocorrelation,
          found.variance_ratio, found.avalanche_exponent, found.sweep_share, judged.volatility_ratio, state.trend_t(), state.efficiency(),
          judged.direction * judged.trend_probability, judged.crisis_probability, state.current(), found.count};
}

void signal_engine::watch::count(const aggressor_order_seen& order, timestamp now) noexcept {
  constexpr nanoseconds second = seconds(1);
  const nanoseconds in_second = now.time_since_epoch() % second;
  ++activity.orders[static_cast<std::size_t>(in_second / (second / signal::activity_bar::bins))];
  const auto lots = static_cast<double>(order.size.lots);
  activity.volume += lots;
  if (order.first_price != order.last_price) activity.swept += lots;
}

signal_engine::watch signal_engine::watch_of(const instrument& what) const {
  watch w;
  w.what = what;
  w.whales = signal::whale_watch(settings_.whale);
  w.moving = signal::momentum(settings_.momentum);
  w.state = signal::regime_detector(settings_.regime);
  return w;
}

std::uint64_t signal_engine::refused() const noexcept {
  std::uint64_t all = refused_;
  for (const auto& [id, w] : watched_) all += w.flow.refused();
  return all;
}

/// Listed again, an instrument keeps what was learned of it, unless its ticks and lots mean something else now.
void signal_engine::on(const instrument_listed& message, const context&, outputs_type&) {
  watch* const known = find(message.what.id);
  if (known != nullptr && counts_alike(known->what, message.what)) {
    known->what = message.what;
    return;
  }
  if (known != nullptr) refused_ += known->flow.refused();
  watched_.insert_or_assign(message.what.id, watch_of(message.what));
}

void signal_engine::on(const trade_seen& message, const context& ctx, outputs_type& out) {
  watch* const w = find(message.instrument);
  if (w == nullptr || !is_usable(message, w->what)) return refuse();
  if (!w->flow.on(message, ctx.now)) return;
  w->last_trade = message.at;
  if (const auto order = w->orders.add(message, w->what, ctx)) complete(*w, *order, ctx, out);
}

void signal_engine::on(const quote_seen& message, const context& ctx, outputs_type&) {
  watch* const w = find(message.instrument);
  if (w == nullptr) return refuse();
  w->flow.on(message, ctx.now);
}

void signal_engine::on(const book_snapshot& message, const context& ctx, outputs_type&) {
  watch* const w = find(message.instrument);
  if (w == nullptr) return refuse();
  w->flow.on(message, ctx.now);
}

void signal_engine::on(const book_changed& message, const context& ctx, outputs_type&) {
  watch* const w = find(message.instrument);
  if (w == nullptr) return refuse();
  w->flow.on(message, ctx.now);
}

void signal_engine::on(const bar_closed& message, const context& ctx, outputs_type& out) {
  watch* const w = find(message.instrument);
  if (w == nullptr || !is_usable(message)) return refuse();
  if (message.period != seconds(1)) return;
  out.emit(w->measure(ctx.now), ctx.from);
  const double tick = 1 / static_cast<double>(message.close.ticks);
  auto log_return = w->moving.add(range_of(message));
  if (log_return) log_return = w->returns.add(*log_return, static_cast<double>(message.close.ticks));
  w->whales.rest(log_return, message.volume);
  w->flow.rest();
  signal::activity_bar activity = std::exchange(w->activity, {});
  if (!log_return || !w->usable) return;  // the silence of a feed is not the market's
  activity.log_return = *log_return;
  w->critical.add(activity);
  if (auto change = w->state.add({*log_return, w->critical.soc(), tick}, ctx.now, settings_.regime)) {
    change->instrument = message.instrument;
    out.emit(*change, ctx.from);
  }
  out.emit(w->measure_criticality(), ctx.from);
}

void signal_engine::on(const feed_changed& message, const context&, outputs_type&) {
  watch* const w = find(message.instrument);
  if (w == nullptr) return;
  w->usable = message.state == feed_state::live;
  if (!w->usable) w->flow.restart();
}

void signal_engine::on(const stream_ended&, const context&, outputs_type&) {
  for (auto& [id, w] : watched_) w.usable = false;
}

std::optional<timestamp> signal_engine::next_wake() const {
  std::optional<timestamp> first;
  for (const auto& [id, w] : watched_)
    if (const auto deadline = w.orders.deadline(); deadline && (!first || *deadline < *first)) first = deadline;
  return first;
}

void signal_engine::wake(const context& ctx, outputs_type& out) {
  for (auto& [id, w] : watched_) {
    auto order = w.orders.expire(ctx.now);
    if (!order) continue;
    order->from.ingest_time = 0;  // we waited: how fast this was says nothing
    complete(w, *order, {ctx.now, order->from}, out);
  }
}

void signal_engine::complete(watch& w, const signal::aggressor_orders::order& order, const context& ctx, outputs_type& out) {
  w.count(order.seen, ctx.now);
  const auto judged = w.whales.judge(order.seen, w.flow, ctx.now, settings_.whale);
  out.emit(order.seen, ctx.from);
  if (judged.size) tell(w, *judged.size, ctx, out);
  if (judged.run) tell(w, *judged.run, ctx, out);
}

void signal_engine::tell(watch& w, const candidate_weighed& candidate, const context& ctx, outputs_type& out) {
  out.emit(candidate, ctx.from);
  if (candidate.result != weighing::whale) return;
  const whale_seen& whale = candidate;
  out.emit(whale, ctx.from);
  follow(w, whale, ctx, out);
}

void signal_engine::follow(watch& w, const whale_seen& whale, const context& ctx, outputs_type& out) {
  const signal::composite_settings& rule = settings_.composite;
  if (!w.usable || (w.last_signal && ctx.now - *w.last_signal < rule.cooldown)) return;
  const auto imbalance = w.flow.reading(ctx.now).queue_imbalance;
  const signal::score score = signal::composite_score({whale.dominant, whale.confidence, w.moving.reading(), w.state.current(), imbalance}, rule);
  if (score.value < rule.signal_threshold) return;
  w.last_signal = ctx.now;
  out.emit(signal_raised{whale.instrument, whale.dominant, score.value, rule.signal_threshold, score.parts, w.state.current(), w.last_trade,
                         ctx.now + rule.signal_ttl, horizon_of(whale, ctx.now, rule.signal_ttl)},
           ctx.from);
}

}  // namespace remora
