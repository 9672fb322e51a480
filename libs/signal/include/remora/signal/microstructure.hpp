#pragma once

#include "remora/market/market_events.hpp"
#include "remora/market/order_book.hpp"
#include "remora/market/signal_events.hpp"
#include "remora/signal/iceberg_detector.hpp"
#include "remora/signal/kyle_lambda.hpp"
#include "remora/signal/micro_price.hpp"
#include "remora/signal/order_flow_imbalance.hpp"
#include "remora/signal/trade_spreads.hpp"
#include "remora/signal/vpin.hpp"
#include "remora/signal/wall_tracker.hpp"
#include "remora/stats/realised_volatility.hpp"
#include "remora/stats/roll_spread.hpp"

#include <optional>

namespace remora::signal {

struct microstructure_settings {
  order_flow_settings flow;                        ///< of the book; quotes are its best level
  milliseconds flow_interval{1'000};               ///< also of the returns of realised volatility
  std::uint32_t volatility_window = 300;           ///< of those intervals
  std::uint64_t micro_price_fit_every = 10'000;    ///< quotes
  vpin_settings toxicity;                          ///< bucket_lots 0: a fiftieth of the daily volume, by the first `volume_sample`
  seconds volume_sample{3'600};
  kyle_settings kyle;
  trade_spreads_settings spreads;
  iceberg_settings icebergs;
  wall_settings walls;
};

/// All microstructure estimators of one instrument, fed with what GATEWAY states about it. Times are the engine's and do not run backwards;
/// an event that lies before the last is refused. A book is kept only from its first snapshot on: then it takes 270 kB, all else 100 kB.
/// O(levels changed) a book change and O(10) for the top of the book; all else as each estimator states.
class microstructure {
 public:
  explicit microstructure(const microstructure_settings& settings = {});

  /// Each answers false, without a change, when the event says nothing that can be used: a bad price or size, a time before the last.
  bool on(const trade_seen& message, timestamp now);
  bool on(const quote_seen& message, timestamp now);
  bool on(const book_snapshot& message, timestamp now);
  bool on(const book_changed& message, timestamp now);
  /// For a feed that is not live: forgets what may be old, keeps what was learned, and the book, which goes on with the next change or
  /// snapshot.
  void restart();

  /// Between events: makes the fit that is due, so that no quote waits for it.
  void rest() { fair_price_.rest(); }

  /// Everything at this moment; what is not ready is none. O(walls + levels).
  [[nodiscard]] flow_measured reading(timestamp now) const;
  /// What the book says for a direction: half the pressure of walls, half the stronger iceberg of the two sides; in [-1, 1]. O(walls + levels).
  [[nodiscard]] double support(side direction, timestamp now) const;
  /// The last iceberg that was found.
  [[nodiscard]] const std::optional<iceberg>& last_iceberg() const noexcept { return last_iceberg_; }
  /// Events and levels refused, and tops of a book that cross or lack a side.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  [[nodiscard]] const order_flow_imbalance& quote_flow() const noexcept { return quote_flow_; }
  [[nodiscard]] const order_flow_imbalance& book_flow() const noexcept { return book_flow_; }
  [[nodiscard]] const micro_price& fair_price() const noexcept { return fair_price_; }
  [[nodiscard]] const kyle_lambda& kyle() const noexcept { return kyle_; }
  [[nodiscard]] const trade_spreads& spreads() const noexcept { return spreads_; }
  [[nodiscard]] const iceberg_detector& icebergs() const noexcept { return icebergs_; }
  [[nodiscard]] const wall_tracker& walls() const noexcept { return walls_; }

  template <class Archive>
  void archive(Archive& a) {
    a(interval_, toxicity_buckets_, toxicity_rank_window_, volume_sample_, last_time_, bid_, ask_, book_, book_complete_, interval_end_,
      interval_mid_, quote_flow_, book_flow_, fair_price_, volatility_, bounce_, toxicity_, volume_from_, volume_, kyle_, spreads_, icebergs_,
      walls_, last_iceberg_, refused_);
  }

 private:
  bool refuse() noexcept;
  [[nodiscard]] bool enter(bool sound, timestamp now);
  void close_intervals(timestamp now);
  void learn_mid(timestamp now);
  void learn_toxicity(const trade_seen& message, timestamp now);
  void place_level(side which, const level& value);
  void change_level(side which, const level& value, timestamp now);
  void learn_top(timestamp now);
  [[nodiscard]] std::optional<double> mid() const noexcept;
  void note(const std::optional<iceberg>& found);
  void read_quotes(flow_measured& result) const;
  void read_flow(flow_measured& result) const;
  void read_trades(flow_measured& result) const;
  void read_book(flow_measured& result, timestamp now) const;

  nanoseconds interval_;
  std::uint32_t toxicity_buckets_;
  std::uint32_t toxicity_rank_window_;
  nanoseconds volume_sample_;
  timestamp last_time_{};
  std::optional<level> bid_, ask_;
  std::optional<order_book> book_;
  bool book_complete_ = false;             // between the parts of a snapshot it is not
  std::optional<timestamp> interval_end_;  // of the open one
  std::optional<double> interval_mid_;     // at its beginning
  order_flow_imbalance quote_flow_;
  order_flow_imbalance book_flow_;
  micro_price fair_price_;
  stats::realised_volatility volatility_;
  stats::roll_spread bounce_;
  std::optional<vpin> toxicity_;           // none until the bucket's volume is known
  std::optional<timestamp> volume_from_;
  double volume_ = 0;                      // lots since then
  kyle_lambda kyle_;
  trade_spreads spreads_;
  iceberg_detector icebergs_;
  wall_tracker walls_;
  std::optional<iceberg> last_iceberg_;
  std::uint64_t refused_ = 0;
};

}  // namespace remora::signal
