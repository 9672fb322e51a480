#pragma once

#include "remora/market/order_events.hpp"
#include "remora/market/risk_events.hpp"
#include "remora/proto/schema.hpp"

/// Orders: RISK 60 to 79, EXECUTION 80 to 99, the EXCHANGE 100 to 119.
namespace remora::proto {

template <>
struct schema<grant> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("direction", m.direction); f("size", m.size); f("notional_max", m.notional_max); f("collar_low", m.collar_low);
    f("collar_high", m.collar_high); f("orders_per_second", m.orders_per_second); f("valid_until", m.valid_until);
    f("reduce_only", m.reduce_only); f("epoch", m.epoch);
  }
};

template <>
struct schema<parent_ordered> {
  static constexpr std::uint16_t type = 60;
  static constexpr std::string_view name = "parent";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("instrument", m.instrument); f("purpose", m.purpose); f("granted", m.granted); f("urgency", m.urgency);
    f("score", m.score); f("reference", m.reference);
  }
};

template <>
struct schema<named_value> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("name", m.name); f("value", m.value);
  }
};

template <>
struct schema<rule_violation> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("rule", m.rule); f("reason", m.reason); f("numbers", m.numbers);
  }
};

template <>
struct schema<parent_denied> {
  static constexpr std::uint16_t type = 61;
  static constexpr std::string_view name = "denied";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("direction", m.direction); f("purpose", m.purpose); f("rule", m.rule);
    f("reason", m.reason); f("numbers", m.numbers); f("further", m.further);
  }
};

template <>
struct schema<grant_revoked> {
  static constexpr std::uint16_t type = 62;
  static constexpr std::string_view name = "revoked";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("reason", m.reason);
  }
};

template <>
struct schema<fill_booked> {
  static constexpr std::uint16_t type = 63;
  static constexpr std::string_view name = "booked";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("fill_id", m.fill_id); f("order_id", m.order); f("parent", m.parent); f("instrument", m.instrument);
    f("direction", m.direction); f("price", m.at); f("size", m.size); f("fee", m.fee); f("realised", m.realised);
    f("position_after", m.position_after);
  }
};

template <>
struct schema<position_report> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("size", m.size); f("average", m.average); f("unrealised", m.unrealised);
  }
};

template <>
struct schema<book_report> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("where", m.where); f("account", m.account); f("realised", m.realised); f("unrealised", m.unrealised); f("fees", m.fees);
    f("funding", m.funding); f("gross_exposure", m.gross_exposure); f("worst_case_exposure", m.worst_case_exposure);
  }
};

template <>
struct schema<risk_reported> {
  static constexpr std::uint16_t type = 64;
  static constexpr std::string_view name = "risk";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("equity", m.equity); f("cash", m.cash); f("realised", m.realised); f("unrealised", m.unrealised); f("fees", m.fees);
    f("gross_exposure", m.gross_exposure); f("worst_case_exposure", m.worst_case_exposure); f("drawdown", m.drawdown);
    f("reduce_only", m.reduce_only); f("positions", m.positions); f("funding", m.funding); f("books", m.books);
  }
};

template <>
struct schema<breaker_tripped> {
  static constexpr std::uint16_t type = 65;
  static constexpr std::string_view name = "breaker";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("breaker", m.breaker); f("reason", m.reason); f("numbers", m.numbers);
  }
};

template <>
struct schema<risk_cause> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("name", m.name); f("state", m.state); f("needs_operator", m.needs_operator); f("reason", m.reason); f("numbers", m.numbers);
    f("since", m.since);
  }
};

template <>
struct schema<risk_state_changed> {
  static constexpr std::uint16_t type = 66;
  static constexpr std::string_view name = "risk_state";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("before", m.before); f("after", m.after); f("causes", m.causes);
  }
};

template <>
struct schema<pair_correlation> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("one", m.one); f("other", m.other); f("correlation", m.correlation);
  }
};

template <>
struct schema<risk_measured> {
  static constexpr std::uint16_t type = 67;
  static constexpr std::string_view name = "risk_measures";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("observations", m.observations); f("historical_var", m.historical_var); f("historical_cvar", m.historical_cvar);
    f("normal_var", m.normal_var); f("normal_cvar", m.normal_cvar); f("cornish_fisher_var", m.cornish_fisher_var);
    f("cornish_fisher_cvar", m.cornish_fisher_cvar); f("beta", m.beta); f("benchmark_correlation", m.benchmark_correlation);
    f("leverage", m.leverage); f("concentration", m.concentration); f("effective_names", m.effective_names);
    f("correlations", m.correlations);
  }
};

template <>
struct schema<parent_amended> {
  static constexpr std::uint16_t type = 68;
  static constexpr std::string_view name = "amended";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("size", m.size); f("reason", m.reason);
  }
};

template <>
struct schema<grants_affirmed> {
  static constexpr std::uint16_t type = 69;
  static constexpr std::string_view name = "affirmed";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("risk_epoch", m.epoch); f("ids", m.ids);
  }
};

template <>
struct schema<parent_accepted> {
  static constexpr std::uint16_t type = 80;
  static constexpr std::string_view name = "accepted";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("children", m.children);
  }
};

template <>
struct schema<order_intended> {
  static constexpr std::uint16_t type = 81;
  static constexpr std::string_view name = "intent";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("parent", m.parent); f("child", m.child); f("instrument", m.instrument); f("direction", m.direction);
    f("time_in_force", m.force); f("limit_price", m.limit); f("size", m.size); f("valid_until", m.valid_until);
    f("reduce_only", m.reduce_only);
  }
};

template <>
struct schema<cancel_intended> {
  static constexpr std::uint16_t type = 82;
  static constexpr std::string_view name = "cancel";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("instrument", m.instrument); f("reason", m.reason);
  }
};

template <>
struct schema<order_updated> {
  static constexpr std::uint16_t type = 83;
  static constexpr std::string_view name = "child";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("parent", m.parent); f("instrument", m.instrument); f("direction", m.direction); f("state", m.state);
    f("size", m.size); f("filled", m.filled); f("reason", m.reason);
  }
};

template <>
struct schema<order_filled> {
  static constexpr std::uint16_t type = 84;
  static constexpr std::string_view name = "fill";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("fill_id", m.fill_id); f("order_id", m.order); f("parent", m.parent); f("instrument", m.instrument);
    f("direction", m.direction); f("price", m.at); f("size", m.size); f("fee", m.fee); f("role", m.role);
  }
};

template <>
struct schema<order_handed_over> {
  static constexpr std::uint16_t type = 88;
  static constexpr std::string_view name = "sent";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("tick_to_order_ns", m.tick_to_order_ns);
  }
};

template <>
struct schema<parent_finished> {
  static constexpr std::uint16_t type = 85;
  static constexpr std::string_view name = "finished";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("instrument", m.instrument); f("size", m.size); f("filled", m.filled); f("children_sent", m.children_sent);
    f("reason", m.reason);
  }
};

template <>
struct schema<account_requested> {
  static constexpr std::uint16_t type = 86;
  static constexpr std::string_view name = "account_request";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("request", m.request);
  }
};

template <>
struct schema<account_reconciled> {
  static constexpr std::uint16_t type = 87;
  static constexpr std::string_view name = "reconciled";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("request", m.request); f("equal", m.equal); f("differences", m.differences);
  }
};

template <>
struct schema<funding_charged> {
  static constexpr std::uint16_t type = 89;
  static constexpr std::string_view name = "funding";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("funding_id", m.funding_id); f("held", m.position); f("mark", m.mark); f("rate_e9", m.rate_e9);
    f("paid", m.paid); f("due", m.due);
  }
};

template <>
struct schema<parent_measured> {
  static constexpr std::uint16_t type = 90;
  static constexpr std::string_view name = "shortfall";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("instrument", m.instrument); f("direction", m.direction); f("planner", m.planner); f("size", m.size);
    f("filled", m.filled); f("decision", m.decision); f("arrival", m.arrival); f("end", m.end); f("delay", m.delay);
    f("trading", m.trading); f("opportunity", m.opportunity); f("fees", m.fees); f("total", m.total); f("total_bp", m.total_bp);
  }
};

template <>
struct schema<execution_reported> {
  static constexpr std::uint16_t type = 100;
  static constexpr std::string_view name = "report";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("instrument", m.instrument); f("direction", m.direction); f("kind", m.kind); f("filled", m.filled);
    f("remaining", m.remaining); f("fill_id", m.fill_id); f("last_price", m.last_price); f("last_size", m.last_size);
    f("fee", m.fee); f("role", m.role); f("reason", m.reason);
  }
};

template <>
struct schema<open_order> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("id", m.id); f("remaining", m.remaining);
  }
};

template <>
struct schema<funding_reported> : schema<funding_charged> {
  static constexpr std::uint16_t type = 102;
  static constexpr std::string_view name = "funding_report";
};

template <>
struct schema<account_reported> {
  static constexpr std::uint16_t type = 101;
  static constexpr std::string_view name = "account";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("request", m.request); f("positions", m.positions); f("orders", m.orders); f("fees", m.fees); f("fills", m.fills);
  }
};

}  // namespace remora::proto
