#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/signal/alarm_budget.hpp"
#include "remora/signal/evidence.hpp"
#include "remora/signal/extreme_value_detector.hpp"
#include "remora/signal/impact_expectation.hpp"
#include "remora/signal/metaorder_detector.hpp"
#include "remora/signal/microstructure.hpp"
#include "remora/signal/settings.hpp"
#include "remora/signal/zscore_detector.hpp"
#include "remora/stats/trailing_rank.hpp"

#include <optional>

namespace remora::signal {

/// Looks for whales among the aggressor orders of one instrument, with several detectors and one measure of evidence:
///
///   size    extreme value of its notional; before there are 1,000 orders, deviations of its volume ─┐
///   signs   a side that is being worked off in many orders (metaorder) ─────────────────────────────┼─▶ confidence
///   impact  the move of the price against the square-root law ──────────────────────────────────────┤
///   book    walls and icebergs in its direction ────────────────────────────────────────────────────┘
///
/// An order is a whale when its size is beyond a threshold that keeps the promised rate of alarms, and its notional reaches the floor: the
/// larger of `min_whale_size` and the `floor_quantile` of the last 10,000 orders, which is lowered with the threshold. The promise is kept
/// for what passes that quantile; how many also reach `min_whale_size` is the market's. A run of orders likewise, by its signs. O(1) an order but for the 24 steps of the
/// quantile; fits are made by rest().
class whale_watch {
 public:
  static constexpr const char* size_name = "extreme-value";
  static constexpr const char* run_name = "metaorder";

  whale_watch() : whale_watch(whale_settings{}) {}
  explicit whale_watch(const whale_settings& settings);

  /// What became of an order: at most one candidate by size and one by signs.
  struct judgement {
    std::optional<candidate_weighed> size, run;
  };
  /// Weighs an order against those before it, then learns it.
  [[nodiscard]] judgement judge(const aggressor_order_seen& order, const microstructure& flow, timestamp now, const whale_settings& settings);
  /// A bar of one second ended: learns what impact to expect, and makes the fit that is due, so that no order waits for it.
  void rest(std::optional<double> log_return, quantity traded);

  [[nodiscard]] const extreme_value_detector& sizes() const noexcept { return sizes_; }
  [[nodiscard]] const alarm_budget& size_budget() const noexcept { return size_budget_; }
  [[nodiscard]] const alarm_budget& run_budget() const noexcept { return run_budget_; }
  /// Orders taken.
  [[nodiscard]] std::uint64_t count() const noexcept { return runs_.count(); }

  template <class Archive>
  void archive(Archive& a) {
    a(baseline_, sizes_, size_budget_, runs_, run_budget_, expected_impact_, notionals_);
  }

 private:
  [[nodiscard]] std::optional<candidate_weighed> weigh_size(const candidate_weighed& seen, const zscore_verdict& baseline,
                                                            const std::optional<size_verdict>& verdict, const whale_settings& settings);
  [[nodiscard]] std::optional<candidate_weighed> weigh_run(const candidate_weighed& seen, const std::optional<metaorder>& found,
                                                           const whale_settings& settings);
  [[nodiscard]] candidate_weighed describe(const aggressor_order_seen& order) const;
  [[nodiscard]] amount trailing_floor(const whale_settings& settings) const;
  void measure_impact(candidate_weighed& of) const;
  [[nodiscard]] static bool has_impact(const candidate_weighed& of, const whale_settings& settings) noexcept;
  [[nodiscard]] weighing result_of(admission verdict, const candidate_weighed& of, const whale_settings& settings) const noexcept;

  zscore_detector baseline_;
  extreme_value_detector sizes_;
  alarm_budget size_budget_;
  metaorder_detector runs_;
  alarm_budget run_budget_;
  impact_expectation expected_impact_;
  stats::trailing_rank notionals_;
};

/// The evidence a candidate carries.
[[nodiscard]] evidence evidence_of(const candidate_weighed& candidate) noexcept;

}  // namespace remora::signal
