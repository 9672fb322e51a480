#pragma once

#include "remora/market/context.hpp"
#include "remora/market/order_events.hpp"
#include "remora/market/risk_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/account.hpp"
#include "remora/risk/breakers.hpp"
#include "remora/risk/gate.hpp"
#include "remora/risk/order_request.hpp"
#include "remora/risk/risk_causes.hpp"
#include "remora/risk/settings.hpp"

#include <optional>
#include <string>

namespace remora {

/// RISK: every order is born here, entries from signals and exits from stops, and every fill is booked here, once.
class risk_engine {
 public:
  using outputs_type =
      outputs<parent_ordered, parent_denied, grant_revoked, fill_booked, risk_reported, breaker_tripped, risk_state_changed, risk_measured, parent_amended,
              grants_affirmed>;

  explicit risk_engine(risk_settings settings = {});

  void on(const instrument_listed& message, const context& ctx, outputs_type& out);
  void on(const trade_seen& message, const context& ctx, outputs_type& out);
  void on(const quote_seen& message, const context& ctx, outputs_type& out);
  void on(const book_changed& message, const context& ctx, outputs_type& out);
  void on(const bar_closed& message, const context& ctx, outputs_type& out);
  void on(const feed_changed& message, const context& ctx, outputs_type& out);
  void on(const stream_ended& message, const context& ctx, outputs_type& out);
  void on(const signal_raised& message, const context& ctx, outputs_type& out);
  void on(const regime_changed& message, const context& ctx, outputs_type& out);
  void on(const order_updated& message, const context& ctx, outputs_type& out);
  void on(const order_filled& message, const context& ctx, outputs_type& out);
  void on(const parent_finished& message, const context& ctx, outputs_type& out);
  void on(const funding_charged& message, const context& ctx, outputs_type& out);
  void on(const account_reconciled& message, const context& ctx, outputs_type& out);
  void on(const operator_commanded& message, const context& ctx, outputs_type& out);

  /// This service started (proto's `service_started`, which this layer does not know): the grants that stand are affirmed. In lock-step a start
  /// changes nothing.
  template <class Started>
    requires requires(const Started& message) { message.lock_step; message.epoch; }
  void on(const Started& message, const context& ctx, outputs_type& out) {
    if (message.lock_step) return;
    epoch_ = message.epoch;
    affirm_grants(begin(ctx, out));
  }

  /// A grant that is overdue, an exit to be tried again, a position that is held for too long.
  [[nodiscard]] std::optional<timestamp> next_wake() const;
  void wake(const context& ctx, outputs_type& out);

  [[nodiscard]] const risk::account& account() const noexcept { return account_; }
  [[nodiscard]] risk_state state() const noexcept { return causes_.state(); }
  [[nodiscard]] const risk::risk_causes& causes() const noexcept { return causes_; }
  /// Only reductions are ordered, or nothing.
  [[nodiscard]] bool reduce_only() const noexcept { return state() >= risk_state::reduce_only; }

  template <class Archive>
  void archive(Archive& a) {
    a(account_, daily_loss_, drawdown_, rejections_, causes_, last_parent_, ended_, changed_, reported_minute_, epoch_);
  }

 private:
  /// Where and when an answer is given.
  struct answer {
    timestamp now{};
    origin from;
    outputs_type& out;

    template <class Message>
    void emit(Message message) const {
      out.emit(std::move(message), from);
    }
  };

  // Inputs: risk_engine.cpp
  answer begin(const context& ctx, outputs_type& out);
  risk::market_view* hear(instrument_id id, timestamp now);
  void price_moved(risk::market_view& m, const answer& to);
  void mark(const risk::market_view& m, const answer& to);
  void position_changed(risk::market_view& m, const risk::booking& booked, amount net_before, const answer& to);
  void learn_from(const risk::market_view& m);
  void measure(const answer& to);
  [[nodiscard]] std::optional<risk_measured> measures_now() const;
  void report(const answer& to);

  // Orders: orders.cpp
  bool submit(risk::market_view& m, const risk::order_request& r, const answer& to);
  [[nodiscard]] risk::gate_view view_of(const risk::market_view& m, const risk::order_request& r, timestamp now) const;
  template <class Selected>
  void revoke(const std::string& reason, const answer& to, Selected selected);
  void revoke_all(const std::string& reason, const answer& to);
  void revoke_entries(std::optional<instrument_id> only, const std::string& reason, const answer& to);
  void reduce_entries(const std::string& reason, const answer& to);
  void affirm_grants(const answer& to);
  void revoke_overdue(const answer& to);
  [[nodiscard]] timestamp next_exit_check(const risk::market_view& m) const;
  [[nodiscard]] std::optional<order_purpose> has_to_go(const risk::position& held, timestamp now) const;
  [[nodiscard]] bool may_leave(const risk::market_view& m) const;
  void consider_exit(risk::market_view& m, const answer& to);
  void consider_all_exits(const answer& to);
  void leave(risk::market_view& m, order_purpose purpose, const answer& to);

  // States: states.cpp
  void measured(const risk_measured& measures, const answer& to);
  bool judge_loss_at_risk(const risk_measured& measures, timestamp now);
  void judge_account(const answer& to);
  void weigh_account(const answer& to);
  [[nodiscard]] std::optional<risk_cause> limit_broken() const;
  [[nodiscard]] std::optional<risk_cause> feed_stale() const;
  void judge_rejections(timestamp now);
  void judge(std::string_view name, std::optional<risk_cause> found, risk::operator_lifts kind, timestamp now);
  [[nodiscard]] bool lifted_by_operator(risk::operator_lifts kind) const noexcept;
  void keep_within_share(const risk::market_view& m, const answer& to);
  void fail_accounting(const error& what, const answer& to);
  void resume(const operator_commanded& by, const answer& to);
  void lift_causes(timestamp now);
  [[nodiscard]] bool flattening() const;
  void stand(risk_cause cause, const answer& to);
  void settle(const answer& to);
  void act_on(risk_state_changed news, const answer& to);

  risk_settings settings_;
  risk::account account_;
  risk::daily_loss_breaker daily_loss_;
  risk::drawdown_breaker drawdown_;
  risk::rejection_gauge rejections_;
  risk::risk_causes causes_;
  parent_id last_parent_ = parent_id::none;
  bool ended_ = false;                       // the market has no more data
  bool changed_ = false;                     // since the last report
  timestamp reported_minute_{};
  std::uint64_t epoch_ = 0;                  // of this service; 0 in lock-step
};

}  // namespace remora
