#pragma once

#include "remora/market/context.hpp"
#include "remora/market/order_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/risk/account.hpp"
#include "remora/risk/breakers.hpp"
#include "remora/risk/settings.hpp"

#include <optional>
#include <string>

namespace remora {

/// RISK: every order is born here, entries from signals and exits from stops, and every fill is booked here, once.
class risk_engine {
 public:
  using outputs_type = outputs<parent_ordered, parent_denied, grant_revoked, fill_booked, risk_reported, breaker_tripped>;

  explicit risk_engine(risk_settings settings = {});

  void on(const instrument_listed& message, const context& ctx, outputs_type& out);
  void on(const trade_seen& message, const context& ctx, outputs_type& out);
  void on(const quote_seen& message, const context& ctx, outputs_type& out);
  void on(const bar_closed& message, const context& ctx, outputs_type& out);
  void on(const feed_changed& message, const context& ctx, outputs_type& out);
  void on(const stream_ended& message, const context& ctx, outputs_type& out);
  void on(const signal_raised& message, const context& ctx, outputs_type& out);
  void on(const regime_changed& message, const context& ctx, outputs_type& out);
  void on(const order_updated& message, const context& ctx, outputs_type& out);
  void on(const order_filled& message, const context& ctx, outputs_type& out);
  void on(const parent_finished& message, const context& ctx, outputs_type& out);

  /// A grant that is overdue, an exit to be tried again, a position that is held for too long.
  [[nodiscard]] std::optional<timestamp> next_wake() const;
  void wake(const context& ctx, outputs_type& out);

  [[nodiscard]] const risk::account& account() const noexcept { return account_; }
  /// A breaker holds: only reductions are ordered.
  [[nodiscard]] bool reduce_only() const noexcept { return daily_loss_.tripped() || !fault_.empty(); }
  /// Holdings beside which an entry was judged without enough common minutes to know how they move together.
  [[nodiscard]] std::uint64_t correlations_unjudged() const noexcept { return correlations_unjudged_; }

  template <class Archive>
  void archive(Archive& a) {
    a(account_, daily_loss_, fault_, last_parent_, ended_, changed_, reported_minute_, correlations_unjudged_);
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
  /// An order before the gate.
  struct request {
    order_purpose purpose = order_purpose::entry;
    side direction = side::buy;
    quantity size{};
    std::optional<price> reference{};  ///< none = no quote
    double urgency = 1;
    double score = 0;
    bool reduce_only = false;
    timestamp valid_until = never;     ///< of the signal
  };
  struct collar {
    price low, high;
  };

  answer begin(const context& ctx, outputs_type& out);
  [[nodiscard]] timestamp next_exit_check(const risk::market_view& m) const;

  [[nodiscard]] request entry_from(const risk::market_view& m, const signal_raised& signal) const;
  [[nodiscard]] risk::gate_view view_of(const risk::market_view& m, const request& r, timestamp now) const;
  void add_exposure(risk::gate_view& view, const risk::market_view& m, const request& r) const;
  bool submit(const risk::market_view& m, const request& r, const answer& to);
  [[nodiscard]] grant grant_of(const risk::market_view& m, const request& r, timestamp now) const;
  [[nodiscard]] collar collar_of(price reference) const noexcept;
  void revoke_entries(std::optional<instrument_id> only, const std::string& reason, const answer& to);
  void revoke_overdue(const answer& to);

  void price_moved(risk::market_view& m, const answer& to);
  void mark(const risk::market_view& m, const answer& to);
  void judge_loss(const answer& to);
  void trip(breaker_tripped news, const answer& to);
  void fail_accounting(const error& what, const answer& to);
  void position_changed(risk::market_view& m, const risk::booking& booked, const answer& to);
  [[nodiscard]] bool has_to_go(const risk::position& held, timestamp now) const;
  [[nodiscard]] bool may_leave(const risk::market_view& m) const;
  void consider_exit(risk::market_view& m, const answer& to);
  void consider_all_exits(const answer& to);
  void leave(risk::market_view& m, order_purpose purpose, const answer& to);
  void retry_later(risk::market_view& m, timestamp now) const;

  void report(const answer& to);

  risk_settings settings_;
  risk::account account_;
  risk::daily_loss_breaker daily_loss_;
  std::string fault_;                        // a fill or a value that could not be accounted for; holds for good
  parent_id last_parent_ = parent_id::none;
  bool ended_ = false;                       // the market has no more data
  bool changed_ = false;                     // since the last report
  timestamp reported_minute_{};
  std::uint64_t correlations_unjudged_ = 0;
};

}  // namespace remora
