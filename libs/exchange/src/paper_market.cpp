#include "remora/exchange/paper_market.hpp"

#include <algorithm>

namespace remora::exchange {
namespace {

constexpr auto met_own_order = "it would have traded with another order of this account";

/// A buyer comes to lower prices first, a seller to higher ones.
bool comes_before(side taker, price one, price other) { return taker == side::buy ? one < other : one > other; }

bool ends_unfilled(report_kind kind) {
  return kind == report_kind::rejected || kind == report_kind::cancelled || kind == report_kind::expired;
}

execution_reported report_of(const live_order& order, report_kind kind, const instrument& what, std::string reason = {}) {
  execution_reported report;
  report.id = order.id;
  report.instrument = what.id;
  report.direction = order.direction;
  report.kind = kind;
  report.filled = order.filled;
  report.remaining = ends_unfilled(kind) ? quantity{} : order.rest();
  report.reason = std::move(reason);
  return report;
}

}  // namespace

void paper_market::apply(const book_snapshot& part, const matching_context& c) {
  book_.apply(part);
  if (part.last) requeue(c);
}

void paper_market::apply(const book_changed& change, const matching_context& c) {
  book_.apply(change);
  requeue(c);
}

void paper_market::apply(const quote_seen& quote, const matching_context& c) {
  book_.apply(quote);
  requeue(c);
}

void paper_market::apply(const trade_seen& trade, const matching_context& c) {
  mark_ = trade.at;
  if (resting_.empty()) return;
  if (trade.own_fill != 0) return pass_own(trade);
  std::int64_t volume = trade.size.lots;
  for (live_order& order : resting_) {
    if (order.limit == trade.at || !order.reaches(trade.at)) continue;
    volume -= fillable(order).lots;
    fill(order, {order.limit, fillable(order)}, liquidity::maker, c);
  }
  const bool lucky = c.random.uniform() < c.settings.prob_fill_on_limit;
  for (live_order& order : resting_) {
    if (order.limit == trade.at && order.direction != trade.aggressor)
      volume -= fill_touched(order, std::max<std::int64_t>(volume, 0), lucky, c);
  }
  drop_ended(c);
}

/// What we took ourselves is gone from the queues, but nobody trades with himself: our orders met each other when that order came.
void paper_market::pass_own(const trade_seen& trade) {
  for (live_order& order : resting_)
    if (order.limit == trade.at && order.direction != trade.aggressor) order.queue.trade(trade.size.lots);
}

/// Without its book the market shows quotes only; resting orders keep their place.
void paper_market::apply(const feed_changed& change, const matching_context&) {
  if (change.state == feed_state::syncing) book_.lose();
}

/// A print of `volume` at the order's price; the lots it fills.
std::int64_t paper_market::fill_touched(live_order& order, std::int64_t volume, bool lucky, const matching_context& c) {
  const std::int64_t reached = order.queue.trade(volume);
  const std::int64_t filled = lucky ? std::min(reached, fillable(order).lots) : 0;
  fill(order, {order.limit, {filled}}, liquidity::maker, c);
  return filled;
}

void paper_market::submit(live_order order, const matching_context& c) {
  if (auto why = refusal(order); !why.empty()) {
    c.events.push_back({report_of(order, report_kind::rejected, what_, std::move(why)), order.cause});
    return;
  }
  c.events.push_back({report_of(order, report_kind::accepted, what_), order.cause});
  if (order.force != time_in_force::post_only) take(order, c);
  rest_or_end(std::move(order), c);
  drop_ended(c);  // at once, so that the next order meets none that can trade no more
}

/// Orders of ours do not trade with each other. At prices up to `until` they are met before what the market shows there.
/// No report tells that an order became smaller, so one that would shrink ends, and what is left of the new one does not wait.
void paper_market::meet_own(live_order& order, price until, const matching_context& c) {
  while (fillable(order).lots > 0) {
    const auto met = next_own(order, until);
    if (met == resting_.end()) return;
    if (c.settings.own_orders == self_trade::cancel_newest) {
      order.withdrawn += order.rest();
      return;
    }
    if (c.settings.own_orders == self_trade::decrement) order.withdrawn += std::min(fillable(order), fillable(*met));
    c.events.push_back({report_of(*met, report_kind::cancelled, what_, met_own_order), met->cause});
    resting_.erase(met);
  }
}

/// Of ours, which waits for `order` at a price up to `until`: the best price, then the oldest.
std::vector<live_order>::const_iterator paper_market::next_own(const live_order& order, price until) const {
  auto next = resting_.end();
  for (auto at = resting_.begin(); at != resting_.end(); ++at) {
    const bool meets = at->direction != order.direction && !comes_before(order.direction, until, at->limit);
    if (meets && (next == resting_.end() || comes_before(order.direction, at->limit, next->limit))) next = at;
  }
  return next;
}

bool paper_market::cancel(const client_order_id& id, const std::string& reason, const matching_context& c) {
  const auto found = std::find_if(resting_.begin(), resting_.end(), [&](const live_order& order) { return order.id == id; });
  if (found == resting_.end()) return false;
  c.events.push_back({report_of(*found, report_kind::cancelled, what_, reason), found->cause});
  resting_.erase(found);
  return true;
}

std::string paper_market::refusal(const live_order& order) const {
  if (!book_.known()) return "there is no market yet";
  if (order.limit.ticks <= 0) return "the limit price is not positive";
  if (order.size.lots <= 0) return "the size is not positive";
  if (what_.quantity_max.lots > 0 && order.size > what_.quantity_max) return "the size is above the largest order";
  if (order.reduces && account_.reducible(order.direction).lots == 0) return "there is nothing to reduce";
  if (below_minimum(order)) return "the order is below the smallest size or notional";
  if (order.force == time_in_force::post_only && crosses(order)) return "a post-only order would take";
  return {};
}

/// What only closes a position may be of any size: else a small rest could never be closed.
bool paper_market::below_minimum(const live_order& order) const {
  if (order.reduces) return false;
  const auto notional = notional_of(what_, order.limit, order.size);
  return order.size < what_.quantity_min || !notional || absolute(*notional) < what_.notional_min;
}

bool paper_market::crosses(const live_order& order) const {
  const auto touch = book_.best(opposite(order.direction));
  return touch && order.reaches(touch->at);
}

quantity paper_market::fillable(const live_order& order) const {
  return order.reduces ? std::min(order.rest(), account_.reducible(order.direction)) : order.rest();
}

/// What the market shows up to the order's limit, no more than it may fill, the best price first.
std::vector<level> paper_market::offered_to(const live_order& order, timestamp now) const {
  std::vector<level> offered;
  quantity wanted = fillable(order);
  book_.for_each_available(opposite(order.direction), now, [&](level shown) {
    if (wanted.lots <= 0 || !order.reaches(shown.at)) return false;
    offered.push_back({shown.at, std::min(wanted, shown.size)});
    wanted -= offered.back().size;
    return true;
  });
  return offered;
}

/// Enough is offered, and no order of ours ends or shortens it before.
bool paper_market::fills_wholly(const live_order& order, const std::vector<level>& offered, const matching_context& c) const {
  const bool stops_at_own = c.settings.own_orders != self_trade::cancel_oldest;
  quantity sum;
  for (const level& each : offered) {
    if (stops_at_own && next_own(order, each.at) != resting_.end()) return false;
    sum += each.size;
  }
  return sum == order.rest();
}

/// Price by price, so that it meets only those orders of ours to which the better prices really lead it.
void paper_market::take(live_order& order, const matching_context& c) {
  const std::vector<level> offered = offered_to(order, c.now);
  if (order.force == time_in_force::fok && !fills_wholly(order, offered, c)) return;
  const bool slips = !offered.empty() && c.random.uniform() < c.settings.prob_slippage;
  for (const level& each : offered) {
    meet_own(order, each.at, c);
    take_level(order, {each.at, std::min(each.size, fillable(order))}, slips, c);
  }
  meet_own(order, order.limit, c);
}

void paper_market::take_level(live_order& order, level taken, bool slips, const matching_context& c) {
  if (taken.size.lots <= 0) return;
  book_.consume(opposite(order.direction), taken, c.now, c.now + c.settings.consumed_decay);
  const price paid{taken.at.ticks + (slips && taken.at != order.limit ? sign_of(order.direction) : 0)};
  fill(order, {paid, taken.size}, liquidity::taker, c);
}

void paper_market::rest_or_end(live_order order, const matching_context& c) {
  if (order.filled == order.size) return;
  if (order.withdrawn.lots > 0) {
    c.events.push_back({report_of(order, report_kind::cancelled, what_, met_own_order), order.cause});
  } else if (order.reduces && fillable(order).lots == 0) {
    c.events.push_back({report_of(order, report_kind::cancelled, what_, "there is nothing left to reduce"), order.cause});
  } else if (order.force == time_in_force::fok) {
    c.events.push_back({report_of(order, report_kind::expired, what_, "it could not be filled wholly at once"), order.cause});
  } else if (order.force == time_in_force::ioc || order.force == time_in_force::market) {
    c.events.push_back({report_of(order, report_kind::expired, what_, "nothing more is offered up to its limit"), order.cause});
  } else {
    order.queue = queue_position(book_.queue_at(order.direction, order.limit).lots);
    resting_.push_back(std::move(order));
  }
}

/// After the book changed: queues shrink with their levels, and what an opposite quote has reached is filled.
void paper_market::requeue(const matching_context& c) {
  for (live_order& order : resting_) {
    order.queue.show(book_.queue_at(order.direction, order.limit).lots, c.settings.queue);
    bool reached = false;
    book_.for_each_available(opposite(order.direction), c.now, [&](level shown) {
      reached = order.reaches(shown.at);
      return false;
    });
    if (reached) fill(order, {order.limit, fillable(order)}, liquidity::maker, c);
  }
  drop_ended(c);
}

void paper_market::fill(live_order& order, level at, liquidity role, const matching_context& c) {
  if (at.size.lots <= 0) return;
  const std::int32_t rate = role == liquidity::maker ? what_.maker_fee_e6 : what_.taker_fee_e6;
  const auto notional = notional_of(what_, at.at, at.size);
  const amount fee = notional ? fee_of(absolute(*notional), rate) : amount{};
  order.filled += at.size;
  account_.book(what_, order.direction, at.at, at.size, fee);
  auto report = report_of(order, order.filled == order.size ? report_kind::filled : report_kind::partially_filled, what_);
  report.fill_id = ++fills_;
  report.last_price = at.at;
  report.last_size = at.size;
  report.fee = fee;
  report.role = role;
  c.events.push_back({std::move(report), order.cause});
}

std::optional<funding_charged> paper_market::charge_funding(std::int64_t rate_e9, timestamp due) {
  const quantity held = account_.position();
  if (what_.account == account_type::spot || held.lots == 0 || !mark_ || rate_e9 == 0) return std::nullopt;
  const auto worth = notional_of(what_, *mark_, held);
  if (!worth) return std::nullopt;
  // Rounded alike for both sides, so that what one pays the other receives.
  constexpr int128 unit = 1'000'000'000;
  const int128 owed = worth->nanos / unit * rate_e9 + worth->nanos % unit * rate_e9 / unit;
  account_.pay_funding({owed});
  return funding_charged{what_.id, ++fundings_, held, *mark_, rate_e9, {owed}, due};
}

void paper_market::drop_ended(const matching_context& c) {
  for (const live_order& order : resting_) {
    if (order.rest().lots == 0 || fillable(order).lots > 0) continue;
    c.events.push_back({report_of(order, report_kind::cancelled, what_, "there is nothing left to reduce"), order.cause});
  }
  std::erase_if(resting_, [&](const live_order& order) { return fillable(order).lots == 0; });
}

}  // namespace remora::exchange
