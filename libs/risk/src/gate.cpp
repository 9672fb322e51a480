#include "remora/risk/gate.hpp"

#include "remora/base/text.hpp"
#include "remora/risk/sizing.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace remora::risk {
namespace {

std::string text_of(amount value) { return grouped(to_double(value), 2); }
double number(quantity size) noexcept { return static_cast<double>(size.lots); }
double number(timestamp time) noexcept { return static_cast<double>(count_of(time)) / 1e9; }

/// A limit refuses what would exceed it, but never an order that does not make the worst case worse.
bool exceeds(amount before, amount after, amount limit) noexcept { return after > limit && after > before; }

bool reduces(const gate_view& v) noexcept { return v.worst_after <= v.worst_before; }

/// Within the band around a trusted price; both in the same unit.
bool is_near(int128 asked, int128 trusted, const limit_settings& limits) noexcept {
  const int128 distance = asked < trusted ? trusted - asked : asked - trusted;
  return distance * 1'000'000 <= static_cast<int128>(std::llround(limits.max_price_deviation * 1e6)) * trusted;
}

}  // namespace

verdict instrument_listed_first(const gate_view& v) {
  if (v.listed) return {};
  return refusal{"The instrument was never listed by the gateway.", {}};
}

verdict kill_switch(const gate_view& v) {
  if (v.state != risk_state::halted) return {};
  return refusal{fmt::format("RISK is HALTED ({}); nothing is sent.", v.causes), {}};
}

verdict stream_open(const gate_view& v) {
  if (!v.stream_ended) return {};
  return refusal{"The market data ended; no new risk is taken.", {}};
}

verdict feed_live(const gate_view& v) {
  if (v.feed == feed_state::live) return {};
  return refusal{fmt::format("The feed is {}; new risk needs a live one.", name_of(v.feed)), {}};
}

verdict venue_open(const gate_view& v) {
  if (v.feed != feed_state::ended) return {};
  return refusal{"The venue ended this market.", {}};
}

verdict market_heard(const gate_view& v) {
  if (v.now - v.heard <= v.limits.max_quote_age) return {};
  return refusal{fmt::format("The last word of this market's quotes, book or feed is of {} and it is {} now.", iso_time(v.heard), iso_time(v.now)),
                 {{"age_s", number(v.now) - number(v.heard)}, {"max_quote_age_s", static_cast<double>(v.limits.max_quote_age.count()) / 1e3}}};
}

verdict quote_known(const gate_view& v) {
  if (v.reference) return {};
  return refusal{fmt::format("There is no quote to {} at.", name_of(v.direction)), {}};
}

verdict signal_fresh(const gate_view& v) {
  if (v.now <= v.valid_until) return {};
  return refusal{fmt::format("The signal held until {} and it is {} now.", iso_time(v.valid_until), iso_time(v.now)),
                 {{"now_s", number(v.now)}, {"valid_until_s", number(v.valid_until)}}};
}

verdict score_usable(const gate_view& v) {
  if (std::isfinite(v.score)) return {};
  return refusal{"The signal's score is no number.", {}};
}

verdict regime_calm(const gate_view& v) {
  if (v.market_regime != regime::crisis) return {};
  return refusal{"The regime is CRISIS; no new risk is taken.", {}};
}

verdict breaker_closed(const gate_view& v) {
  if (v.state < risk_state::reduce_only) return {};
  return refusal{fmt::format("RISK is {} ({}); no new risk is taken.", name_of(v.state), v.causes), {}};
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

verdict spot_cash(const gate_view& v) {
  if (v.account != account_type::spot || v.direction != side::buy || v.notional_max + v.fee_max <= v.spot_cash) return {};
  return refusal{fmt::format("A spot account buys with the cash it has: {} are free, and the order may cost {} with its fee.", text_of(v.spot_cash),
                             text_of(v.notional_max + v.fee_max)),
                 {{"spot_cash", to_double(v.spot_cash)}, {"cost_max", to_double(v.notional_max + v.fee_max)}}};
}

verdict whole_ticks(const gate_view& v) {
  if (!v.reference || v.reference->ticks > 0) return {};
  return refusal{fmt::format("A price of {} ticks is none.", v.reference->ticks), {{"reference_ticks", static_cast<double>(v.reference->ticks)}}};
}

verdict price_band(const gate_view& v) {
  if (!v.reference) return {};
  const bool quoted = v.bid && v.ask;
  const int128 middle = quoted ? static_cast<int128>(v.bid->ticks) + v.ask->ticks : 0;
  const int128 last = v.last ? static_cast<int128>(v.last->ticks) * 2 : 0;
  const int128 asked = static_cast<int128>(v.reference->ticks) * 2;
  const bool trusted = quoted || v.last;
  if (trusted && (!quoted || is_near(asked, middle, v.limits)) && (!v.last || is_near(asked, last, v.limits))) return {};
  return refusal{fmt::format("The price of {} ticks strays by more than {} from the middle of the quote ({} ticks) or the last trade ({} ticks); 0: unknown.",
                             v.reference->ticks, v.limits.max_price_deviation, static_cast<double>(middle) / 2, static_cast<double>(last) / 2),
                 {{"reference_ticks", static_cast<double>(v.reference->ticks)},
                  {"middle_ticks", static_cast<double>(middle) / 2},
                  {"last_ticks", static_cast<double>(last) / 2},
                  {"max_price_deviation", v.limits.max_price_deviation}}};
}

verdict order_size(const gate_view& v) {
  if (v.size.lots > 0) return {};
  return refusal{"There is nothing to order: the prior sees no edge, or there is no equity or no room for it.", {{"size_lots", number(v.size)}}};
}

verdict quantity_least(const gate_view& v) {
  if (v.size >= v.quantity_min) return {};
  return refusal{fmt::format("{} lots are fewer than the {} of the venue's smallest order.", v.size.lots, v.quantity_min.lots),
                 {{"size_lots", number(v.size)}, {"quantity_min_lots", number(v.quantity_min)}}};
}

verdict quantity_most(const gate_view& v) {
  if (v.quantity_max.lots <= 0 || v.size <= v.quantity_max) return {};
  return refusal{fmt::format("{} lots are more than the {} of the venue's largest order.", v.size.lots, v.quantity_max.lots),
                 {{"size_lots", number(v.size)}, {"quantity_max_lots", number(v.quantity_max)}}};
}

verdict notional_least(const gate_view& v) {
  if (v.notional >= v.notional_min) return {};
  return refusal{fmt::format("A worth of {} is less than the {} of the venue's smallest order.", text_of(v.notional), text_of(v.notional_min)),
                 {{"notional", to_double(v.notional)}, {"notional_min", to_double(v.notional_min)}}};
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

verdict position_share(const gate_view& v) {
  const amount limit = share_of(v.equity, v.limits.max_position_pct);
  if (!exceeds(v.worst_before, v.worst_after, limit)) return {};
  return refusal{fmt::format("The position could reach {} and may be {}, the share {} of an equity of {}.", text_of(v.worst_after), text_of(limit),
                             v.limits.max_position_pct, text_of(v.equity)),
                 {{"worst_case", to_double(v.worst_after)}, {"limit", to_double(limit)}, {"equity", to_double(v.equity)}}};
}

verdict concentration_index(const gate_view& v) {
  constexpr std::uint32_t names_judged_from = 5;
  const bool within = v.index_after <= v.limits.max_concentration_index || v.index_after <= v.index_before;  // no number is neither
  if (v.names_after < names_judged_from || within) return {};
  return refusal{fmt::format("The exposures would hang on few of {} names: an index of {:.3f}, and the limit is {}.", v.names_after, v.index_after,
                             v.limits.max_concentration_index),
                 {{"concentration_index", v.index_after},
                  {"max_concentration_index", v.limits.max_concentration_index},
                  {"names", static_cast<double>(v.names_after)}}};
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
  const auto alike = [&](const linked_holding& h) { return h.correlation && !(*h.correlation <= v.limits.max_correlation); };
  const auto found = std::find_if(v.holdings.begin(), v.holdings.end(), alike);
  if (found == v.holdings.end()) return {};
  return refusal{fmt::format("It moves with {}, which is held: correlation {:.3f} over {} minutes, and the limit is {}.", found->symbol,
                             *found->correlation, found->observations, v.limits.max_correlation),
                 {{"correlation", *found->correlation},
                  {"max_correlation", v.limits.max_correlation},
                  {"observations", static_cast<double>(found->observations)}}};
}

verdict correlation_cluster(const gate_view& v) {
  if (reduces(v)) return {};
  amount others;
  for (const auto& h : v.holdings) {
    if (is_one_name(h, v.limits)) others += h.worst_case;
  }
  const amount limit = std::min(v.limits.max_position_size, share_of(v.equity, v.limits.max_position_pct));
  if (others.nanos == 0 || v.worst_after + others <= limit) return {};
  return refusal{fmt::format("With what moves with it or against it, or may as far as is known, it could reach {} and counts as one position, which may be {}.",
                             text_of(v.worst_after + others), text_of(limit)),
                 {{"cluster_worst_case", to_double(v.worst_after + others)}, {"limit", to_double(limit)}, {"equity", to_double(v.equity)}}};
}

verdict order_rate(const gate_view& v) {
  const std::uint64_t total = v.order_rate + v.orders_per_second;
  if (total <= v.limits.max_order_rate) return {};
  return refusal{fmt::format("The open grants and this one allow {} orders per second together and the limit is {}.", total, v.limits.max_order_rate),
                 {{"orders_per_second", static_cast<double>(total)}, {"max_order_rate", static_cast<double>(v.limits.max_order_rate)}}};
}

verdict repeated_execution(const gate_view& v) {
  if (v.parents_within_minute < v.limits.max_parents_per_minute) return {};
  return refusal{fmt::format("{} parents of this instrument were ordered within a minute and the limit is {}.", v.parents_within_minute,
                             v.limits.max_parents_per_minute),
                 {{"parents", static_cast<double>(v.parents_within_minute)},
                  {"max_parents_per_minute", static_cast<double>(v.limits.max_parents_per_minute)}}};
}

verdict signal_unused(const gate_view& v) {
  if (!v.signal_used) return {};
  return refusal{"This signal, or a later one of its side, was acted on already.", {}};
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

verdict last_mile(const gate_view& v) {
  if (v.grant_violation.empty()) return {};
  return refusal{fmt::format("EXECUTION could not do all of it under its grant: {}", v.grant_violation), {}};
}

std::vector<rule_violation> violations_of(const gate_view& view) {
  const applies_to purpose = is_exit(view.purpose) ? applies_to::exits : applies_to::entries;
  std::vector<rule_violation> found;
  for (const rule& r : gate) {
    if (r.purposes != purpose && r.purposes != applies_to::all) continue;
    if (auto why = r.check(view)) found.push_back({std::string(r.name), std::move(why->reason), std::move(why->numbers)});
  }
  return found;
}

bool is_one_name(const linked_holding& with, const limit_settings& limits) noexcept {
  return with.correlation ? !(std::abs(*with.correlation) <= limits.max_correlation) : limits.max_correlation < 1;
}

}  // namespace remora::risk
