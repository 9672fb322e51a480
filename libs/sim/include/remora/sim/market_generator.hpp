#pragma once

#include "remora/base/random.hpp"
#include "remora/market/feed.hpp"
#include "remora/market/source.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace remora::sim {

struct generator_options {
  std::uint64_t seed = 1;
  timestamp start = timestamp_of(1'704'067'200'000'000'000);  ///< 2024-01-01 UTC
  seconds duration{120};
  double trades_per_second = 50;    ///< ordinary aggressor orders
  double whales_per_minute = 4;     ///< metaorders of one large trader each
  std::int64_t start_price_ticks = 600'000;
  bool feels_us = true;             ///< what we take is missing from its book and moves its price
  instrument what;                  ///< template of the one instrument it trades
};

/// A planted whale, the truth that a detector can be held against.
struct planted_whale {
  timestamp at{};
  side direction = side::buy;
  quantity size;
  std::uint32_t children = 0;
};

/// A seeded market of one instrument: a book with resilience, ordinary traders, and whales that sweep it in several large orders of one
/// side. Prices move only by what is traded and requoted. The same seed and the same trades of ours give the same market, message for message; the
/// crowd's own chance does not depend on ours. It passes through the same feed as recorded data, so trades, quotes, book and bars agree with each
/// other.
class market_generator final : public market_source, public feeling_market {
 public:
  static constexpr std::size_t felt_max = 4'096;  ///< trades of ours that may wait

  explicit market_generator(generator_options options);

  [[nodiscard]] std::optional<source_batch> next() override;
  [[nodiscard]] source_progress progress() const override;
  [[nodiscard]] feeling_market* feeling() noexcept override { return options_.feels_us ? this : nullptr; }
  [[nodiscard]] std::optional<timestamp> next_time() const override;
  /// Trades of ours come in the order in which they are felt.
  [[nodiscard]] bool feel(const own_trade& what) override;
  [[nodiscard]] const std::vector<planted_whale>& whales() const noexcept { return whales_; }

 private:
  struct whale_plan {
    timestamp next{};
    side direction = side::buy;
    quantity child;
    std::uint32_t left = 0;
  };

  /// An order that takes: up to its limit, if it has one.
  struct aggressor {
    side direction = side::buy;
    quantity size;
    std::optional<price> limit;
    std::uint64_t own_fill = 0;
  };

  void open_book(source_batch& batch);
  void trade(source_batch& batch, const aggressor& order, philox& chance);
  void requote(source_batch& batch);
  void publish_book(source_batch& batch, std::vector<level> bids, std::vector<level> asks);
  void quote(source_batch& batch);
  void set(side which, std::int64_t ticks, std::int64_t lots, std::vector<level>& changed);
  void plant(timestamp now);
  [[nodiscard]] std::int64_t usual_depth(std::int64_t distance);
  [[nodiscard]] quantity usual_size();
  [[nodiscard]] timestamp time_of_crowd() const;
  void play_crowd(source_batch& batch, timestamp now);

  generator_options options_;
  philox random_;
  philox our_chance_;                                  // of what we do to it
  feed feed_;
  instrument_id id_ = instrument_id::none;
  std::map<std::int64_t, std::int64_t> bids_, asks_;   // ticks → lots
  std::int64_t anchor_;                                // where the book drifts back to
  timestamp next_trade_{}, next_requote_{}, next_whale_{};
  std::deque<own_trade> felt_;                         // not yet played
  std::vector<whale_plan> active_;
  std::vector<planted_whale> whales_;
  std::uint64_t update_id_ = 0, trade_id_ = 0, line_ = 0;
  bool opened_ = false, ended_ = false;
};

}  // namespace remora::sim
