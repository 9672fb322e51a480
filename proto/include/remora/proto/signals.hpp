#pragma once

#include "remora/market/signal_events.hpp"
#include "remora/proto/schema.hpp"

/// Signals: codes 40 to 59.
namespace remora::proto {

template <>
struct schema<aggressor_order_seen> {
  static constexpr std::uint16_t type = 40;
  static constexpr std::string_view name = "order_seen";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("aggressor", m.aggressor); f("first_price", m.first_price); f("last_price", m.last_price);
    f("size", m.size); f("notional", m.notional); f("prints", m.prints); f("first_trade_id", m.first_trade_id);
    f("last_trade_id", m.last_trade_id); f("venue_time", m.venue_time);
  }
};

template <>
struct schema<whale_seen> {
  static constexpr std::uint16_t type = 41;
  static constexpr std::string_view name = "whale";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("detector", m.detector); f("dominant", m.dominant); f("first_price", m.first_price);
    f("last_price", m.last_price); f("size", m.size); f("notional", m.notional); f("z", m.z); f("impact", m.impact);
    f("confidence", m.confidence); f("first_trade_id", m.first_trade_id); f("venue_time", m.venue_time);
    f("last_trade_id", m.last_trade_id); f("orders", m.orders); f("size_evidence", m.size_evidence); f("sign_evidence", m.sign_evidence);
    f("impact_ratio", m.impact_ratio); f("book_support", m.book_support); f("floor", m.floor);
    f("since", m.since);
  }
};

template <>
struct schema<regime_changed> {
  static constexpr std::uint16_t type = 42;
  static constexpr std::string_view name = "regime";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("before", m.before); f("after", m.after); f("volatility_ratio", m.volatility_ratio);
    f("trend", m.trend); f("criticality", m.criticality);
  }
};

template <>
struct schema<score_part> {
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("name", m.name); f("value", m.value); f("weight", m.weight);
  }
};

template <>
struct schema<signal_raised> {
  static constexpr std::uint16_t type = 43;
  static constexpr std::string_view name = "signal";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("direction", m.direction); f("score", m.score); f("threshold", m.threshold);
    f("parts", m.parts); f("market_regime", m.market_regime); f("reference", m.reference); f("valid_until", m.valid_until);
    f("horizon", m.horizon);
  }
};

template <>
struct schema<flow_measured> {
  static constexpr std::uint16_t type = 44;
  static constexpr std::string_view name = "flow";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("queue_imbalance", m.queue_imbalance); f("weighted_mid", m.weighted_mid);
    f("micro_price", m.micro_price); f("micro_adjustment", m.micro_adjustment); f("order_flow", m.order_flow);
    f("deep_order_flow", m.deep_order_flow); f("order_flow_slope", m.order_flow_slope); f("order_flow_r2", m.order_flow_r2);
    f("deep_order_flow_slope", m.deep_order_flow_slope); f("deep_order_flow_r2", m.deep_order_flow_r2); f("vpin", m.vpin);
    f("vpin_rank", m.vpin_rank); f("kyle_lambda", m.kyle_lambda); f("kyle_t", m.kyle_t);
    f("effective_half_spread", m.effective_half_spread); f("realised_half_spread", m.realised_half_spread); f("impact", m.impact);
    f("roll_spread", m.roll_spread); f("realised_variance", m.realised_variance); f("bipower_variation", m.bipower_variation);
    f("jump_share", m.jump_share); f("buying_iceberg", m.buying_iceberg); f("selling_iceberg", m.selling_iceberg);
    f("wall_pressure", m.wall_pressure); f("bid_wall", m.bid_wall); f("ask_wall", m.ask_wall);
    f("bid_wall_spoof", m.bid_wall_spoof); f("ask_wall_spoof", m.ask_wall_spoof);
  }
};

template <>
struct schema<criticality_measured> {
  static constexpr std::uint16_t type = 45;
  static constexpr std::string_view name = "criticality";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    f("instrument", m.instrument); f("soc", m.soc); f("branching_quarter", m.branching_quarter);
    f("branching_second", m.branching_second); f("branching_ten", m.branching_ten); f("fano", m.fano);
    f("autocorrelation", m.autocorrelation); f("variance_ratio", m.variance_ratio); f("avalanche_exponent", m.avalanche_exponent);
    f("sweep_share", m.sweep_share); f("volatility_ratio", m.volatility_ratio); f("trend_t", m.trend_t);
    f("efficiency", m.efficiency); f("trend_probability", m.trend_probability); f("crisis_probability", m.crisis_probability);
    f("state", m.state); f("bars", m.bars);
  }
};

template <>
struct schema<candidate_weighed> {
  static constexpr std::uint16_t type = 46;
  static constexpr std::string_view name = "candidate";
  template <class M, class Visitor>
  static constexpr void visit(M& m, Visitor&& f) {
    schema<whale_seen>::visit(m, f);
    f("result", m.result);
  }
};

}  // namespace remora::proto
