#pragma once

#include "remora/market/context.hpp"
#include "remora/market/market_events.hpp"
#include "remora/market/risk_events.hpp"
#include "remora/swarm/fill_ledger.hpp"
#include "remora/swarm/market_view.hpp"
#include "remora/swarm/parent.hpp"
#include "remora/swarm/reconciliation.hpp"
#include "remora/swarm/settings.hpp"
#include "remora/swarm/slice.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace remora {

/// EXECUTION: works each parent as a swarm of children, inside its grant and never beyond it, and keeps the truth about every child.
/// An intent leaves once: what became of it is learned from reports and the venue's account, never by sending again.
class swarm_engine {
 public:
  using outputs_type = outputs<parent_accepted, order_intended, cancel_intended, order_updated, order_filled, parent_finished,
                               parent_measured, funding_charged, account_requested, account_reconciled>;

  explicit swarm_engine(swarm_settings settings = {});

  void on(const instrument_listed& message, const context& ctx, outputs_type& out);
  void on(const quote_seen& message, const context& ctx, outputs_type& out);
  void on(const trade_seen& message, const context& ctx, outputs_type& out);
  void on(const bar_closed& message, const context& ctx, outputs_type& out);
  void on(const feed_changed& message, const context& ctx, outputs_type& out);
  void on(const stream_ended& message, const context& ctx, outputs_type& out);
  void on(const parent_ordered& message, const context& ctx, outputs_type& out);
  void on(const grant_revoked& message, const context& ctx, outputs_type& out);
  void on(const parent_amended& message, const context& ctx, outputs_type& out);
  /// RISK began anew: what it does not stand by is stopped.
  void on(const grants_affirmed& message, const context& ctx, outputs_type& out);
  void on(const execution_reported& message, const context& ctx, outputs_type& out);
  void on(const account_reported& message, const context& ctx, outputs_type& out);
  void on(const funding_reported& message, const context& ctx, outputs_type& out);
  /// halt: what rests is cancelled and nothing is sent, exits included, until resume, which also lets entries go again after an unequal
  /// account. flatten is RISK's business.
  void on(const operator_commanded& message, const context& ctx, outputs_type& out);

  /// This service started (proto's `service_started`, which this layer does not know): the venue is asked for its account.
  /// Unless the run is in lock-step, entries wait until the account has been found equal.
  template <class Started>
    requires requires(const Started& message) { message.lock_step; message.version; }
  void on(const Started& message, const context& ctx, outputs_type& out) {
    start(message.lock_step, ctx, out);
  }

  /// RISK fell silent or is heard again (proto's `peer_changed`): while nobody watches the limits, no new risk is sent.
  template <class Changed>
    requires requires(const Changed& message) { message.peer; message.silent; }
  void on(const Changed& message, const context&, outputs_type&) {
    risk_silent_ = message.silent;
  }

  /// This service is about to end (proto's `service_stopping`): its working orders are cancelled and nothing is sent until the next start,
  /// which goes on with the plans whose grants still hold.
  template <class Stopping>
    requires requires(const Stopping& message) { message.service; message.reason; }
  void on(const Stopping&, const context& ctx, outputs_type& out) {
    pause(ctx, out);
  }

  /// No order of ours is out at the venue.
  [[nodiscard]] bool at_rest() const;

  [[nodiscard]] std::optional<timestamp> next_wake() const;
  void wake(const context& ctx, outputs_type& out);

  /// A difference to the venue's account was found: no new risk until an operator has looked.
  [[nodiscard]] bool halted() const noexcept { return halted_; }

  template <class Archive>
  void archive(Archive& a) {
    a(markets_, parents_, positions_, ledgers_, funding_, last_parent_, request_, requested_at_, reconciling_, halted_, risk_silent_, ended_,
      stopping_, halt_reason_, entries_off_, risk_epoch_);
  }

 private:
  using market_view = swarm::market_view;
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

  // Inputs and time (swarm_engine.cpp).
  void start(bool lock_step, const context& ctx, outputs_type& out);
  void pause(const context& ctx, outputs_type& out);
  void request_account(const answer& to);
  [[nodiscard]] std::optional<std::string> refusal(const swarm::parent& parent) const;
  void plan(swarm::parent& parent, const market_view& market, timestamp now);
  /// Does what is due for a parent and ends it when nothing is left to do; the parent may be gone afterwards.
  void advance(parent_id id, const answer& to);
  void work(swarm::parent& parent, const answer& to);
  void flatten(const std::string& reason, const answer& to);
  void resume(const std::string& reason);
  void finish(swarm::parent& parent, const answer& to);
  void check_children(swarm::parent& parent, const answer& to);
  void check(swarm::parent& parent, swarm::child& child, const answer& to);
  void cancel(swarm::child& child, std::string reason, const answer& to);
  void cancel_resting(swarm::parent& parent, const std::string& reason, const answer& to);
  void cancel_unwanted(swarm::parent& parent, const std::string& reason, const answer& to);
  void stop(swarm::parent& parent, const std::string& reason, const answer& to);
  void stop_entries(const std::string& reason, const answer& to);

  // How a child leaves (sending.cpp).
  void send_due(swarm::parent& parent, const answer& to);
  [[nodiscard]] std::optional<std::string> obstacle(const swarm::parent& parent, timestamp now) const;
  [[nodiscard]] bool lags(const swarm::parent& parent, timestamp now) const;
  [[nodiscard]] swarm::slice_view slice_of(const swarm::parent& parent, const market_view& market, timestamp now) const;
  [[nodiscard]] nanoseconds resting_time(const swarm::parent& parent, timestamp now) const;
  [[nodiscard]] order_intended draft(const swarm::parent& parent, const market_view& market, const swarm::style& how, timestamp now) const;
  bool send_first(swarm::parent& parent, const answer& to);
  void send(swarm::parent& parent, order_intended intent, const answer& to);
  void adapt(swarm::parent& parent, timestamp now);
  [[nodiscard]] nanoseconds retry_gap_of(const swarm::parent& parent, timestamp now) const;
  void replan(swarm::parent& parent, timestamp now);
  [[nodiscard]] time_in_force force_of(const swarm::parent& parent, timestamp now) const;

  // What comes back (reports.cpp).
  void book(swarm::parent& parent, const execution_reported& report, const swarm::ended_child* late, const answer& to);
  void book_late(swarm::parent& parent, swarm::ended_child& ended, const execution_reported& report, const answer& to);
  void book_orphan(parent_id id, const execution_reported& report, const answer& to);
  void tell_fill(parent_id id, const execution_reported& report, const answer& to);
  void settle(swarm::parent& parent, std::uint32_t number, const answer& to);
  void suspect(const answer& to);
  void judge_account(const account_reported& account, const std::vector<swarm::difference>& found, const answer& to);
  void resolve_doubt(const account_reported& account, const std::vector<swarm::difference>& disputed, const answer& to);

  swarm_settings settings_;
  std::map<instrument_id, market_view> markets_;
  std::map<parent_id, swarm::parent> parents_;      // unfinished ones, and those with children in doubt
  std::map<instrument_id, quantity> positions_;     // the sum of all fills ever booked, signed
  std::map<instrument_id, swarm::fill_ledger> ledgers_;
  std::map<instrument_id, std::uint64_t> funding_;  // last id that was passed on
  parent_id last_parent_ = parent_id::none;         // RISK's ids ascend: an id up to this one has been taken before
  std::uint64_t request_ = 0;
  timestamp requested_at_{};
  bool reconciling_ = false;                        // entries wait for the account
  bool halted_ = false;
  bool risk_silent_ = false;
  bool ended_ = false;                              // the market has no more data
  bool stopping_ = false;                           // until the next start
  std::string halt_reason_;                         // an operator's; empty = none
  bool entries_off_ = false;                        // an operator leaves every position, until resume
  std::uint64_t risk_epoch_ = 0;                    // newest that was heard of
};

}  // namespace remora
