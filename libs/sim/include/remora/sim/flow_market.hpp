#pragma once

#include "remora/base/random.hpp"
#include "remora/exchange/limit_order_book.hpp"
#include "remora/sim/hawkes_arrivals.hpp"
#include "remora/sim/long_memory_signs.hpp"
#include "remora/sim/planted.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace remora::sim {

/// Ordinary traders who take liquidity.
struct taker_settings {
  hawkes_settings arrivals;
  std::uint32_t traders = 10;       ///< who split their orders (long_memory_signs); with more the exponent is only seen at longer lags
  double split_exponent = 1.5;
  double median_lots = 10;
  double deviation = 1.3;           ///< of the logarithm of the size
  double tail_exponent = 1.5;       ///< of the largest hundredth
  double selective = 0.8;           ///< share of orders that take no more than the best level shows
};

/// Ordinary traders who give it.
struct maker_settings {
  std::uint32_t levels = 30;        ///< distances from the opposite best, in ticks
  double orders_per_second = 40;    ///< a side, all levels
  double distance_exponent = 0.3;   ///< rate at distance i falls like i^-this (Cont, Stoikov, Talreja 2010: 0.52 in one stock; flatter gives the hump)
  double lifetime = 1.5;            ///< seconds until an order is cancelled, on average
  double median_lots = 30;
  double deviation = 0.7;
  double foresight = 1.18;          ///< how strongly makers lean against the side that takers are expected on
  /// Orders, of the three mean signs from which they expect it: a power law in rough, so that impact is concave over all sizes.
  std::array<double, 3> expectation_half_lives{20, 200, 2000};
  double scarcity_deviation = 0.65;  ///< of the logarithm by which orders are smaller or larger than usual, all together
  /// Seconds, of the three parts of scarcity, and their shares of its variance: calm and wild hours, in which there are calm minutes.
  std::array<double, 3> scarcity_half_lives{120, 1'200, 12'000};
  std::array<double, 3> scarcity_shares{0.2, 0.4, 0.4};
};

/// Large traders, with the truth about each. A rate of 0 plants none.
struct whale_settings {
  double metaorders_per_hour = 20;
  double participation = 0.3;       ///< of all orders while one is worked off
  std::uint32_t children = 250;
  double sweep_share = 0.0002;      ///< of all orders: one in 5,000
  double sweep_lots = 1'800;       ///< five times the 99.9 % quantile of ordinary orders
  double icebergs_per_hour = 20;
  double walls_per_hour = 20;
  double spoofs_per_hour = 20;
  std::optional<side> direction{};  ///< of all metaorders; none = either, at random
  double metaorder_size = 1;        ///< of a metaorder's orders, times an ordinary order
};

struct flow_settings {
  std::uint64_t seed = 1;
  price start{600'000};
  taker_settings takers;
  maker_settings makers;
  whale_settings whales;
  std::uint32_t background_children = 200;  ///< ordinary traders' split orders are in the truth from that many parts on; 0 = none are
};

/// A seeded market of one instrument in which every order meets the matching engine: takers arrive in bursts (Hawkes) with split orders
/// (long memory of signs) and heavy sizes, makers fill the book and lean against the flow they expect, whales are planted. Nothing else
/// moves the price. Times are seconds of the market's own clock from 0.
class flow_market {
 public:
  explicit flow_market(const flow_settings& settings = {});

  /// What happened at one instant.
  struct moment {
    double time = 0;                 ///< seconds
    std::uint64_t order = 0;         ///< number of the aggressor order behind it, from 1; 0 = none
    exchange::book_events events;
  };
  /// The next instant; the object is the market's and holds until the next call. Nothing is allocated once buffers have grown.
  const moment& next();

  /// When something happens next.
  [[nodiscard]] double next_time() const noexcept;
  /// An order of somebody who does not belong to the crowd, between two moments: it meets the same book, and where it takes, makers expect more
  /// of its side as of any taker's. What happened is appended to `out`.
  exchange::placed act(const exchange::new_order& order, exchange::book_events& out);
  bool withdraw(exchange::order_ref order, exchange::book_events& out) { return book_.cancel(order, out); }

  [[nodiscard]] const exchange::limit_order_book& book() const noexcept { return book_; }
  /// What was planted, in the order of its beginning, and between it the large orders of the background, in the order in which they
  /// became so large. Entries that are not over still change. Grows by one entry for each; nothing is ever taken out.
  [[nodiscard]] const std::vector<planted>& truth() const noexcept { return truth_; }
  [[nodiscard]] std::uint64_t orders() const noexcept { return orders_; }
  [[nodiscard]] double time() const noexcept { return now_.time; }

 private:
  struct metaorder {
    std::size_t truth = 0;
    std::uint32_t left = 0;
  };
  struct background {
    planted so_far;
    std::size_t truth = 0;
  };
  struct waiting {
    std::size_t truth = 0;
    exchange::order_ref order;
    double until = 0;
  };

  void open_book();
  void drift_scarcity(double seconds) noexcept;
  [[nodiscard]] double scarcity() const noexcept { return scarcity_[0] + scarcity_[1] + scarcity_[2]; }
  void expect_more_of(side direction, double weight = 1) noexcept;
  [[nodiscard]] double expected_sign() const noexcept { return (mean_signs_[0] + mean_signs_[1] + mean_signs_[2]) / 3; }
  void take_order();
  void take_part_of_ordinary();
  void follow_background(const long_memory_signs::part& part);
  void add_child(planted& whose) const noexcept;
  void plant_sweep();
  void take(side direction, quantity size);
  [[nodiscard]] quantity taker_size(side direction);
  void make_order();
  void make(side direction);
  void cancel_one(side which);
  [[nodiscard]] double lean(side which) const noexcept;
  [[nodiscard]] price price_at(side direction, std::int64_t distance) const noexcept;
  void plant_something();
  void plant_metaorder();
  void plant_waiting(plant what);
  void look_after_waiting();
  [[nodiscard]] bool is_touched(const planted& spoof) const noexcept;
  std::size_t note(plant what, side direction);
  [[nodiscard]] double whale_rate() const noexcept;
  [[nodiscard]] double maker_rate() const noexcept;

  flow_settings settings_;
  philox draws_;
  exchange::limit_order_book book_;
  hawkes_arrivals arrivals_;
  long_memory_signs signs_;
  std::vector<double> distance_weights_;        // cumulative, ends with 1
  std::vector<exchange::order_ref> makers_[2];          // of bids, of asks; some are over
  moment now_;
  double next_order_ = 0, next_making_ = 0, next_plant_ = 0;
  std::array<double, 3> mean_signs_{};          // of the takers, fading
  std::array<double, 3> scarcity_{};            // parts of the log of how much smaller makers' orders are than usual
  double drifted_ = 0;                          // when scarcity was brought up to date
  price last_price_;
  std::uint64_t orders_ = 0;
  std::optional<metaorder> active_;
  std::vector<background> background_;          // what each ordinary trader works off
  std::vector<waiting> waiting_;
  std::vector<planted> truth_;
};

}  // namespace remora::sim
