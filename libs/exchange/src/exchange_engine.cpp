#include "remora/exchange/exchange_engine.hpp"

#include <algorithm>

namespace remora {

exchange_engine::exchange_engine(exchange_settings settings) : settings_(settings), random_(settings.seed) {}

void exchange_engine::on(const instrument_listed& message, const context&, outputs_type&) {
  markets_.try_emplace(message.what.id).first->second.relist(message.what);
}

void exchange_engine::on(const stream_ended&, const context&, outputs_type&) {}

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
  return next == never ? std::nullopt : std::optional(next);
}

void exchange_engine::wake(const context& ctx, outputs_type& out) {
  receive(ctx.now);
  deliver(ctx.now, out);
}

void exchange_engine::enqueue(arrival request, const context& ctx, outputs_type& out) {
  request.due = ctx.now + settings_.order_latency;
  arriving_.push_back(std::move(request));
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
        leaving_.push_back({now + settings_.response_latency, {}, account(request.request), request.order.cause});
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
  for (auto& event : events) leaving_.push_back({now + settings_.response_latency, std::move(event.report), std::nullopt, event.cause});
}

void exchange_engine::deliver(timestamp now, outputs_type& out) {
  for (; !leaving_.empty() && leaving_.front().due <= now; leaving_.pop_front()) {
    departure& next = leaving_.front();
    const origin from{next.cause, 0};
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
