#pragma once

#include "remora/market/market_events.hpp"
#include "remora/stats/ewma.hpp"
#include "remora/stats/trailing_rank.hpp"
#include "remora/swarm/volume_profile.hpp"

#include <array>
#include <deque>
#include <optional>

namespace remora::swarm {

/// What EXECUTION knows of one instrument: its last quote, and estimates of what trading costs now. Prices in ticks, volumes in lots; none
/// where too little has been seen yet.
class market_view {
 public:
  instrument what;
  std::optional<level> bid, ask;
  feed_state feed = feed_state::syncing;
  volume_profile profile;

  /// Takes a quote; an empty side counts as none.
  void on_quote(const quote_seen& quote, timestamp now);
  void on_trade(const trade_seen& trade, timestamp now);

  /// Twice the middle of the quote, which is a whole number of half ticks.
  [[nodiscard]] std::optional<std::int64_t> mid_twice() const noexcept;
  /// The middle of the quote, rounded down to a tick.
  [[nodiscard]] std::optional<price> mid() const noexcept;
  [[nodiscard]] std::optional<double> spread() const noexcept;
  /// Median of the spread, once a second, over ten minutes; from 30 seconds on.
  [[nodiscard]] std::optional<double> spread_median() const noexcept;
  /// Deviation of the middle's change in a second (σ), of samples at least a second apart with a half-life of 60; from 30 on.
  [[nodiscard]] std::optional<double> deviation() const noexcept;
  /// What who rests loses to who takes: the move of the middle in the taker's direction within 5 s after a print, at most one print in 100 ms,
  /// with a half-life of 100; from 30 on. It is the effective less the realised half spread. May be negative.
  [[nodiscard]] std::optional<double> adverse_move() const noexcept;
  /// Lots a second that such takers trade, over about a minute; none before that.
  [[nodiscard]] std::optional<double> flow(side taker, timestamp now) const noexcept;

  template <class Archive>
  void archive(Archive& a) {
    a(what, bid, ask, feed, profile, sampled_at_, sampled_mid_, spreads_, squares_, judged_, adverse_, flows_, flow_at_, flow_since_);
  }

 private:
  /// A print whose move is not known yet.
  struct print {
    timestamp at{};
    side taker = side::buy;
    std::int64_t mid_twice = 0;

    template <class Archive>
    void archive(Archive& a) {
      a(at, taker, mid_twice);
    }
  };

  void sample(timestamp now);
  void judge_prints(timestamp now);

  std::optional<timestamp> sampled_at_;
  std::int64_t sampled_mid_ = 0;
  stats::trailing_rank spreads_{600};
  stats::ewma squares_ = stats::ewma::with_half_life(60);
  std::deque<print> judged_;  // not yet judged, oldest first: at most 50
  stats::ewma adverse_ = stats::ewma::with_half_life(100);
  std::array<double, 2> flows_{};  // lots that fade with a time constant of a minute: takers who buy, who sell
  timestamp flow_at_{};
  std::optional<timestamp> flow_since_;
};

}  // namespace remora::swarm
