#include "remora/signal/whale_watch.hpp"

#include <algorithm>
#include <limits>

namespace remora::signal {
namespace {

constexpr std::size_t floor_window = 10'000;  // orders
constexpr std::size_t floor_orders_min = 1'000;

}  // namespace

evidence evidence_of(const candidate_weighed& candidate) noexcept {
  return {candidate.size_evidence, candidate.impact_ratio, candidate.sign_evidence, candidate.book_support, candidate.detector == whale_watch::run_name};
}

whale_watch::whale_watch(const whale_settings& settings)
    : baseline_(settings), sizes_({.rate = settings.alarm_rate}), size_budget_({.rate = settings.alarm_rate}),
      runs_({.threshold = settings.metaorder_threshold}), run_budget_({.rate = settings.metaorder_rate, .gain = 0.02, .lowest = 0, .burst = 4}),
      notionals_(floor_window) {}

void whale_watch::rest(std::optional<double> log_return, quantity traded) {
  if (log_return) expected_impact_.add(*log_return, traded);
  if (sizes_.fit_due()) sizes_.fit();
}

whale_watch::judgement whale_watch::judge(const aggressor_order_seen& order, const microstructure& flow, timestamp now, const whale_settings& settings) {
  candidate_weighed seen = describe(order);
  const amount trailing = trailing_floor(settings);
  seen.floor = std::max(settings.min_whale_size, trailing);
  const zscore_verdict baseline = baseline_.judge(order, has_impact(seen, settings), settings);
  seen.z = baseline.z;
  auto verdict = sizes_.judge(to_double(order.notional));
  if (verdict) {
    seen.size_evidence = verdict->evidence();
    if (order.notional < trailing) verdict->threshold = std::numeric_limits<double>::infinity();  // large for its hour, not for its day
  }
  const auto found = runs_.add(order, now, run_budget_.factor());
  notionals_.push(to_double(order.notional));

  judgement both{weigh_size(seen, baseline, verdict, settings), weigh_run(seen, found, settings)};
  for (auto* each : {&both.size, &both.run}) {
    if (!*each || (*each)->detector == zscore_detector::name) continue;
    (*each)->book_support = flow.support(order.aggressor, now);
    (*each)->confidence = confidence_of(evidence_of(**each), shipped_evidence_model());
  }
  return both;
}

candidate_weighed whale_watch::describe(const aggressor_order_seen& order) const {
  candidate_weighed seen;
  seen.instrument = order.instrument;
  seen.dominant = order.aggressor;
  seen.first_price = order.first_price;
  seen.last_price = order.last_price;
  seen.size = order.size;
  seen.notional = order.notional;
  seen.first_trade_id = order.first_trade_id;
  seen.last_trade_id = order.last_trade_id;
  seen.venue_time = seen.since = order.venue_time;
  seen.sign_evidence = runs_.evidence(order.aggressor) - runs_.evidence(opposite(order.aggressor));
  measure_impact(seen);
  return seen;
}

/// Lowered with the threshold where alarms are fewer than promised: sizes that shrink for hours would otherwise pass no quantile of their past.
amount whale_watch::trailing_floor(const whale_settings& settings) const {
  if (notionals_.count() < floor_orders_min) return {};
  const double quantile = notionals_.quantile(settings.floor_quantile).value_or(0);
  return amount_of(quantile * std::min(1.0, size_budget_.factor())).value_or(amount{});
}

void whale_watch::measure_impact(candidate_weighed& of) const {
  if (of.first_price.ticks <= 0) return;
  const auto move = static_cast<double>((of.last_price - of.first_price).ticks * sign_of(of.dominant));
  of.impact = move / static_cast<double>(of.first_price.ticks);
  if (const auto expected = expected_impact_.of(of.size)) of.impact_ratio = of.impact / *expected;
}

bool whale_watch::has_impact(const candidate_weighed& of, const whale_settings& settings) noexcept {
  return of.impact > settings.price_impact_threshold || of.impact_ratio > settings.impact_ratio;
}

weighing whale_watch::result_of(admission verdict, const candidate_weighed& of, const whale_settings& settings) const noexcept {
  if (verdict == admission::below || (settings.require_impact && !has_impact(of, settings))) return weighing::ordinary;
  if (verdict == admission::withheld) return weighing::withheld;
  return of.notional < of.floor ? weighing::below_floor : weighing::whale;
}

std::optional<candidate_weighed> whale_watch::weigh_size(const candidate_weighed& seen, const zscore_verdict& baseline,
                                                         const std::optional<size_verdict>& verdict, const whale_settings& settings) {
  candidate_weighed weighed = seen;
  if (settings.detector == size_detector::zscore_baseline || !verdict) {
    if (!baseline.alarm) return std::nullopt;
    weighed.detector = zscore_detector::name;
    weighed.dominant = baseline.dominant;
    weighed.confidence = baseline.confidence;
    weighed.result = result_of(admission::admitted, weighed, settings);
    return weighed;
  }
  const bool beyond = verdict->multiple > verdict->threshold * size_budget_.factor();
  weighed.detector = size_name;
  weighed.result = result_of(size_budget_.take(beyond), weighed, settings);
  return beyond || verdict->in_tail ? std::optional(weighed) : std::nullopt;
}

std::optional<candidate_weighed> whale_watch::weigh_run(const candidate_weighed& seen, const std::optional<metaorder>& found,
                                                        const whale_settings& settings) {
  const admission verdict = run_budget_.take(found.has_value());
  if (!found) return std::nullopt;
  candidate_weighed weighed = seen;
  weighed.detector = run_name;
  weighed.dominant = found->direction;
  weighed.first_price = found->first_price;
  weighed.size = found->size;
  weighed.notional = found->notional;
  weighed.orders = found->orders;
  weighed.first_trade_id = found->first_trade_id;
  weighed.since = found->since;
  weighed.sign_evidence = found->evidence;
  measure_impact(weighed);
  weighed.result = result_of(verdict, weighed, settings);
  return weighed;
}

}  // namespace remora::signal
