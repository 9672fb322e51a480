#include "remora/risk/gate.hpp"

#include "remora/base/text.hpp"
#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace remora::risk {
namespace {

std::string text_of(amount value) { return grouped(to_double(value), 2); }
double number(quantity size) noexcept { return static_cast<double>(size.lots); }
double number(timestamp time) noexcept { return static_cast<double>(count_of(time)) / 1e9; }

/// A limit refuses what would exceed it, but never an order that does not make the worst case worse.
bool exceeds(amount before, amount after, amount limit) noexcept { return after > limit && after > before; }

bool reduces(const gate_view& v) noexcept { return v.worst_after <= v.worst_before; }

}  // namespace

verdict instrument_listed_first(const gate_view& v) {
  if (v.listed) return {};
  return refusal{"The instrument was never listed by the gateway.", {}};
}

verdict stream_open(const gate_view& v) {
  if (!v.stream_ended) return {};
  return refusal{"The market data ended; no new risk is taken.", {}};
}

verdict feed_live(const gate_view& v) {
  if (v.feed == feed_state::live) return {};
  return refusal{fmt::format("The feed is {}; new risk needs a live one.", name_of(v.feed)), {}};
}

verdict quote_known(const gate_view& v) {
  if (v.quote_known) return {};
  return refusal{fmt::format("There is no quote to {} at.", name_of(v.direction)), {}};
}

verdict signal_fresh(const gate_view& v) {
  if (v.now <= v.valid_until) return {};
  return refusal{fmt::format("The signal held until {} and it is {} now.", iso_time(v.valid_until), iso_time(v.now)),
                 {{"now_s", number(v.now)}, {"valid_until_s", number(v.valid_until)}}};
}

verdict regime_calm(const gate_view& v) {
  if (v.market_regime != regime::crisis) return {};
  return refusal{"The regime is CRISIS; no new risk is taken.", {}};
}

verdict breaker_closed(const gate_view& v) {
  if (v.breaker.empty()) return {};
  return refusal{fmt::format("The {} breaker holds; only reductions are allowed.", v.breaker), {}};
}

verdict no_open_parent(const gate_view& v) {
  if (!v.open_parent) return {};
  return refusal{fmt::format("A parent ({}) is still at work on this instrument.", name_of(*v.open_parent)), {}};
}

verdict spot_inventory(const gate_view& v) {
  const bool sells = v.account == account_type::spot && v.direction == side::sell;
  if (!sells || (v.position.lots > 0 && v.size <= v.position)) return {};
  return refusal{fmt::format("A spot account sells only what it holds: {} lots are held, {} would be sold.", v.position.lots, v.size.lots),
                 {{"position_lots", number(v.position)}, {"size_lots", number(v.size)}}};
}

verdict order_size(const gate_view& v) {
  if (v.size.lots > 0 && v.size >= v.quantity_min && v.notional >= v.notional_min) return {};
  return refusal{fmt::format("The size of {} lots, worth {}, is below the venue's smallest order of {} lots and {}, or the prior sees no edge.",
                             v.size.lots, text_of(v.notional), v.quantity_min.lots, text_of(v.notional_min)),
                 {{"size_lots", number(v.size)},
                  {"quantity_min_lots", number(v.quantity_min)},
                  {"notional", to_double(v.notional)},
                  {"notional_min", to_double(v.notional_min)}}};
}

verdict exposure_known(const gate_view& v) {
  if (v.exposure_known) return {};
  return refusal{"What is held and open already cannot be valued: an instrument has no price, or its lots are beyond counting.", {}};
}

verdict order_notional(const gate_view& v) {
  if (v.notional_max <= v.limits.max_notional_per_order) return {};
  return refusal{fmt::format("The order may cost {} and one order at most {}.", text_of(v.notional_max), text_of(v.limits.max_notional_per_order)),
                 {{"notional_max", to_double(v.notional_max)}, {"max_notional_per_order", to_double(v.limits.max_notional_per_order)}}};
}

verdict position_limit(const gate_view& v) {
  if (!exceeds(v.worst_before, v.worst_after, v.limits.max_position_size)) return {};
  return refusal{fmt::format("The position could reach {} and the limit is {}.", text_of(v.worst_after), text_of(v.limits.max_position_size)),
                 {{"worst_case", to_double(v.worst_after)}, {"max_position_size", to_double(v.limits.max_position_size)}}};
}

verdict concentration(const gate_view& v) {
  const amount limit = share_of(v.equity, v.limits.max_position_pct);
  if (!exceeds(v.worst_before, v.worst_after, limit)) return {};
  return refusal{fmt::format("The position could reach {} and may be {}, the share {} of an equity of {}.", text_of(v.worst_after), text_of(limit),
                             v.limits.max_position_pct, text_of(v.equity)),
                 {{"worst_case", to_double(v.worst_after)}, {"limit", to_double(limit)}, {"equity", to_double(v.equity)}}};
}

verdict leverage(const gate_view& v) {
  const amount limit = share_of(v.equity, v.limits.max_leverage);
  if (!exceeds(v.gross_before, v.gross_after, limit)) return {};
  return refusal{fmt::format("Gross exposure could reach {} and may be {}, {} times an equity of {}.", text_of(v.gross_after), text_of(limit),
                             v.limits.max_leverage, text_of(v.equity)),
                 {{"gross_worst_case", to_double(v.gross_after)}, {"limit", to_double(limit)}, {"equity", to_double(v.equity)}}};
}

verdict daily_loss(const gate_view& v) {
  const amount loss = v.day_start_equity - v.equity;
  const amount limit = share_of(v.day_start_equity, v.limits.max_daily_drawdown);
  if (v.day_start_equity.nanos > 0 && loss < limit) return {};
  return refusal{fmt::format("{} were lost since the start of the day and the limit is {}.", text_of(loss), text_of(limit)),
                 {{"loss", to_double(loss)}, {"limit", to_double(limit)}, {"day_start_equity", to_double(v.day_start_equity)}}};
}

verdict correlation(const gate_view& v) {
  if (reduces(v)) return {};
  const auto alike = [&](const correlated_holding& h) { return h.correlation && *h.correlation > v.limits.max_correlation; };
  const auto found = std::find_if(v.holdings.begin(), v.holdings.end(), alike);
  if (found == v.holdings.end()) return {};
  return refusal{fmt::format("It moves with {}, which is held: correlation {:.3f} over {} minutes, and the limit is {}.", found->symbol,
                             *found->correlation, found->observations, v.limits.max_correlation),
                 {{"correlation", *found->correlation},
                  {"max_correlation", v.limits.max_correlation},
                  {"observations", static_cast<double>(found->observations)}}};
}

verdict order_rate(const gate_view& v) {
  const std::uint64_t total = v.order_rate + v.orders_per_second;
  if (total <= v.limits.max_order_rate) return {};
  return refusal{fmt::format("The open grants and this one allow {} orders per second together and the limit is {}.", total, v.limits.max_order_rate),
                 {{"orders_per_second", static_cast<double>(total)}, {"max_order_rate", static_cast<double>(v.limits.max_order_rate)}}};
}

verdict single_exit(const gate_view& v) {
  if (!v.open_parent || !is_exit(*v.open_parent)) return {};
  return refusal{fmt::format("An exit ({}) is still at work on this instrument.", name_of(*v.open_parent)), {}};
}

verdict reduces_position(const gate_view& v) {
  const std::int64_t against = v.direction == side::sell ? v.position.lots : -v.position.lots;
  if (v.size.lots > 0 && v.size.lots <= against) return {};
  return refusal{fmt::format("To {} {} lots does not reduce a position of {} lots.", name_of(v.direction), v.size.lots, v.position.lots),
                 {{"position_lots", number(v.position)}, {"size_lots", number(v.size)}}};
}

std::optional<gate_refusal> first_refusal(const gate_view& view) {
  const applies_to purpose = is_exit(view.purpose) ? applies_to::exits : applies_to::entries;
  for (const rule& r : gate) {
    if (r.purposes != purpose && r.purposes != applies_to::all) continue;
    if (auto why = r.check(view)) return gate_refusal{r.name, std::move(*why)};
  }
  return std::nullopt;
}

}  // namespace remora::risk
