#include "remora/exchange/exchange_engine.hpp"

#include <algorithm>

namespace remora {

exchange_engine::exchange_engine(exchange_settings settings) : settings_(settings), random_(settings.seed) {}

void exchange_engine::on(const instrument_listed& message, const context&, outputs_type&) {
  markets_.try_emplace(message.what.id).first->second.relist(message.what);
}

void exchange_engine::on(const stream_ended&, const context&, outputs_type&) { ended_ = true; }

void exchange_engine::on(const order_intended& message, const context& ctx, outputs_type& out) {
  arrival request;
  request.kind = request_kind::order;
  request.order = {message.id, message.direction, message.force, message.limit, message.size, {}, message.reduce_only, {}, ctx.from.cause};
  request.instrument = message.instrument;
  request.valid_until = message.valid_until;
  enqueue(std::move(request), ctx, out);
}

void exchange_engine::on(const cancel_intended& message, const context& ctx, outputs_type& out) {
  arrival request;
  request.kind = request_kind::cancel;
  request.order.id = message.id;
  request.order.cause = ctx.from.cause;
  request.instrument = message.instrument;
  request.reason = message.reason;
  enqueue(std::move(request), ctx, out);
}

void exchange_engine::on(const account_requested& message, const context& ctx, outputs_type& out) {
  arrival request;
  request.kind = request_kind::account;
  request.order.cause = ctx.from.cause;
  request.request = message.request;
  enqueue(std::move(request), ctx, out);
}

std::optional<timestamp> exchange_engine::next_wake() const {
  timestamp next = never;
  if (!arriving_.empty()) next = std::min(next, arriving_.front().due);
  if (!leaving_.empty()) next = std::min(next, leaving_.front().due);
  if (funding_due_ && !ended_ && holds_anything()) next = std::min(next, *funding_due_);
  return next == never ? std::nullopt : std::optional(next);
}

void exchange_engine::wake(const context& ctx, outputs_type& out) {
  charge_funding(ctx.now);
  receive(ctx.now);
  deliver(ctx.now, out);
}

/// Of the next request; the constants where nothing was recorded.
exchange::latency_sample exchange_engine::draw_latency() {
  if (settings_.latencies.empty()) return {settings_.order_latency, settings_.response_latency, {}};
  return settings_.latencies[random_.below(settings_.latencies.size())];
}

bool exchange_engine::holds_anything() const {
  return settings_.funding_rate_e9 != 0 && std::any_of(markets_.begin(), markets_.end(), [](const auto& each) { return each.second.held().position().lots != 0; });
}

/// At each multiple of the interval since 1970 that has passed, on what was held then: so before anything else happens.
void exchange_engine::charge_funding(timestamp now) {
  const nanoseconds interval = settings_.funding_interval;
  if (!funding_due_ || now < *funding_due_) {
    if (!funding_due_) funding_due_ = timestamp((now.time_since_epoch() / interval + 1) * interval);
    return;
  }
  constexpr int missed_max = 1'000;  // where time jumps
  for (int i = 0; i < missed_max && *funding_due_ <= now; ++i) {
    charge_all(*funding_due_, now);
    *funding_due_ += interval;
  }
  funding_due_ = std::max(*funding_due_, timestamp((now.time_since_epoch() / interval + 1) * interval));
}

void exchange_engine::charge_all(timestamp due, timestamp now) {
  for (auto& [id, market] : markets_)
    if (auto charge = market.charge_funding(settings_.funding_rate_e9, due)) {
      departure said;
      said.funding.emplace();
      static_cast<funding_charged&>(*said.funding) = *charge;
      leave(std::move(said), now);
    }
}

/// Nothing that is said overtakes what was said before.
void exchange_engine::leave(departure what, timestamp now) {
  what.due = now + draw_latency().response;
  if (!leaving_.empty()) what.due = std::max(what.due, leaving_.back().due);
  leaving_.push_back(std::move(what));
}

void exchange_engine::enqueue(arrival request, const context& ctx, outputs_type& out) {
  const exchange::latency_sample taken = draw_latency();
  request.due = ctx.now + taken.order + taken.market_data.value_or(settings_.market_data_latency);
  if (!arriving_.empty()) request.due = std::max(request.due, arriving_.back().due);
  arriving_.push_back(std::move(request));
  charge_funding(ctx.now);
  receive(ctx.now);
  deliver(ctx.now, out);
}

void exchange_engine::receive(timestamp now) {
  while (!arriving_.empty() && arriving_.front().due <= now) {
    arrival request = std::move(arriving_.front());
    arriving_.pop_front();
    switch (request.kind) {
      case request_kind::order: place_order(request, now); break;
      case request_kind::cancel: cancel_order(request, now); break;
      case request_kind::account:
        leave({{}, {}, account(request.request), std::nullopt, request.order.cause}, now);
        break;
    }
  }
}

void exchange_engine::place_order(arrival& request, timestamp now) {
  const std::string why = refusal(request, now);
  remember(request, now);
  if (!why.empty()) return refuse(request, report_kind::rejected, why, now);
  auto& market = markets_.find(request.instrument)->second;
  request.order.reduces |= market.what().account == account_type::spot && request.order.direction == side::sell;
  std::vector<exchange::order_event> events;
  market.submit(std::move(request.order), {now, settings_, random_, events});
  report(std::move(events), now);
}

void exchange_engine::remember(const arrival& request, timestamp now) {
  timestamp& until = seen_[request.order.id];
  until = std::max(until, request.valid_until);
  if (seen_.size() < forget_at_) return;
  std::erase_if(seen_, [&](const auto& each) { return each.second < now; });
  forget_at_ = std::max<std::uint64_t>(1'024, 2 * seen_.size());
}

void exchange_engine::cancel_order(arrival& request, timestamp now) {
  std::vector<exchange::order_event> events;
  const auto market = markets_.find(request.instrument);
  const bool done = market != markets_.end() && market->second.cancel(request.order.id, request.reason, {now, settings_, random_, events});
  if (!done) return refuse(request, report_kind::cancel_rejected, "no such order is open", now);
  report(std::move(events), now);
}

std::string exchange_engine::refusal(const arrival& request, timestamp now) const {
  if (now > request.valid_until) return "the order came after its time of validity";
  if (seen_.contains(request.order.id)) return "the client order id has been used before";
  if (!markets_.contains(request.instrument)) return "the instrument is not listed";
  return {};
}

void exchange_engine::refuse(const arrival& request, report_kind kind, std::string reason, timestamp now) {
  execution_reported refused;
  refused.id = request.order.id;
  refused.instrument = request.instrument;
  refused.direction = request.order.direction;
  refused.kind = kind;
  refused.reason = std::move(reason);
  report({{std::move(refused), request.order.cause}}, now);
}

exchange_engine::statement exchange_engine::account(std::uint64_t request) const {
  statement result;
  result.request = request;
  for (const auto& [id, market] : markets_) {
    if (market.fills() > 0) result.positions.push_back({market.position()});
    for (const auto& order : market.resting()) result.orders.push_back({{order.id, order.rest()}});
    result.fees += market.held().fees();
    result.fills += market.fills();
  }
  return result;
}

void exchange_engine::report(std::vector<exchange::order_event> events, timestamp now) {
  for (auto& event : events) leave({{}, std::move(event.report), std::nullopt, std::nullopt, event.cause}, now);
}

void exchange_engine::deliver(timestamp now, outputs_type& out) {
  for (; !leaving_.empty() && leaving_.front().due <= now; leaving_.pop_front()) {
    departure& next = leaving_.front();
    const origin from{next.cause, 0};
    if (next.funding) {
      out.emit(funding_reported{*next.funding}, from);
      continue;
    }
    if (!next.account) {
      out.emit(std::move(next.report), from);
      continue;
    }
    account_reported said{next.account->request, {}, {}, next.account->fees, next.account->fills};
    said.positions.assign(next.account->positions.begin(), next.account->positions.end());
    said.orders.assign(next.account->orders.begin(), next.account->orders.end());
    out.emit(std::move(said), from);
  }
}

}  // namespace remora
