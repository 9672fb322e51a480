#pragma once

#include "remora/market/context.hpp"
#include "remora/market/market_events.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/signal/aggressor_orders.hpp"
#include "remora/signal/bounded_return.hpp"
#include "remora/signal/composite.hpp"
#include "remora/signal/criticality.hpp"
#include "remora/signal/microstructure.hpp"
#include "remora/signal/momentum.hpp"
#include "remora/signal/regime_detector.hpp"
#include "remora/signal/settings.hpp"
#include "remora/signal/whale_watch.hpp"

#include <map>
#include <optional>

namespace remora {

/// SIGNAL: folds the market into aggressor orders, whales, regimes and signals.
///
///   trade ─▶ aggressor order ─▶ candidate ─▶ whale ─▶ score ─▶ signal
///   1 s bar ─▶ momentum, criticality, regime ────────────┘
///   quote ─▶ imbalance ────────────────────┘
///   trade, quote, book ─▶ flow, told once a second; so is criticality
class signal_engine {
 public:
  using outputs_type = outputs<aggressor_order_seen, whale_seen, regime_changed, signal_raised, flow_measured, criticality_measured, candidate_weighed>;

  explicit signal_engine(signal_settings settings) : settings_(settings) {}

  void on(const instrument_listed& message, const context& ctx, outputs_type& out);
  void on(const trade_seen& message, const context& ctx, outputs_type& out);
  void on(const quote_seen& message, const context& ctx, outputs_type& out);
  void on(const book_snapshot& message, const context& ctx, outputs_type& out);
  void on(const book_changed& message, const context& ctx, outputs_type& out);
  void on(const bar_closed& message, const context& ctx, outputs_type& out);
  void on(const feed_changed& message, const context& ctx, outputs_type& out);
  void on(const stream_ended& message, const context& ctx, outputs_type& out);
  [[nodiscard]] std::optional<timestamp> next_wake() const;
  void wake(const context& ctx, outputs_type& out);

  /// Messages that said nothing that could be used: of instruments never listed, of impossible sizes or prices, from before what was seen.
  /// Levels of a book and tops that cross or lack a side count each.
  [[nodiscard]] std::uint64_t refused() const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(watched_, refused_);
  }

 private:
  struct watch {
    instrument what;
    signal::aggressor_orders orders;
    signal::whale_watch whales;
    signal::momentum moving;
    signal::activity_bar activity;  // of the open second
    signal::criticality critical{};
    signal::bounded_return returns;
    signal::regime_detector state;
    signal::microstructure flow{};
    price last_trade;
    std::optional<timestamp> last_signal;
    bool usable = true;  // the feed is not stale

    [[nodiscard]] flow_measured measure(timestamp now) const;
    [[nodiscard]] criticality_measured measure_criticality() const;
    void count(const aggressor_order_seen& order, timestamp now) noexcept;

    template <class Archive>
    void archive(Archive& a) {
      a(what, orders, whales, moving, activity, critical, returns, state, flow, last_trade, last_signal, usable);
    }
  };

  [[nodiscard]] watch* find(instrument_id id);
  [[nodiscard]] watch watch_of(const instrument& what) const;
  void complete(watch& w, const signal::aggressor_orders::order& order, const context& ctx, outputs_type& out);
  void tell(watch& w, const candidate_weighed& candidate, const context& ctx, outputs_type& out);
  void follow(watch& w, const whale_seen& whale, const context& ctx, outputs_type& out);

  void refuse() noexcept { ++refused_; }

  signal_settings settings_;
  std::map<instrument_id, watch> watched_;
  std::uint64_t refused_ = 0;
};

}  // namespace remora
