#pragma once

#include "remora/signal/book_top.hpp"
#include "remora/stats/linear_fit.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace remora::signal {

struct order_flow_settings {
  std::uint32_t levels = 5;           ///< compared a side, best first; at most order_flow_imbalance::levels_max
  double decay = 0.5;                 ///< level l (from 1) weighs e^(-decay (l - 1))
  double forgetting = 0.999;          ///< of the slope, an interval
  std::uint64_t intervals_min = 30;   ///< before the slope is told
};

/// Order flow in lots, buying positive.
struct order_flow {
  double best = 0;      ///< of the best level
  double weighted = 0;  ///< of all levels, by their weights

  template <class Archive>
  void archive(Archive& a) {
    a(best, weighted);
  }
};

/// Order flow imbalance of one instrument (Cont, Kukanov, Stoikov 2014): what each update of a level adds to the bids, less what it adds to
/// the asks,
///   e = 1{P_b >= P_b₋} q_b - 1{P_b <= P_b₋} q_b₋ - 1{P_a <= P_a₋} q_a + 1{P_a >= P_a₋} q_a₋,
/// summed over an interval, at the best level and over several with falling weights; a level that is missing counts as one of size 0 behind
/// all others. How far a lot of it moves the price is estimated online, interval by interval. O(levels) an update; constant memory.
class order_flow_imbalance {
 public:
  static constexpr std::size_t levels_max = 10;

  explicit order_flow_imbalance(const order_flow_settings& settings = {});

  /// Takes the best levels after an update; returns the flow of this update, none for the first. A top that is not sound, or that has an
  /// empty side, is refused: nullopt, and no change.
  std::optional<order_flow> add(const book_top& top);
  /// Ends an interval at this mid price in ticks: its flow and the mid's move become one pair of the fit. False, and no change, for a bad
  /// mid.
  bool close_interval(double mid);
  /// Forgets the last book and the open interval, for a feed that broke off; what was fitted stays.
  void restart() noexcept;

  /// The flow of the interval that is open.
  [[nodiscard]] order_flow open() const noexcept { return open_; }
  /// The flow of the last complete interval; none before there is one.
  [[nodiscard]] std::optional<order_flow> last() const noexcept { return last_; }
  /// Ticks of mid a lot of flow, by the best level and by the weighted levels.
  [[nodiscard]] const stats::linear_fit& best_fit() const noexcept { return best_fit_; }
  [[nodiscard]] const stats::linear_fit& weighted_fit() const noexcept { return weighted_fit_; }
  /// Updates taken, the first included.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  template <class Archive>
  void archive(Archive& a) {
    a(weights_, bids_, asks_, open_, last_, last_mid_, best_fit_, weighted_fit_, count_, known_);
  }

 private:
  std::vector<double> weights_;
  std::array<level, levels_max> bids_{};  // of the last update; missing ones behind all others
  std::array<level, levels_max> asks_{};
  order_flow open_;
  std::optional<order_flow> last_;
  std::optional<double> last_mid_;
  stats::linear_fit best_fit_;
  stats::linear_fit weighted_fit_;
  std::uint64_t count_ = 0;
  bool known_ = false;  // the levels of an update before
};

}  // namespace remora::signal
