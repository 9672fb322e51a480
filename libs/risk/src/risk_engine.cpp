#include "remora/risk/risk_engine.hpp"

#include "remora/risk/entries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace remora {
namespace {

using risk::magnitude;
using risk::market_view;

std::optional<price> present(const level& l) { return l.size.lots > 0 ? std::optional(l.at) : std::nullopt; }

/// A post-only order that would have taken is refused by design: that says nothing about the venue or about us.
bool is_refusal(const order_updated& update) { return update.state == order_state::rejected && update.reason.find("post-only") == std::string::npos; }

}  // namespace

risk_engine::risk_engine(risk_settings settings)
    : settings_(std::move(settings)), account_(settings_), drawdown_(settings_.starting_balance) {}

void risk_engine::on(const instrument_listed& message, const context& ctx, outputs_type& out) {
  begin(ctx, out);
  account_.list(message.what, settings_.stops.atr_period);
  if (!settings_.benchmark.empty() && message.what.symbol == settings_.benchmark) account_.gauge.set_benchmark(message.what.id);
}

void risk_engine::on(const trade_seen& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) return;
  account_.print(*m, message.at);
  price_moved(*m, to);
}

void risk_engine::on(const quote_seen& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = hear(message.instrument, ctx.now);
  if (m == nullptr) return;
  account_.show(*m, present(message.bid), present(message.ask));
  price_moved(*m, to);
}

void risk_engine::on(const book_changed& message, const context& ctx, outputs_type& out) {
  begin(ctx, out);
  hear(message.instrument, ctx.now);
}

void risk_engine::on(const bar_closed& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = account_.find(message.instrument);
  if (m == nullptr) return;
  m->range.push(message);
  if (message.period != std::chrono::minutes(1)) return;
  account_.gauge.push(message);
  const bool idle = account_.positions().flat() && !changed_ && causes_.find("value_at_risk") == nullptr;
  if (message.open_time <= reported_minute_ || idle) return;
  reported_minute_ = message.open_time;
  report(to);
  measure(to);
}

void risk_engine::on(const feed_changed& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  market_view* m = hear(message.instrument, ctx.now);
  if (m == nullptr) return;
  m->feed = message.state;
  judge_account(to);
  if (message.state == feed_state::live) return;
  if (message.state != feed_state::ended) account_.show(*m, std::nullopt, std::nullopt);
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
    submit(unknown, {.direction = message.direction, .score = message.score, .valid_until = message.valid_until}, to);
    return;
  }
  m->market_regime = message.market_regime;
  if (submit(*m, risk::entry_from(account_, *m, message, settings_, state() == risk_state::reduced), to)) m->pace.acted(message.direction, message.valid_until);
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
  const answer to = begin(ctx, out);
  changed_ = true;
  if (!account_.apply(message)) return;
  rejections_.ended(is_refusal(message), ctx.now, settings_.states);
  judge_rejections(ctx.now);
  settle(to);
}

void risk_engine::on(const order_filled& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  const amount net_before = account_.net_of(message.instrument);
  const auto booked = account_.book(message, ctx.now);
  if (!booked) return fail_accounting(booked.error(), to);
  if (!*booked) return;
  to.emit(fill_booked{message.fill_id, message.order, message.parent, message.instrument, message.direction, message.at, message.size, message.fee,
                      (*booked)->realised, (*booked)->position_after});
  market_view& m = *account_.find(message.instrument);
  m.cause = ctx.from.cause;
  position_changed(m, **booked, net_before, to);
}

void risk_engine::on(const parent_finished& message, const context& ctx, outputs_type& out) {
  begin(ctx, out);
  const auto ended = account_.finish(message, ctx.now);
  market_view* m = account_.find(message.instrument);
  if (!ended || m == nullptr) return;
  changed_ = true;
  if (!is_exit(ended->purpose()) || account_.positions().at(message.instrument).flat()) return;
  m->cause = ctx.from.cause;
  m->exit.ended(ended->booked().lots > 0, ctx.now, settings_.stops);
}

void risk_engine::on(const funding_charged& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  const auto booked = account_.book(message);
  if (!booked) return fail_accounting(booked.error(), to);
  if (!*booked) return;
  judge_account(to);
  report(to);
}

void risk_engine::on(const account_reconciled& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  if (message.equal) return;
  const std::string first = message.differences.empty() ? "no difference was named" : message.differences.front();
  stand({"reconciliation", risk_state::reduce_only, true, fmt::format("EXECUTION's view is not the venue's: {}.", first),
         {{"differences", static_cast<double>(message.differences.size())}}, {}}, to);
}

void risk_engine::on(const operator_commanded& message, const context& ctx, outputs_type& out) {
  const answer to = begin(ctx, out);
  if (message.action == operator_action::resume) return resume(message, to);
  const bool halts = message.action != operator_action::flatten;  // what is no known command stops everything
  causes_.replace({"operator", halts ? risk_state::halted : risk_state::reduce_only, true,
                   fmt::format("{} commanded to {}: {}", message.who, name_of(message.action), message.reason), {}, ctx.now});
  for (auto& [id, m] : account_.markets()) m.exit.tried();  // no pause delays what a person asks for
  settle(to);
}

/// What may be lost now, and whether it is too much; a history that is too short to tell says nothing against it.
void risk_engine::measure(const answer& to) {
  if (const auto measures = measures_now()) measured(*measures, to);
}

std::optional<risk_measured> risk_engine::measures_now() const {
  return account_.gauge.measure(account_.exposures(), to_double(account_.positions().equity()));
}

/// What time alone changes: the day begins anew, refusals are forgotten.
risk_engine::answer risk_engine::begin(const context& ctx, outputs_type& out) {
  const answer to{ctx.now, ctx.from, out};
  if (daily_loss_.roll(ctx.now, account_.positions().equity())) causes_.end("daily_loss");
  if (causes_.find("rejection_rate") != nullptr) judge_rejections(ctx.now);
  settle(to);
  return to;
}

market_view* risk_engine::hear(instrument_id id, timestamp now) {
  market_view* m = account_.find(id);
  if (m != nullptr) m->heard = now;
  return m;
}

std::optional<timestamp> risk_engine::next_wake() const {
  timestamp next = never;
  for (const auto& [id, r] : account_.open().reservations()) {
    if (!r.finished() && !r.revoked()) next = std::min(next, risk::overdue_at(r.valid_until()));
  }
  for (const auto& [id, m] : account_.markets()) next = std::min(next, next_exit_check(m));
  return next == never ? std::nullopt : std::optional(next);
}

void risk_engine::wake(const context& ctx, outputs_type& out) {
  begin(ctx, out);
  revoke_overdue({ctx.now, {}, out});
  for (auto& [id, m] : account_.markets()) {
    if (next_exit_check(m) <= ctx.now) consider_exit(m, {ctx.now, {m.cause, 0}, out});
  }
}

void risk_engine::price_moved(market_view& m, const answer& to) {
  if (account_.positions().at(m.what.id).flat()) return;
  mark(m, to);
  judge_account(to);
  keep_within_share(m, to);
  consider_exit(m, to);
}

void risk_engine::mark(const market_view& m, const answer& to) {
  if (const auto marked = account_.mark(m); !marked) fail_accounting(marked.error(), to);
}

void risk_engine::position_changed(market_view& m, const risk::booking& booked, amount net_before, const answer& to) {
  const auto& held = account_.positions().at(m.what.id);
  const bool turned = booked.position_before.lots != 0 && !held.flat() && (booked.position_before.lots > 0) != (held.size.lots > 0);
  if (turned || (held.flat() && booked.position_before.lots != 0)) learn_from(m);
  if (held.flat()) {
    m.exit.closed();
  } else {
    const price average = account_.positions().average(m.what.id);
    if (booked.position_before.lots == 0 || turned) {
      m.exit.opened(held.held(), average);
      m.trip.opened(turned ? account_.net_of(m.what.id) : net_before);
    }
    if (turned || magnitude(held.size) > magnitude(booked.position_before)) {
      m.exit.place(average, m.range.atr_ticks(average, settings_.stops.atr_min_bp), settings_.stops);
      m.trip.stakes(absolute(profit_of(m.what, average, m.exit.levels().stop, held.size).value_or(amount{})));
    }
    mark(m, to);
  }
  judge_account(to);
  keep_within_share(m, to);
  report(to);
  consider_exit(m, to);
}

/// A position is over: Kelly's inputs learn what it brought.
void risk_engine::learn_from(const market_view& m) {
  if (const auto result = m.trip.closed(account_.net_of(m.what.id))) account_.edge.push(*result);
}

void risk_engine::report(const answer& to) {
  changed_ = false;
  risk_reported r;
  r.equity = account_.positions().equity();
  r.cash = account_.positions().cash();
  r.realised = account_.positions().realised();
  r.unrealised = account_.positions().unrealised();
  r.fees = account_.positions().fees();
  r.funding = account_.positions().funding();
  r.gross_exposure = account_.gross();
  r.worst_case_exposure = account_.stakes().gross();
  r.drawdown = account_.positions().drawdown();
  r.reduce_only = reduce_only();
  r.books = account_.books();
  for (const auto& [id, held] : account_.positions().positions()) {
    if (!held.flat()) r.positions.push_back({id, held.size, account_.positions().average(id), held.unrealised});
  }
  to.emit(std::move(r));
}

}  // namespace remora
