#pragma once

#include "remora/base/time.hpp"
#include "remora/market/types.hpp"
#include "remora/stats/hac_regression.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace remora::signal {

struct kyle_settings {
  nanoseconds bin = seconds(60);
  std::uint32_t bins = 240;      ///< remembered
  std::uint32_t bins_min = 30;   ///< before anything is told
};

/// Kyle's lambda: the slope of the mid's move on the signed volume of the same bin, with a Newey–West t statistic. Ticks a lot.
/// O(1) an event; O(bins × lag) when a bin closes; 16 bytes a bin.
class kyle_lambda {
 public:
  explicit kyle_lambda(const kyle_settings& settings = {});

  /// Learns a trade; false, and no change, when its size is not positive or its time lies before the last event's.
  bool add_trade(quantity size, side aggressor, timestamp time);
  /// Learns the mid price in ticks; false, and no change, when it is not positive or its time lies before the last event's.
  bool add_mid(double mid, timestamp time);
  /// Forgets the open bin, for a feed that broke off.
  void restart() noexcept;

  /// The line of move on volume over the bins remembered; none before `bins_min` bins, or while volume stands still.
  [[nodiscard]] const std::optional<stats::hac_line>& line() const noexcept { return line_; }
  /// Bins remembered.
  [[nodiscard]] std::size_t count() const noexcept { return volumes_.size(); }

  template <class Archive>
  void archive(Archive& a) {
    a(bin_, bins_, bins_min_, volumes_, moves_, open_bin_, first_mid_, last_mid_, volume_, last_time_, line_);
  }

 private:
  [[nodiscard]] bool enter(timestamp time);
  void close_bin();
  void remember(std::vector<double>& values, double newest) const;

  nanoseconds bin_;
  std::uint64_t bins_;
  std::uint64_t bins_min_;
  std::vector<double> volumes_;  // oldest first
  std::vector<double> moves_;
  std::optional<std::int64_t> open_bin_;
  std::optional<double> first_mid_;  // in force when the open bin began
  std::optional<double> last_mid_;
  double volume_ = 0;  // signed, of the open bin
  timestamp last_time_{};
  std::optional<stats::hac_line> line_;
};

/// What the one-period model of Kyle (1985) says, for a value of variance `value_variance` hidden in noise of deviation `noise_deviation`.
struct kyle_equilibrium {
  double lambda = 0;              ///< √Σ / 2σ: price move a unit of order flow
  double beta = 0;                ///< σ / √Σ: how much the informed trader trades
  double profit = 0;              ///< ½ σ √Σ
  double remaining_variance = 0;  ///< Σ / 2: what the market does not know afterwards
};

/// None when one of the two is not positive.
[[nodiscard]] std::optional<kyle_equilibrium> equilibrium_of(double value_variance, double noise_deviation) noexcept;

}  // namespace remora::signal
